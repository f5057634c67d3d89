-- Headers of entries. What is posted never changes: the triggers beside this file see to it.
CREATE TABLE finance_entries (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    state varchar(10) NOT NULL,
    date date NOT NULL,
    text varchar(400) NOT NULL,
    origin varchar(60) NOT NULL,
    origin_id uuid,
    reverses uuid,
    period uuid,
    series uuid,
    sequence bigint,
    number varchar(60),
    written_at timestamptz NOT NULL,
    written_by uuid NOT NULL,
    posted_at timestamptz,
    posted_by uuid,
    PRIMARY KEY (tenant_id, company_id, id),
    UNIQUE (tenant_id, company_id, series, sequence),
    UNIQUE (tenant_id, company_id, reverses),
    FOREIGN KEY (tenant_id, company_id, reverses) REFERENCES finance_entries (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, period) REFERENCES finance_periods (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, series) REFERENCES finance_series (tenant_id, company_id, id),
    CHECK (state IN ('draft', 'posted')),
    CHECK (state = 'draft' OR (period IS NOT NULL AND series IS NOT NULL AND sequence IS NOT NULL
        AND number IS NOT NULL AND posted_at IS NOT NULL AND posted_by IS NOT NULL))
);

CREATE INDEX finance_entries_date ON finance_entries (tenant_id, company_id, date);
CREATE INDEX finance_entries_origin ON finance_entries (tenant_id, company_id, origin, origin_id);

-- Amounts are coins in company currency; `foreign_amount` is signed, a credit below zero.
CREATE TABLE finance_entry_lines (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    entry uuid NOT NULL,
    position integer NOT NULL,
    account uuid NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    foreign_amount bigint,
    foreign_amount_currency char(3),
    party uuid,
    due date,
    text varchar(400) NOT NULL,
    PRIMARY KEY (tenant_id, company_id, id),
    UNIQUE (tenant_id, company_id, entry, position),
    FOREIGN KEY (tenant_id, company_id, entry) REFERENCES finance_entries (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, account) REFERENCES finance_accounts (tenant_id, company_id, id),
    CHECK (debit >= 0 AND credit >= 0 AND (debit = 0 OR credit = 0)),
    CHECK ((foreign_amount IS NULL) = (foreign_amount_currency IS NULL))
);

CREATE INDEX finance_entry_lines_account ON finance_entry_lines (tenant_id, company_id, account, entry);

-- Sums of the posted lines, kept up by every posting. `currency` is the one the lines were agreed in.
CREATE TABLE finance_balances (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    account uuid NOT NULL,
    period uuid NOT NULL,
    currency char(3) NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    foreign_debit bigint NOT NULL,
    foreign_credit bigint NOT NULL,
    PRIMARY KEY (tenant_id, company_id, account, period, currency),
    FOREIGN KEY (tenant_id, company_id, account) REFERENCES finance_accounts (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, period) REFERENCES finance_periods (tenant_id, company_id, id)
);

-- What is open of lines on reconcilable accounts; `id` is the line's.
CREATE TABLE finance_open_items (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    entry uuid NOT NULL,
    account uuid NOT NULL,
    party uuid,
    date date NOT NULL,
    due date,
    open_amount bigint NOT NULL,
    open_foreign bigint,
    open_foreign_currency char(3),
    settled_on date,
    PRIMARY KEY (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, id) REFERENCES finance_entry_lines (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, entry) REFERENCES finance_entries (tenant_id, company_id, id),
    FOREIGN KEY (tenant_id, company_id, account) REFERENCES finance_accounts (tenant_id, company_id, id),
    CHECK ((settled_on IS NULL) = (open_amount <> 0 OR COALESCE(open_foreign, 0) <> 0))
);

CREATE INDEX finance_open_items_entry ON finance_open_items (tenant_id, company_id, entry);
CREATE INDEX finance_open_items_open ON finance_open_items (tenant_id, company_id, account, settled_on);
CREATE INDEX finance_open_items_party ON finance_open_items (tenant_id, company_id, party, settled_on);
