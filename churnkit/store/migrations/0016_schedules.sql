-- What happens to shops by the clock. The rule is told by the clock of the shop; due times are UTC.
CREATE TABLE schedules (
    schedule_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    -- Kinds of tasks are the program's to know.
    what VARCHAR NOT NULL CHECK (what <> ''),
    -- The source that is asked, or the destination that is sent to.
    about_id VARCHAR,
    rule JSON NOT NULL,
    -- The zone that next_due_at was reckoned in.
    zone VARCHAR NOT NULL,
    next_due_at TIMESTAMP NOT NULL,
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    paused_at TIMESTAMP,
    paused_why VARCHAR
);
CREATE TABLE schedule_runs (
    schedule_run_id VARCHAR NOT NULL,
    schedule_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    due_at TIMESTAMP NOT NULL,
    cause VARCHAR NOT NULL CHECK (cause IN ('due', 'late', 'again', 'by_hand')),
    -- 1 for the first; of one that failed the next one is the same due time's.
    attempt INTEGER NOT NULL,
    -- Earlier due times that passed while nobody was there.
    passed INTEGER NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'asks', 'skipped')),
    job_id VARCHAR,
    run_words VARCHAR NOT NULL,
    begun_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    again_at TIMESTAMP
);
