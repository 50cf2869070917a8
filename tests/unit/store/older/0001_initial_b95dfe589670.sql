-- Rows refer to their parents without FOREIGN KEY: DuckDB refuses to delete a parent in the transaction that
-- deletes its children, and a session must go as a whole or not at all. Store checks the parent instead.

CREATE TABLE uploads (
    upload_id VARCHAR PRIMARY KEY,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    user_id VARCHAR,
    filename VARCHAR NOT NULL CHECK (filename <> ''),
    file_path VARCHAR NOT NULL CHECK (file_path <> ''),
    file_size_bytes BIGINT NOT NULL CHECK (file_size_bytes >= 0),
    row_count BIGINT CHECK (row_count >= 0),
    uploaded_at TIMESTAMP NOT NULL
);

CREATE TABLE sessions (
    session_id VARCHAR PRIMARY KEY,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    upload_id VARCHAR NOT NULL,
    column_mapping JSON NOT NULL,
    settings JSON NOT NULL,
    horizon_days INTEGER CHECK (horizon_days BETWEEN 1 AND 3650),
    transactions_path VARCHAR,
    panel_path VARCHAR,
    status VARCHAR NOT NULL CHECK (status IN ('configured', 'training', 'completed')),
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE training_jobs (
    job_id VARCHAR PRIMARY KEY,
    session_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed')),
    progress DOUBLE NOT NULL CHECK (progress BETWEEN 0 AND 100),
    current_step VARCHAR,
    created_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    completed_at TIMESTAMP,
    error_message VARCHAR,
    CHECK (status <> 'failed' OR error_message IS NOT NULL),
    CHECK ((status IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
    CHECK (completed_at >= started_at)
);

CREATE TABLE models (
    model_id VARCHAR PRIMARY KEY,
    session_id VARCHAR NOT NULL,
    model_type VARCHAR NOT NULL CHECK (model_type <> ''),
    file_path VARCHAR NOT NULL CHECK (file_path <> ''),
    sha256 VARCHAR NOT NULL CHECK (regexp_full_match(sha256, '[0-9a-f]{64}')),
    f1 DOUBLE CHECK (f1 BETWEEN 0 AND 1),
    precision DOUBLE CHECK (precision BETWEEN 0 AND 1),
    recall DOUBLE CHECK (recall BETWEEN 0 AND 1),
    roc_auc DOUBLE CHECK (roc_auc BETWEEN 0 AND 1),
    log_loss DOUBLE CHECK (log_loss >= 0 AND isfinite(log_loss)),
    is_champion BOOLEAN NOT NULL,
    trained_at TIMESTAMP NOT NULL,
    hyperparameters JSON NOT NULL,
    metadata JSON NOT NULL
);

CREATE TABLE predictions (
    session_id VARCHAR NOT NULL,
    customer_id VARCHAR NOT NULL CHECK (customer_id <> ''),
    model_id VARCHAR,
    p_churn DOUBLE NOT NULL CHECK (p_churn BETWEEN 0 AND 1),
    p_alive DOUBLE CHECK (p_alive BETWEEN 0 AND 1),
    risk_tier VARCHAR NOT NULL CHECK (risk_tier IN ('high', 'medium', 'low')),
    recency_days DOUBLE CHECK (recency_days >= 0 AND isfinite(recency_days)),
    order_count BIGINT CHECK (order_count >= 0),
    monetary_total DOUBLE CHECK (isfinite(monetary_total)),
    expected_orders DOUBLE CHECK (expected_orders >= 0 AND isfinite(expected_orders)),
    expected_spend DOUBLE CHECK (expected_spend >= 0 AND isfinite(expected_spend)),
    expected_spend_low DOUBLE CHECK (expected_spend_low >= 0 AND isfinite(expected_spend_low)),
    expected_spend_high DOUBLE CHECK (isfinite(expected_spend_high)),
    clv DOUBLE CHECK (isfinite(clv)),
    factor_1 VARCHAR,
    factor_2 VARCHAR,
    factor_3 VARCHAR,
    predicted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (session_id, customer_id),
    CHECK (expected_spend_low <= expected_spend_high)
);

CREATE TABLE insights (
    insight_id VARCHAR PRIMARY KEY,
    session_id VARCHAR NOT NULL UNIQUE,
    summary_stats JSON NOT NULL,
    segments JSON NOT NULL,
    feature_importance JSON NOT NULL,
    recommendations JSON NOT NULL,
    generated_at TIMESTAMP NOT NULL
);
