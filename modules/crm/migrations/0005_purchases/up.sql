-- What was ordered from suppliers.
CREATE TABLE crm_purchase_orders (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number varchar(40),
    reference varchar(80),
    supplier uuid NOT NULL,
    date date NOT NULL,
    requested date,
    confirmed date,
    state varchar(10) NOT NULL,
    received varchar(8) NOT NULL,
    billed varchar(8) NOT NULL,
    paid varchar(8) NOT NULL,
    bill_on varchar(10) NOT NULL,
    currency char(3) NOT NULL,
    freight bigint NOT NULL,
    freight_currency char(3) NOT NULL,
    net bigint NOT NULL,
    net_currency char(3) NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    UNIQUE (tenant_id, reference),
    FOREIGN KEY (tenant_id, supplier) REFERENCES crm_parties (tenant_id, id),
    CHECK (state IN ('draft', 'confirmed', 'done', 'cancelled')),
    CHECK (received IN ('open', 'partly', 'whole')),
    CHECK (billed IN ('open', 'partly', 'whole')),
    CHECK (paid IN ('open', 'partly', 'whole')),
    CHECK (freight >= 0),
    CHECK (freight_currency = currency),
    CHECK (net_currency = currency)
);

CREATE INDEX crm_purchase_orders_supplier ON crm_purchase_orders (tenant_id, supplier, date);
CREATE INDEX crm_purchase_orders_state ON crm_purchase_orders (tenant_id, state, received, date);

-- Their lines.
CREATE TABLE crm_purchase_order_lines (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_order uuid NOT NULL,
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
    stocked boolean NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, purchase_order, position),
    FOREIGN KEY (tenant_id, purchase_order) REFERENCES crm_purchase_orders (tenant_id, id),
    FOREIGN KEY (tenant_id, product) REFERENCES crm_products (tenant_id, id),
    CHECK (quantity > 0),
    CHECK (price >= 0),
    CHECK (discount >= 0),
    CHECK (tax_rate >= 0)
);

CREATE INDEX crm_purchase_order_lines_product ON crm_purchase_order_lines (tenant_id, product);

-- What happened to them: receipts and bills of parts of lines.
CREATE TABLE crm_purchase_steps (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    purchase_order uuid NOT NULL,
    line uuid NOT NULL,
    position integer NOT NULL,
    kind varchar(10) NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    date date NOT NULL,
    document uuid NOT NULL,
    document_line uuid NOT NULL,
    paid boolean NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, purchase_order, position),
    FOREIGN KEY (tenant_id, purchase_order) REFERENCES crm_purchase_orders (tenant_id, id),
    FOREIGN KEY (tenant_id, line) REFERENCES crm_purchase_order_lines (tenant_id, id),
    CHECK (kind IN ('moved', 'invoiced')),
    CHECK (quantity > 0),
    CHECK (kind = 'invoiced' OR NOT paid)
);

CREATE INDEX crm_purchase_steps_line ON crm_purchase_steps (tenant_id, line);
CREATE INDEX crm_purchase_steps_document ON crm_purchase_steps (tenant_id, document);
