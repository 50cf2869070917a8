-- Deleted analyses can be brought back for a day: their rows lie as files in their own folder, and only this is left of
-- them in here, so that no query finds them.
CREATE TABLE put_away (
    session_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    name VARCHAR NOT NULL,
    put_away_at TIMESTAMP NOT NULL
);
-- What is kept on disk for them: names by kind as of all that rows name, whole paths, and the ids of their uploads,
-- whose rows stay.
CREATE TABLE put_away_files (
    session_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind <> ''),
    name VARCHAR NOT NULL
);
-- What somebody wrote down about an analysis.
ALTER TABLE sessions ADD COLUMN note VARCHAR;
