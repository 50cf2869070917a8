-- Where a shop's new orders come from.
CREATE TABLE sources (
    source_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind <> ''),
    name VARCHAR NOT NULL CHECK (name <> ''),
    source_settings JSON NOT NULL,
    -- Credentials, which the server's key alone opens; NULL where there are none.
    sealed VARCHAR,
    -- What a file holds: all orders of its time, or those that are new or have changed.
    gives VARCHAR NOT NULL CHECK (gives IN ('period', 'changes')),
    -- Where the next pull goes on.
    pull_cursor JSON NOT NULL,
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    paused_at TIMESTAMP,
    last_pulled_at TIMESTAMP,
    last_result VARCHAR,
    last_failed BOOLEAN NOT NULL
);

-- Files that sources brought: each becomes an addition to the shop's history, one after the other.
CREATE TABLE source_files (
    file_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    upload_id VARCHAR NOT NULL,
    file_label VARCHAR NOT NULL,
    gives VARCHAR NOT NULL,
    knows_until TIMESTAMP,
    -- Among the files of one pull.
    file_number INTEGER NOT NULL,
    pulled_at TIMESTAMP NOT NULL,
    -- The work that adds it; NULL until that is asked for.
    add_job_id VARCHAR,
    refused_why VARCHAR
);
