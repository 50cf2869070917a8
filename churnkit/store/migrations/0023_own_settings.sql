-- What somebody keeps for themselves in a workspace, which takes no right but to see it.
CREATE TABLE own_settings (
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    -- Whose it is: a person's id; empty for the owner of a machine or of a browser's workspace.
    actor_id VARCHAR NOT NULL,
    key VARCHAR NOT NULL CHECK (key <> ''),
    value JSON NOT NULL,
    PRIMARY KEY (tenant_id, actor_id, key)
);
