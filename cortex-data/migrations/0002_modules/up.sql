-- Which version of each module last ran on this data.
CREATE TABLE cortex_modules (
    name text NOT NULL PRIMARY KEY,
    version text NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Modules that tenants switched; a module without a row is enabled.
CREATE TABLE cortex_module_switches (
    tenant_id uuid NOT NULL,
    module text NOT NULL,
    enabled boolean NOT NULL,
    PRIMARY KEY (tenant_id, module)
);
