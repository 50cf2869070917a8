-- A planned campaign is frozen with its customers, unlike the lists (campaigns) that a reader fills and empties. Like
-- them it is a reader's note, hence a tenant of its own.
CREATE TABLE campaign_plans (
    plan_id VARCHAR PRIMARY KEY,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    session_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL CHECK (name <> ''),
    status VARCHAR NOT NULL CHECK (status IN ('planned', 'running', 'ended')),
    facts JSON NOT NULL,
    created_at TIMESTAMP NOT NULL,
    started_on DATE,
    CHECK (status = 'planned' OR started_on IS NOT NULL)
);

-- Without a key, for the same reason as predictions; place is the rank by expected gain.
CREATE TABLE campaign_plan_members (
    plan_id VARCHAR NOT NULL,
    place INTEGER NOT NULL CHECK (place >= 1),
    customer_id VARCHAR NOT NULL CHECK (customer_id <> ''),
    arm VARCHAR NOT NULL CHECK (arm IN ('treatment', 'holdout')),
    stratum VARCHAR NOT NULL,
    p_churn DOUBLE NOT NULL CHECK (p_churn BETWEEN 0 AND 1),
    p_alive DOUBLE CHECK (p_alive BETWEEN 0 AND 1),
    risk_tier VARCHAR NOT NULL CHECK (risk_tier IN ('high', 'medium', 'low')),
    segment VARCHAR,
    clv DOUBLE,
    clv_if_kept DOUBLE NOT NULL,
    value_at_risk DOUBLE,
    mean_order_value DOUBLE NOT NULL,
    expected_orders DOUBLE,
    expected_spend DOUBLE,
    recency_days DOUBLE,
    order_count BIGINT,
    monetary_total DOUBLE,
    factor_1 VARCHAR,
    savable DOUBLE NOT NULL CHECK (savable BETWEEN 0 AND 1),
    expected_gain DOUBLE NOT NULL
);

CREATE TABLE campaign_plan_exclusions (
    plan_id VARCHAR NOT NULL,
    customer_id VARCHAR NOT NULL CHECK (customer_id <> ''),
    reason VARCHAR NOT NULL CHECK (reason <> ''),
    detail VARCHAR NOT NULL
);

CREATE TABLE campaign_readouts (
    readout_id VARCHAR PRIMARY KEY,
    plan_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    figures JSON NOT NULL,
    words JSON NOT NULL,
    is_complete BOOLEAN NOT NULL,
    looked_at TIMESTAMP NOT NULL
);
