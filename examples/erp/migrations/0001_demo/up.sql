-- How far the demo company has come: one row for each tenant that has one, with the tenant's id. Each unit of work
-- counts itself here in its own transaction, so that a run that was cut off goes on where it stopped.
CREATE TABLE company_demos (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    seed bigint NOT NULL,
    months integer NOT NULL,
    volume integer NOT NULL,
    last date NOT NULL,
    fingerprint bigint NOT NULL,
    done integer NOT NULL,
    units integer NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (done >= 0 AND done <= units)
);
