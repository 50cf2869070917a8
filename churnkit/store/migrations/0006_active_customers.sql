-- Who has lapsed stands in no risk tier, and predictions tell status, rank and what the year may bring.
ALTER TABLE predictions ALTER COLUMN risk_tier DROP NOT NULL;
ALTER TABLE predictions ADD COLUMN status VARCHAR;
ALTER TABLE predictions ADD COLUMN rank BIGINT;
ALTER TABLE predictions ADD COLUMN value_at_risk DOUBLE;
ALTER TABLE predictions ADD COLUMN clv_low DOUBLE;
ALTER TABLE predictions ADD COLUMN clv_high DOUBLE;
ALTER TABLE predictions ADD COLUMN expected_next_order TIMESTAMP;
-- Lapsed customers can be won back by a campaign too; what a lost one brings is part of what saving one is worth.
ALTER TABLE campaign_plan_members ALTER COLUMN risk_tier DROP NOT NULL;
ALTER TABLE campaign_plan_members ADD COLUMN status VARCHAR;
ALTER TABLE campaign_plan_members ADD COLUMN clv_if_lost DOUBLE;
