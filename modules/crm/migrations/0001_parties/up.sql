-- Whom one sells to and buys from.
CREATE TABLE crm_parties (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(40) NOT NULL,
    name varchar(200) NOT NULL,
    kind varchar(8) NOT NULL,
    customer boolean NOT NULL,
    supplier boolean NOT NULL,
    tax_number varchar(20),
    email varchar(254),
    phone varchar(40),
    fax varchar(40),
    street varchar(200),
    postal_code varchar(20),
    city varchar(100),
    region varchar(100),
    country varchar(60),
    payment_days integer NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    CHECK (kind IN ('company', 'person'))
);

CREATE INDEX crm_parties_name ON crm_parties (tenant_id, name);

-- The people there.
CREATE TABLE crm_contacts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    party uuid NOT NULL,
    name varchar(200) NOT NULL,
    role varchar(100),
    email varchar(254),
    phone varchar(40),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, party) REFERENCES crm_parties (tenant_id, id)
);

CREATE INDEX crm_contacts_party ON crm_contacts (tenant_id, party);
