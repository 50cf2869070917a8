-- What happened to a shop: results, failures of its sources and schedules, and the log of its models.
CREATE TABLE shop_events (
    event_id VARCHAR NOT NULL,
    -- Counts up over all shops and is never given twice: what was told already is known by it.
    event_number BIGINT NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind <> ''),
    -- With shop and kind: the same event noted again is none.
    event_key VARCHAR NOT NULL CHECK (event_key <> ''),
    sentence VARCHAR NOT NULL CHECK (sentence <> ''),
    details JSON NOT NULL,
    happened_at TIMESTAMP NOT NULL
);
CREATE SEQUENCE shop_event_numbers;
