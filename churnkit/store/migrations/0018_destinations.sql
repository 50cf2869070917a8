-- Where scores of shops are sent. Credentials are sealed with the server's key.
CREATE TABLE destinations (
    destination_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    -- Kinds of places are the program's to know.
    kind VARCHAR NOT NULL CHECK (kind <> ''),
    name VARCHAR NOT NULL,
    destination_settings JSON NOT NULL,
    sealed VARCHAR,
    after_runs BOOLEAN NOT NULL,
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    paused_at TIMESTAMP
);
-- What is on its way there, and how it went.
CREATE TABLE pushes (
    push_id VARCHAR NOT NULL,
    destination_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('waiting', 'done', 'failed', 'replaced')),
    attempts INTEGER NOT NULL,
    push_figures JSON NOT NULL,
    push_words VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    next_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP
);
-- What the other tool holds of whom: so that only what has changed is sent, and what is over is taken away.
CREATE TABLE pushed_customers (
    destination_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    customer_id VARCHAR NOT NULL,
    known_as VARCHAR NOT NULL,
    mark VARCHAR NOT NULL
);
