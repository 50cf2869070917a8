-- Customers who were erased, as keyed hashes: whatever brings them back is left out when it is read. Several rows of one
-- erasure say by what else they are known.
CREATE TABLE erasures (
    erasure_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    -- The same in every row of the file: what the hashes are made with.
    erasure_key VARCHAR NOT NULL CHECK (regexp_full_match(erasure_key, '[0-9a-f]{64}')),
    person_hash VARCHAR NOT NULL CHECK (regexp_full_match(person_hash, '[0-9a-f]{64}')),
    erased_rows BIGINT,
    requested_at TIMESTAMP NOT NULL,
    -- NULL while the work goes on.
    done_at TIMESTAMP
);
