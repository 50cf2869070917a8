-- Who is told of what happens to shops, and how often.
CREATE TABLE subscriptions (
    subscription_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    -- NULL for every shop of the workspace.
    shop_id VARCHAR,
    -- Whose own it is; NULL for an address that somebody else entered.
    person_id VARCHAR,
    channel VARCHAR NOT NULL CHECK (channel IN ('mail', 'slack')),
    -- Of mail where it goes; of a chat what the page shows of its address, which is sealed.
    address VARCHAR NOT NULL CHECK (address <> ''),
    sealed_address VARCHAR,
    kinds VARCHAR[] NOT NULL,
    rhythm VARCHAR NOT NULL CHECK (rhythm IN ('soon', 'daily', 'weekly')),
    with_report BOOLEAN NOT NULL,
    time_zone VARCHAR NOT NULL,
    -- Ends this subscription and opens nothing.
    stop_token VARCHAR NOT NULL,
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- Events up to this number were told, or were there before.
    told_until BIGINT NOT NULL,
    told_at TIMESTAMP,
    -- When the next digest goes; NULL while there is nothing to tell.
    next_at TIMESTAMP,
    -- When the next report goes; NULL where none is wanted.
    report_at TIMESTAMP
);
-- What is on its way to them, and how it went.
CREATE TABLE messages (
    message_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    subscription_id VARCHAR NOT NULL,
    -- NULL where it speaks of several shops, or of none.
    shop_id VARCHAR,
    subject VARCHAR NOT NULL,
    plain VARCHAR NOT NULL,
    html VARCHAR NOT NULL,
    attachment BLOB,
    attachment_name VARCHAR,
    status VARCHAR NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed')),
    attempts INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    next_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP,
    answer_words VARCHAR
);
