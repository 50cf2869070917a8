-- Every fitted candidate of a run is kept, so a model says whose it is; one from before is its run's champion.
ALTER TABLE models ADD COLUMN run_id VARCHAR;
UPDATE models SET run_id = (SELECT max(runs.run_id) FROM runs WHERE runs.model_id = models.model_id);
-- A prediction has an id of its own, and what drives it most in numbers beside the sentences.
ALTER TABLE predictions ADD COLUMN prediction_id VARCHAR;
UPDATE predictions SET prediction_id = uuid()::VARCHAR;
ALTER TABLE predictions ADD COLUMN top_risk_factors JSON;
