-- What is sold and bought.
CREATE TABLE crm_products (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    sku varchar(40) NOT NULL,
    name varchar(200) NOT NULL,
    description varchar(2000),
    category varchar(100),
    unit varchar(8) NOT NULL,
    sale_price numeric(19,6),
    sale_price_currency char(3),
    purchase_price numeric(19,6),
    purchase_price_currency char(3),
    tax_code varchar(20),
    tax_rate numeric(19,10) NOT NULL,
    supplier uuid,
    stocked boolean NOT NULL,
    active boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, sku),
    FOREIGN KEY (tenant_id, supplier) REFERENCES crm_parties (tenant_id, id),
    CHECK ((sale_price IS NULL) = (sale_price_currency IS NULL)),
    CHECK ((purchase_price IS NULL) = (purchase_price_currency IS NULL)),
    CHECK (sale_price >= 0),
    CHECK (purchase_price >= 0),
    CHECK (tax_rate >= 0)
);

CREATE INDEX crm_products_name ON crm_products (tenant_id, name);

-- The last number of each kind of document.
CREATE TABLE crm_counters (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind varchar(8) NOT NULL,
    last bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind)
);
