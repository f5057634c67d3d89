-- How far each import came: written with every step of it, so that a start after a kill goes on from there.
CREATE TABLE exchange_imports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    entity text NOT NULL,
    source text NOT NULL,
    options text NOT NULL,
    status text NOT NULL,
    position bigint NOT NULL,
    inserted bigint NOT NULL,
    updated bigint NOT NULL,
    unchanged bigint NOT NULL,
    refused bigint NOT NULL,
    errors jsonb NOT NULL,
    started_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX exchange_imports_source ON exchange_imports (tenant_id, entity, source, options);
