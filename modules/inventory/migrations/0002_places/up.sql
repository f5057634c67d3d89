CREATE TABLE inventory_warehouses (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(20) NOT NULL,
    name varchar(120) NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);

-- A tree of places. Goods in `internal` and `transit` places are ours and have a value; the others are where goods
-- come from and go to.
CREATE TABLE inventory_locations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(40) NOT NULL,
    name varchar(120) NOT NULL,
    kind varchar(16) NOT NULL,
    parent uuid,
    warehouse uuid,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, parent) REFERENCES inventory_locations (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse) REFERENCES inventory_warehouses (tenant_id, id),
    CHECK (kind IN ('supplier', 'customer', 'loss', 'internal', 'transit')),
    CHECK (parent <> id)
);

CREATE INDEX inventory_locations_parent ON inventory_locations (tenant_id, parent);
CREATE INDEX inventory_locations_warehouse ON inventory_locations (tenant_id, warehouse);
