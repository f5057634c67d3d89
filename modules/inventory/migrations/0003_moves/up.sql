-- Goods going from place to place. `quantity` is in the item's unit; of a count it is what was found in
-- `destination`, and what that means for the stock is in the ledgers. `returned_move` is the issue or the receipt whose goods come
-- or go back. `price` is what one unit of a receipt cost (or what one found unit is worth), `charge` what was added
-- to the receipt later, such as freight.
CREATE TABLE inventory_moves (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    item uuid NOT NULL,
    source uuid NOT NULL,
    destination uuid NOT NULL,
    kind varchar(16) NOT NULL,
    state varchar(12) NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    date date NOT NULL,
    origin varchar(120),
    returned_move uuid,
    price numeric(19,6),
    price_currency char(3),
    charge bigint,
    charge_currency char(3),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    FOREIGN KEY (tenant_id, source) REFERENCES inventory_locations (tenant_id, id),
    FOREIGN KEY (tenant_id, destination) REFERENCES inventory_locations (tenant_id, id),
    FOREIGN KEY (tenant_id, returned_move) REFERENCES inventory_moves (tenant_id, id),
    CHECK (kind IN ('transfer', 'count', 'return')),
    CHECK (state IN ('draft', 'assigned', 'done', 'cancelled')),
    CHECK (quantity > 0 OR (kind = 'count' AND quantity = 0)),
    CHECK (source <> destination),
    CHECK ((kind = 'return') = (returned_move IS NOT NULL)),
    CHECK ((price IS NULL) = (price_currency IS NULL)),
    CHECK (price >= 0),
    CHECK ((charge IS NULL) = (charge_currency IS NULL))
);

-- The history of an item, in the order of its positions.
CREATE INDEX inventory_moves_history ON inventory_moves (tenant_id, item, date, id);
CREATE INDEX inventory_moves_source ON inventory_moves (tenant_id, source, item, date);
CREATE INDEX inventory_moves_destination ON inventory_moves (tenant_id, destination, item, date);
CREATE INDEX inventory_moves_returned ON inventory_moves (tenant_id, returned_move);
CREATE INDEX inventory_moves_origin ON inventory_moves (tenant_id, origin);
CREATE INDEX inventory_moves_state ON inventory_moves (tenant_id, state, date);
