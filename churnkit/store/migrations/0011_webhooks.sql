-- Addresses that are told what happens in a workspace. Their secrets follow from the server's key and are not kept.
CREATE TABLE webhooks (
    webhook_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL CHECK (url <> ''),
    events VARCHAR[] NOT NULL,
    generation INTEGER NOT NULL,
    key_mark VARCHAR NOT NULL,
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- What ended before is not told.
    events_from_at TIMESTAMP NOT NULL,
    rotated_at TIMESTAMP,
    failing_from_at TIMESTAMP,
    disabled_at TIMESTAMP,
    disabled_why VARCHAR
);
-- What is on its way to them, and how it went.
CREATE TABLE webhook_deliveries (
    delivery_id VARCHAR NOT NULL,
    webhook_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed')),
    attempts INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    next_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP,
    answer_status INTEGER,
    answer_words VARCHAR
);
