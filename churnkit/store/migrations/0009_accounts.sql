-- People, their roles in workspaces, and what opens the door: sessions of browsers, invitations, resets, keys, links. Of
-- every secret only its SHA-256 is kept; passwords as argon2 writes them.
CREATE TABLE workspaces (
    tenant_id VARCHAR PRIMARY KEY CHECK (tenant_id <> ''),
    name VARCHAR NOT NULL CHECK (name <> ''),
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE people (
    person_id VARCHAR PRIMARY KEY,
    -- Lower case: how somebody signs in.
    email VARCHAR NOT NULL UNIQUE CHECK (email <> ''),
    name VARCHAR NOT NULL,
    -- NULL where another system vouches for the person.
    password_hash VARCHAR,
    -- Who vouches: 'local', 'proxy', or the issuer of an OpenID provider, whose name for the person is the subject.
    source VARCHAR NOT NULL CHECK (source <> ''),
    subject VARCHAR,
    created_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP
);
-- No UNIQUE constraints on what changes: DuckDB checks them against rows that the same transaction has removed.
CREATE TABLE memberships (
    person_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('viewer', 'analyst', 'administrator')),
    may_export BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE sign_ins (
    token_hash VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    -- The workspace that is open in it, NULL before one was chosen.
    tenant_id VARCHAR,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    address VARCHAR,
    user_agent VARCHAR
);
CREATE TABLE invitations (
    token_hash VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('viewer', 'analyst', 'administrator')),
    may_export BOOLEAN NOT NULL,
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE TABLE password_resets (
    token_hash VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE TABLE api_keys (
    key_id VARCHAR NOT NULL,
    key_hash VARCHAR NOT NULL,
    -- How the key begins, to recognise it by.
    prefix VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL,
    scope VARCHAR NOT NULL CHECK (scope IN ('read', 'run', 'admin')),
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP
);
-- Links to one analysis for people without an account.
CREATE TABLE shares (
    share_id VARCHAR NOT NULL,
    token_hash VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL,
    session_id VARCHAR NOT NULL,
    may_export BOOLEAN NOT NULL,
    created_by VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE TABLE audit_log (
    done_at TIMESTAMP NOT NULL,
    tenant_id VARCHAR NOT NULL,
    actor_kind VARCHAR NOT NULL,
    actor_id VARCHAR NOT NULL,
    actor_name VARCHAR NOT NULL,
    -- The right that it took, and what was done, as the program says it.
    action VARCHAR NOT NULL,
    doing VARCHAR NOT NULL,
    subject_id VARCHAR,
    address VARCHAR
);
-- Answers to requests that carried an Idempotency-Key: the same request again gets the same answer. Status and answer are
-- NULL while the first is being worked on.
CREATE TABLE kept_answers (
    tenant_id VARCHAR NOT NULL,
    idempotency_key VARCHAR NOT NULL,
    method_path VARCHAR NOT NULL,
    body_sha256 VARCHAR NOT NULL,
    status INTEGER,
    headers JSON,
    answer VARCHAR,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (tenant_id, idempotency_key)
);
