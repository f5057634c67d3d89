-- Goods that leave, or are to leave, for a sales order. What is planned has neither day nor place yet.
CREATE TABLE crm_inventory_shipments (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number varchar(60) NOT NULL,
    sales_order uuid NOT NULL,
    state varchar(10) NOT NULL,
    planned date NOT NULL,
    date date,
    place uuid,
    follows uuid,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, sales_order) REFERENCES crm_sales_orders (tenant_id, id),
    FOREIGN KEY (tenant_id, place) REFERENCES inventory_locations (tenant_id, id),
    FOREIGN KEY (tenant_id, follows) REFERENCES crm_inventory_shipments (tenant_id, id),
    CHECK (state IN ('planned', 'done', 'cancelled')),
    CHECK ((state = 'done') = (date IS NOT NULL)),
    CHECK ((state = 'done') = (place IS NOT NULL))
);

CREATE INDEX crm_inventory_shipments_order ON crm_inventory_shipments (tenant_id, sales_order);
CREATE INDEX crm_inventory_shipments_state ON crm_inventory_shipments (tenant_id, state, planned);

-- What is in them; what left has its stock move.
CREATE TABLE crm_inventory_shipment_lines (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    shipment uuid NOT NULL,
    line uuid NOT NULL,
    position integer NOT NULL,
    item uuid NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    movement uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, shipment, position),
    FOREIGN KEY (tenant_id, shipment) REFERENCES crm_inventory_shipments (tenant_id, id),
    FOREIGN KEY (tenant_id, line) REFERENCES crm_sales_order_lines (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    FOREIGN KEY (tenant_id, movement) REFERENCES inventory_moves (tenant_id, id),
    CHECK (quantity > 0)
);

CREATE INDEX crm_inventory_shipment_lines_line ON crm_inventory_shipment_lines (tenant_id, line);

-- Goods that arrived for a purchase order.
CREATE TABLE crm_inventory_receipts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number varchar(60) NOT NULL,
    purchase_order uuid NOT NULL,
    date date NOT NULL,
    place uuid NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, purchase_order) REFERENCES crm_purchase_orders (tenant_id, id),
    FOREIGN KEY (tenant_id, place) REFERENCES inventory_locations (tenant_id, id)
);

CREATE INDEX crm_inventory_receipts_order ON crm_inventory_receipts (tenant_id, purchase_order);

-- What was in them.
CREATE TABLE crm_inventory_receipt_lines (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    receipt uuid NOT NULL,
    line uuid NOT NULL,
    position integer NOT NULL,
    item uuid NOT NULL,
    quantity numeric(19,6) NOT NULL,
    quantity_unit varchar(8) NOT NULL,
    movement uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, receipt, position),
    FOREIGN KEY (tenant_id, receipt) REFERENCES crm_inventory_receipts (tenant_id, id),
    FOREIGN KEY (tenant_id, line) REFERENCES crm_purchase_order_lines (tenant_id, id),
    FOREIGN KEY (tenant_id, item) REFERENCES inventory_items (tenant_id, id),
    FOREIGN KEY (tenant_id, movement) REFERENCES inventory_moves (tenant_id, id),
    CHECK (quantity > 0)
);

CREATE INDEX crm_inventory_receipt_lines_line ON crm_inventory_receipt_lines (tenant_id, line);
