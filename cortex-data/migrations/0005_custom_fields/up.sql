-- The custom fields that tenants define, each of one entity; those of modules are in their code.
CREATE TABLE cortex_fields (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    entity varchar(63) NOT NULL,
    name varchar(63) NOT NULL,
    definition jsonb NOT NULL,
    index_state varchar(8) NOT NULL,
    index_problem text,
    archived_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, entity, name)
);

-- What stands in a unique field of which record: the key refuses the second one.
CREATE TABLE cortex_unique_values (
    tenant_id uuid NOT NULL,
    entity varchar(63) NOT NULL,
    name varchar(63) NOT NULL,
    digest varchar(64) NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, entity, name, digest)
);

CREATE INDEX cortex_unique_values_record ON cortex_unique_values (tenant_id, entity, record_id);
