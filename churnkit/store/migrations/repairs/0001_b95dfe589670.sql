-- The first 0001 gave predictions a key. DuckDB drops no key, hence a new table that takes the old one's rows and place.
CREATE TABLE predictions_without_key (
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
    CHECK (expected_spend_low <= expected_spend_high)
);
INSERT INTO predictions_without_key BY NAME SELECT * FROM predictions;
DROP TABLE predictions;
ALTER TABLE predictions_without_key RENAME TO predictions;
