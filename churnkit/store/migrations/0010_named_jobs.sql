-- Scores of a file that somebody keeps have a name of their own; NULL for all other work.
ALTER TABLE training_jobs ADD COLUMN name VARCHAR;
