CREATE TABLE shop_brands (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(20) NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);

CREATE TABLE shop_products (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    sku varchar(40) NOT NULL,
    name text NOT NULL,
    note text,
    price bigint NOT NULL,
    price_currency varchar(3) NOT NULL,
    cost numeric(19,6),
    cost_currency varchar(3),
    stock numeric(19,6),
    stock_unit varchar(8),
    weight numeric(19,6),
    ratio numeric(19,10),
    active boolean NOT NULL,
    rank integer NOT NULL,
    views bigint,
    made date,
    seen timestamptz,
    kind text NOT NULL,
    money varchar(3),
    measure varchar(8),
    data jsonb,
    brand uuid,
    popularity bigint NOT NULL,
    pin text,
    extra jsonb NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, sku),
    FOREIGN KEY (tenant_id, brand) REFERENCES shop_brands (tenant_id, id)
);

CREATE TABLE shop_ledgers (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE "OLD_ITEMS" ("ITEM_NO" bigint NOT NULL PRIMARY KEY, "TITLE" varchar(20) NOT NULL);
