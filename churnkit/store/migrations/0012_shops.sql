-- An analysis is a shop's: its history of orders grows, and its runs follow each other. The id of a shop is that of its
-- analysis, which begins with the first file.
CREATE TABLE shops (
    shop_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    name VARCHAR NOT NULL CHECK (name <> ''),
    shop_settings JSON NOT NULL,
    created_at TIMESTAMP NOT NULL
);
INSERT INTO shops
SELECT session_id, sessions.tenant_id, coalesce(nullif(sessions.name, ''), uploads.filename, 'Shop'), '{}', created_at
FROM sessions LEFT JOIN uploads USING (upload_id);

-- Files whose orders joined a shop's history. The newest row names the file of the history as it stands.
CREATE TABLE additions (
    addition_id VARCHAR NOT NULL,
    shop_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL,
    -- NULL where the file that was read is no longer kept.
    upload_id VARCHAR,
    -- NULL where somebody handed the file over.
    source_id VARCHAR,
    -- 1 for a shop's first file; a run names the last one that it knew.
    history_version INTEGER NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('first', 'period', 'changes', 'taken_back', 'erased')),
    sha256 VARCHAR,
    -- Of its orders, in the shop's own time; a file of changes covers nothing.
    covers_from TIMESTAMP,
    covers_to TIMESTAMP,
    -- Up to when the file knows, in the same time: of two that tell an order differently, the later one is right.
    knows_until TIMESTAMP NOT NULL,
    takes_out_missing BOOLEAN NOT NULL,
    addition_figures JSON NOT NULL,
    added_at TIMESTAMP NOT NULL
);

-- How a run came about: 'analysis' trained, 'refresh' scored with the model of the run that it names.
ALTER TABLE runs ADD COLUMN kind VARCHAR DEFAULT 'analysis';
ALTER TABLE runs ADD COLUMN history_version INTEGER;
ALTER TABLE runs ADD COLUMN trained_by VARCHAR;

-- Kinds of work are the program's to know.
CREATE TABLE jobs_of_shops (
    job_id VARCHAR PRIMARY KEY,
    session_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind <> ''),
    request JSON NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed')),
    ended_by VARCHAR CHECK (ended_by IN ('error', 'cancelled', 'interrupted')),
    progress DOUBLE NOT NULL CHECK (progress BETWEEN 0 AND 100),
    current_step VARCHAR,
    created_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    completed_at TIMESTAMP,
    error_message VARCHAR,
    error_remedy VARCHAR,
    pid INTEGER CHECK (pid > 0),
    pid_started VARCHAR,
    name VARCHAR,
    CHECK (status <> 'failed' OR error_message IS NOT NULL),
    CHECK ((status = 'failed') = (ended_by IS NOT NULL)),
    CHECK ((status IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
    CHECK (completed_at >= started_at)
);
INSERT INTO jobs_of_shops BY NAME SELECT * FROM training_jobs;
DROP TABLE training_jobs;
ALTER TABLE jobs_of_shops RENAME TO training_jobs;
