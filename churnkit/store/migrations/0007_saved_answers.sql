-- What was answered about a shop's export, found by its header or by how its bytes begin; columns chosen by hand are one
-- of the answers.
CREATE TABLE saved_answers (
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    file_key VARCHAR NOT NULL CHECK (file_key <> ''),
    answers JSON NOT NULL,
    used_at TIMESTAMP NOT NULL,
    PRIMARY KEY (tenant_id, file_key)
);
INSERT INTO saved_answers
SELECT tenant_id, header_hash,
    json_array(json_object('field', 'columns', 'label', 'Columns chosen by hand', 'answer', mapping)), used_at
FROM saved_mappings;
DROP TABLE saved_mappings;
