-- What of a place's stock is promised to a move; gone when the move is done or gives it back.
CREATE TABLE inventory_reservations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    move uuid NOT NULL,
    item uuid NOT NULL,
    location uuid NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, move, location),
    FOREIGN KEY (tenant_id, move) REFERENCES inventory_moves (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    FOREIGN KEY (tenant_id, location) REFERENCES inventory_locations (tenant_id, id),
    CHECK (quantity > 0)
);

CREATE INDEX inventory_reservations_place ON inventory_reservations (tenant_id, item, location);
