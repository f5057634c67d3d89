-- Offers to customers.
CREATE TABLE crm_quotes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number varchar(40) NOT NULL,
    customer uuid NOT NULL,
    date date NOT NULL,
    valid_until date,
    state varchar(10) NOT NULL,
    currency char(3) NOT NULL,
    freight bigint NOT NULL,
    freight_currency char(3) NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, customer) REFERENCES crm_parties (tenant_id, id),
    CHECK (state IN ('draft', 'sent', 'accepted', 'declined')),
    CHECK (freight_currency = currency)
);

CREATE INDEX crm_quotes_customer ON crm_quotes (tenant_id, customer, date);

-- Their lines.
CREATE TABLE crm_quote_lines (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    quote uuid NOT NULL,
    position integer NOT NULL,
    product uuid NOT NULL,
    description varchar(200) NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    price numeric(19,6) NOT NULL,
    price_currency char(3) NOT NULL,
    discount numeric(19,10) NOT NULL,
    tax_code varchar(20),
    tax_rate numeric(19,10) NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, quote, position),
    FOREIGN KEY (tenant_id, quote) REFERENCES crm_quotes (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES crm_products (tenant_id, id),
    CHECK (quantity > 0),
    CHECK (price >= 0),
    CHECK (discount >= 0),
    CHECK (tax_rate >= 0)
);
