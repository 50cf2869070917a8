-- name: what the list of analyses shows; run_id: the run on screen, look_id: the look on screen (both are job ids).
ALTER TABLE sessions ADD COLUMN name VARCHAR;
ALTER TABLE sessions ADD COLUMN look_id VARCHAR;
ALTER TABLE sessions ADD COLUMN run_id VARCHAR;

-- DuckDB adds no column with a rule, hence a new table that takes the old one's rows and place.
CREATE TABLE jobs_of_app (
    job_id VARCHAR PRIMARY KEY,
    session_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('look', 'analyze', 'score')),
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
    CHECK (status <> 'failed' OR error_message IS NOT NULL),
    CHECK ((status = 'failed') = (ended_by IS NOT NULL)),
    CHECK ((status IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
    CHECK (completed_at >= started_at)
);
INSERT INTO jobs_of_app BY NAME
SELECT *, 'analyze' AS kind, '{}' AS request, CASE WHEN status = 'failed' THEN 'error' END AS ended_by
FROM training_jobs;
DROP TABLE training_jobs;
ALTER TABLE jobs_of_app RENAME TO training_jobs;

-- A version of an analysis; its id is that of the job that made it, and names its folder.
CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    session_id VARCHAR NOT NULL,
    model_id VARCHAR,
    horizon_days INTEGER NOT NULL CHECK (horizon_days BETWEEN 1 AND 3650),
    champion VARCHAR NOT NULL CHECK (champion <> ''),
    summary JSON NOT NULL,
    finished_at TIMESTAMP NOT NULL
);

-- Scenarios and campaigns are notes of the reader, who need not own the analysis: hence a tenant of their own.
CREATE TABLE scenarios (
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    session_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL CHECK (name <> ''),
    settings JSON NOT NULL,
    figures JSON NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (tenant_id, session_id, name)
);

CREATE TABLE campaigns (
    campaign_id VARCHAR PRIMARY KEY,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    session_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL CHECK (name <> ''),
    created_at TIMESTAMP NOT NULL
);

-- Without a key, for the same reason as predictions.
CREATE TABLE campaign_members (
    campaign_id VARCHAR NOT NULL,
    customer_id VARCHAR NOT NULL CHECK (customer_id <> '')
);

CREATE TABLE saved_mappings (
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    header_hash VARCHAR NOT NULL CHECK (header_hash <> ''),
    mapping JSON NOT NULL,
    used_at TIMESTAMP NOT NULL,
    PRIMARY KEY (tenant_id, header_hash)
);

CREATE TABLE preferences (
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    key VARCHAR NOT NULL CHECK (key <> ''),
    value JSON NOT NULL,
    PRIMARY KEY (tenant_id, key)
);

-- How long each step of finished jobs took on this machine, for the estimates of later ones: nobody's data.
CREATE TABLE step_timings (
    kind VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    row_count BIGINT NOT NULL CHECK (row_count >= 0),
    seconds DOUBLE NOT NULL CHECK (seconds >= 0 AND isfinite(seconds)),
    recorded_at TIMESTAMP NOT NULL
);

-- Files whose rows are gone but which a crash may have left: taken up again when the server starts.
CREATE TABLE removals (
    path VARCHAR NOT NULL CHECK (path <> '')
);
