-- Goods going from place to place. `quantity` is in the item's unit; of a count it is what was found in
-- `destination`, and what that means for the stock is in the ledgers. `kind` says what the move means for the value
-- of the stock; only a transfer, between places of ours, means nothing. `returned_move` is the issue or the receipt
-- whose goods come or go back. `price` is what one unit of a receipt cost (or what one found unit is worth), `charge`
-- what was added to the receipt later, such as freight. A move that is done never changes, so it needs no history.
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
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    FOREIGN KEY (tenant_id, source) REFERENCES inventory_locations (tenant_id, id),
    FOREIGN KEY (tenant_id, destination) REFERENCES inventory_locations (tenant_id, id),
    FOREIGN KEY (tenant_id, returned_move) REFERENCES inventory_moves (tenant_id, id),
    CHECK (kind IN ('receipt', 'issue', 'transfer', 'count', 'customer_return', 'supplier_return')),
    CHECK (state IN ('planned', 'done', 'cancelled')),
    CHECK (quantity > 0 OR (kind = 'count' AND quantity = 0)),
    CHECK (source <> destination),
    CHECK ((kind IN ('customer_return', 'supplier_return')) = (returned_move IS NOT NULL)),
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
