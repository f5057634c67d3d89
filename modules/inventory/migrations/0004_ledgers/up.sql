-- The ledger of quantities: what each move did to each of its places that is ours. It only grows; when something of an
-- earlier day becomes known, the count after it gets one more row.
CREATE TABLE inventory_stock_entries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    move uuid NOT NULL,
    item uuid NOT NULL,
    location uuid NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    date date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, move) REFERENCES inventory_moves (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    FOREIGN KEY (tenant_id, location) REFERENCES inventory_locations (tenant_id, id)
);

CREATE INDEX inventory_stock_entries_history ON inventory_stock_entries (tenant_id, item, location, date, move);
CREATE INDEX inventory_stock_entries_move ON inventory_stock_entries (tenant_id, move);

-- The ledger of values: what the entry `cause`, on its day, did to the value of `move`. It only grows; the sum of
-- an item's rows is its stock and what that is worth.
CREATE TABLE inventory_value_entries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    move uuid NOT NULL,
    cause uuid NOT NULL,
    item uuid NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    value bigint NOT NULL,
    value_currency char(3) NOT NULL,
    date date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, move) REFERENCES inventory_moves (tenant_id, id),
    FOREIGN KEY (tenant_id, cause) REFERENCES inventory_moves (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    CHECK (quantity <> 0 OR value <> 0)
);

CREATE INDEX inventory_value_entries_history ON inventory_value_entries (tenant_id, item, date, cause);
CREATE INDEX inventory_value_entries_move ON inventory_value_entries (tenant_id, move);
CREATE INDEX inventory_value_entries_date ON inventory_value_entries (tenant_id, date);

-- What is in each place now, as the ledger of quantities sums up; `since` is the age of the oldest goods for
-- reservations, `last_date` and `last_move` the position of the last move there. A lock on its row is the lock on the
-- item in this place, and on nothing else.
CREATE TABLE inventory_levels (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    item uuid NOT NULL,
    location uuid NOT NULL,
    on_hand numeric(19,6) NOT NULL,
    on_hand_unit varchar(8) NOT NULL,
    reserved numeric(19,6) NOT NULL,
    reserved_unit varchar(8) NOT NULL,
    since date NOT NULL,
    last_date date,
    last_move uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, item, location),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    FOREIGN KEY (tenant_id, location) REFERENCES inventory_locations (tenant_id, id),
    CHECK (reserved >= 0)
);

CREATE INDEX inventory_levels_location ON inventory_levels (tenant_id, location);

-- What an item's stock is now, as the ledger of values sums up, the position of its last entry, and which part of its
-- history waits to be valued. Whoever values an item locks its row.
CREATE TABLE inventory_valuations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    item uuid NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    value bigint NOT NULL,
    value_currency char(3) NOT NULL,
    last_date date,
    last_move uuid,
    dirty_from_date date,
    dirty_from uuid,
    dirty_until_date date,
    dirty_until uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, item),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    CHECK ((dirty_from IS NULL) = (dirty_from_date IS NULL)),
    CHECK ((dirty_from IS NULL) = (dirty_until IS NULL)),
    CHECK ((dirty_from IS NULL) = (dirty_until_date IS NULL))
);

-- The open layers of an item after a move, so that valuing starts there and not at the first move. Derived: they
-- may be deleted at any time.
CREATE TABLE inventory_checkpoints (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    item uuid NOT NULL,
    date date NOT NULL,
    move uuid NOT NULL,
    since integer NOT NULL,
    state jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, item, date, move),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    FOREIGN KEY (tenant_id, move) REFERENCES inventory_moves (tenant_id, id),
    CHECK (since > 0)
);
