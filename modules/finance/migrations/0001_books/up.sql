-- The books of a company, with its id.
CREATE TABLE finance_companies (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    name varchar(200) NOT NULL,
    currency char(3) NOT NULL,
    locked_until date,
    closed_until date,
    rounding varchar(12) NOT NULL,
    net_at varchar(10) NOT NULL,
    tax_at varchar(10) NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id)
);

CREATE TABLE finance_accounts (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(20) NOT NULL,
    name varchar(200) NOT NULL,
    kind varchar(10) NOT NULL,
    parent uuid,
    heading boolean NOT NULL,
    reconcilable boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id),
    UNIQUE (tenant_id, company_id, code),
    FOREIGN KEY (tenant_id, company_id, parent) REFERENCES finance_accounts (tenant_id, company_id, id),
    CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense'))
);

CREATE TABLE finance_account_roles (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    role varchar(40) NOT NULL,
    account uuid NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id),
    UNIQUE (tenant_id, company_id, role),
    FOREIGN KEY (tenant_id, company_id, account) REFERENCES finance_accounts (tenant_id, company_id, id)
);

CREATE TABLE finance_years (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id),
    UNIQUE (tenant_id, company_id, first),
    CHECK (first <= last)
);

CREATE TABLE finance_periods (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    year uuid NOT NULL,
    number integer NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    state varchar(10) NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id),
    UNIQUE (tenant_id, company_id, first),
    FOREIGN KEY (tenant_id, company_id, year) REFERENCES finance_years (tenant_id, company_id, id),
    CHECK (first <= last),
    CHECK (state IN ('open', 'closed', 'locked'))
);

-- Numbers without a gap: the row is locked for the last moment of a posting only.
CREATE TABLE finance_series (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    code varchar(20) NOT NULL,
    prefix varchar(20) NOT NULL,
    digits integer NOT NULL,
    by_date boolean NOT NULL,
    last_number bigint NOT NULL,
    last_date date,
    PRIMARY KEY (tenant_id, company_id, id),
    UNIQUE (tenant_id, company_id, code)
);

-- What one unit of `base` was worth in `currency` from `date` on.
CREATE TABLE finance_rates (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    base char(3) NOT NULL,
    currency char(3) NOT NULL,
    date date NOT NULL,
    rate numeric(19,10) NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, base, currency, date),
    CHECK (rate > 0)
);
