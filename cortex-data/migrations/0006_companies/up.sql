-- The companies of a tenant and their branches, each with books of its own.
CREATE TABLE cortex_companies (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(20) NOT NULL,
    name varchar(200) NOT NULL,
    parent uuid,
    currency char(3) NOT NULL,
    time_zone varchar(60) NOT NULL,
    archived boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, parent) REFERENCES cortex_companies (tenant_id, id)
);

-- In which company it happened; what was written before there were companies was the main one's.
ALTER TABLE cortex_changes ADD COLUMN company_id uuid;
ALTER TABLE cortex_outbox ADD COLUMN company_id uuid;
