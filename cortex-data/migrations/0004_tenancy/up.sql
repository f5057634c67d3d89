-- Where every tenant is. Rows are never removed: what was deleted leaves a tombstone, so that a process that reads
-- only what changed sees it too.
CREATE TABLE cortex_tenants (
    id uuid NOT NULL PRIMARY KEY,
    name varchar(63) NOT NULL UNIQUE,
    title text NOT NULL,
    status text NOT NULL,
    placement text NOT NULL,
    location text,
    tier text NOT NULL,
    schema_version text,
    migrate_error text,
    quotas jsonb NOT NULL,
    settings jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    suspended_reason text,
    delete_after timestamptz,
    revision bigint NOT NULL
);

CREATE INDEX cortex_tenants_revision ON cortex_tenants (revision);

CREATE TABLE cortex_tenant_hosts (
    host text NOT NULL PRIMARY KEY,
    tenant uuid NOT NULL REFERENCES cortex_tenants (id)
);

CREATE INDEX cortex_tenant_hosts_tenant ON cortex_tenant_hosts (tenant);

-- Counts changes of the directory: whoever changes it holds this row until the commit, so that revisions become
-- visible in their order.
CREATE TABLE cortex_tenancy (
    id integer NOT NULL PRIMARY KEY,
    revision bigint NOT NULL
);

INSERT INTO cortex_tenancy (id, revision) VALUES (1, 0);

-- What tenants with quotas use.
CREATE TABLE cortex_tenant_usage (
    tenant uuid NOT NULL PRIMARY KEY,
    rows_used bigint NOT NULL,
    bytes_used bigint NOT NULL,
    counted_at timestamptz
);
