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

-- Messages (events and jobs), written in the transaction they tell about and delivered after it. `position` is the
-- order in which they were written; `txid` is the transaction that wrote them, where the database has such a thing.
CREATE TABLE cortex_outbox (
    id uuid NOT NULL PRIMARY KEY,
    position bigint NOT NULL UNIQUE,
    txid bigint NOT NULL,
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    topic text NOT NULL,
    version integer NOT NULL,
    aggregate text,
    payload jsonb NOT NULL,
    actor_id uuid NOT NULL,
    trace uuid NOT NULL,
    emitted_at timestamptz NOT NULL,
    dispatched boolean NOT NULL
);

CREATE INDEX cortex_outbox_waiting ON cortex_outbox (position) WHERE dispatched = false;

-- One row per message and consumer, changed in the transaction of the consumer's own work.
CREATE TABLE cortex_deliveries (
    message_id uuid NOT NULL REFERENCES cortex_outbox (id),
    subscriber text NOT NULL,
    tenant_id uuid NOT NULL,
    position bigint NOT NULL,
    aggregate text,
    status text NOT NULL,
    attempts integer NOT NULL,
    due_at timestamptz NOT NULL,
    done_at timestamptz,
    error text,
    PRIMARY KEY (message_id, subscriber)
);

CREATE INDEX cortex_deliveries_pending ON cortex_deliveries (subscriber, tenant_id, position) WHERE status = 'pending';
CREATE INDEX cortex_deliveries_order ON cortex_deliveries (subscriber, tenant_id, aggregate, position)
    WHERE status = 'pending';
CREATE INDEX cortex_deliveries_dead ON cortex_deliveries (position) WHERE status = 'dead';

-- Which seeds of which modules a tenant has.
CREATE TABLE cortex_seeds (
    tenant_id uuid NOT NULL,
    module text NOT NULL,
    name text NOT NULL,
    seeded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, module, name)
);
