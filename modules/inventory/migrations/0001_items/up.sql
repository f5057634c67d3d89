-- Units of measure: one of `code` is `factor` of `reference`.
CREATE TABLE inventory_units (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(8) NOT NULL,
    name varchar(80) NOT NULL,
    reference varchar(8) NOT NULL,
    factor numeric(19,10) NOT NULL,
    digits integer NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, reference) REFERENCES inventory_units (tenant_id, code),
    CHECK (factor > 0),
    CHECK (digits >= 0 AND digits <= 6)
);

-- What is kept in stock: counted in one unit, valued in one currency, taken from the oldest or the newest layer.
CREATE TABLE inventory_items (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(40) NOT NULL,
    name varchar(200) NOT NULL,
    unit varchar(8) NOT NULL,
    currency char(3) NOT NULL,
    removal varchar(8) NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, unit) REFERENCES inventory_units (tenant_id, code),
    CHECK (removal IN ('fifo', 'lifo'))
);
