-- Workspaces whose user left them: no cookie opens them again. The tenant is a hash, as everywhere.
CREATE TABLE left_workspaces (
    tenant_id VARCHAR PRIMARY KEY CHECK (tenant_id <> ''),
    left_at TIMESTAMP NOT NULL
);
