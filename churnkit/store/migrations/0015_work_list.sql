-- Whom a shop means to speak to, and what came of it: a row for each time that somebody said so, the newest one counts.
CREATE TABLE work_list (
    entry_id VARCHAR NOT NULL,
    tenant_id VARCHAR NOT NULL CHECK (tenant_id <> ''),
    shop_id VARCHAR NOT NULL,
    customer_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('to_do', 'contacted', 'answered', 'back', 'gave_up')),
    note VARCHAR NOT NULL,
    contacted_on DATE,
    -- Up to when the orders were known then, in the shop's own time: what was bought from then on is news.
    known_until TIMESTAMP NOT NULL,
    noted_by VARCHAR NOT NULL,
    is_automatic BOOLEAN NOT NULL,
    noted_at TIMESTAMP NOT NULL
);

-- Whether the program read a campaign out by itself, when its window was over.
ALTER TABLE campaign_readouts ADD COLUMN is_automatic BOOLEAN DEFAULT false;
