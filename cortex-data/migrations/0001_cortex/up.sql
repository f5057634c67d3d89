-- What changed in which record, by whom, from what to what.
CREATE TABLE cortex_changes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    entity text NOT NULL,
    record_id uuid NOT NULL,
    action text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    trace uuid NOT NULL,
    before jsonb,
    after jsonb,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX cortex_changes_record ON cortex_changes (tenant_id, entity, record_id);

-- Events, written in the transaction they tell about and delivered after it.
CREATE TABLE cortex_outbox (
    id uuid NOT NULL PRIMARY KEY,
    tenant_id uuid NOT NULL,
    topic text NOT NULL,
    version integer NOT NULL,
    aggregate text,
    payload jsonb NOT NULL,
    actor_id uuid NOT NULL,
    trace uuid NOT NULL,
    emitted_at timestamptz NOT NULL
);
