-- How far the import of the Online Retail data set is: one row for each tenant that has it, with the tenant's id. Each
-- unit of work counts its documents here in its own transaction.
CREATE TABLE company_retail_imports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    fingerprint varchar(64) NOT NULL,
    documents bigint NOT NULL,
    done bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (done >= 0 AND done <= documents)
);
