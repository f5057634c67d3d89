DROP TABLE cortex_tenant_usage;
DROP TABLE cortex_tenancy;
DROP TABLE cortex_tenant_hosts;
DROP TABLE cortex_tenants;
