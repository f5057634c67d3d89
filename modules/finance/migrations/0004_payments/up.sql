-- Money that came in or went out.
CREATE TABLE finance_payments (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    side varchar(10) NOT NULL,
    number varchar(60) NOT NULL,
    party uuid NOT NULL,
    date date NOT NULL,
    amount bigint NOT NULL,
    amount_currency char(3) NOT NULL,
    account uuid NOT NULL,
    reference varchar(80) NOT NULL,
    entry uuid NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id),
    UNIQUE (tenant_id, company_id, entry),
    FOREIGN KEY (tenant_id, company_id, account) REFERENCES finance_accounts (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, entry) REFERENCES finance_entries (tenant_id, company_id, id),
    CHECK (amount <> 0)
);

CREATE INDEX finance_payments_party ON finance_payments (tenant_id, company_id, party, date);

-- Open items that were settled together, and the pairs of them.
CREATE TABLE finance_reconciliations (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    account uuid NOT NULL,
    date date NOT NULL,
    entry uuid,
    undone boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, account) REFERENCES finance_accounts (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, entry) REFERENCES finance_entries (tenant_id, company_id, id)
);

CREATE TABLE finance_settlements (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    reconciliation uuid NOT NULL,
    debit uuid NOT NULL,
    credit uuid NOT NULL,
    date date NOT NULL,
    amount bigint NOT NULL,
    debit_foreign bigint NOT NULL,
    credit_foreign bigint NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, reconciliation) REFERENCES finance_reconciliations (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, debit) REFERENCES finance_open_items (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, credit) REFERENCES finance_open_items (tenant_id, company_id, id),
    CHECK (amount >= 0)
);

CREATE INDEX finance_settlements_reconciliation ON finance_settlements (tenant_id, company_id, reconciliation);
CREATE INDEX finance_settlements_debit ON finance_settlements (tenant_id, company_id, debit, date);
CREATE INDEX finance_settlements_credit ON finance_settlements (tenant_id, company_id, credit, date);
