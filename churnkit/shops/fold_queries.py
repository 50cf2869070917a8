"""The statements that join a file to a history; see `churnkit.shops.folding` for the rule.

They run on the views ``lines`` and ``tellings`` of the history and the tables ``fresh`` and ``silent`` of the file.
"""

from __future__ import annotations

# Every file that stands, with the time that it covers; a file of changes covers all.
TELLERS = """
CREATE OR REPLACE TEMP TABLE tellers (
    version INTEGER, covers_from TIMESTAMP, covers_to TIMESTAMP, takes_out BOOLEAN, outranks BOOLEAN, inside BOOLEAN,
    around BOOLEAN
)
"""

HELD = """
CREATE OR REPLACE TEMP TABLE held AS
SELECT DISTINCT order_id FROM (SELECT order_id FROM fresh UNION ALL SELECT order_id FROM silent)
"""

# Lines of the file, and whether another file that knows longer speaks of them.
INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT fresh.*, {same} AS sameness, source_row IN (
    SELECT source_row FROM fresh
    JOIN tellers ON outranks AND ordered_at BETWEEN covers_from AND covers_to
    LEFT JOIN tellings ON tellings.order_id = fresh.order_id AND told_by = version
    WHERE takes_out OR told_by IS NOT NULL
) AS is_older
FROM fresh
"""

# What is known of the orders in question: those that the file holds, and those of its time that it lacks.
KNOWN = """
CREATE OR REPLACE TEMP TABLE known AS
SELECT line_id, order_id, amount, {same} AS sameness, is_held,
       ordered_at BETWEEN $covers_from AND $covers_to AND NOT outranks AS is_told
FROM (SELECT *, order_id IN (SELECT order_id FROM held) AS is_held FROM lines WHERE until_version IS NULL)
JOIN tellers ON version = told_by
WHERE is_held OR ($misses AND ordered_at BETWEEN $covers_from AND $covers_to)
"""

# Each order once, with what becomes of it. Sums of hashes tell whether two sets of lines are the same.
FATES = """
CREATE OR REPLACE TEMP TABLE fates AS
WITH before AS (
    SELECT order_id, count(*) AS lines,
           count(*) FILTER (WHERE is_told) AS told, sum(amount) FILTER (WHERE is_told) AS told_amount,
           sum(CAST(sameness AS HUGEINT)) FILTER (WHERE is_told) AS told_as,
           count(*) FILTER (WHERE NOT is_told) AS kept,
           sum(CAST(sameness AS HUGEINT)) FILTER (WHERE NOT is_told) AS kept_as
    FROM known GROUP BY order_id
),
after AS (
    SELECT order_id, count(*) FILTER (WHERE NOT is_older) AS said, sum(amount) FILTER (WHERE NOT is_older) AS said_amount,
           sum(CAST(sameness AS HUGEINT)) FILTER (WHERE NOT is_older) AS said_as,
           count(*) FILTER (WHERE is_older) AS older, sum(amount) FILTER (WHERE is_older) AS older_amount,
           sum(CAST(sameness AS HUGEINT)) FILTER (WHERE is_older) AS older_as
    FROM incoming GROUP BY order_id
),
together AS (
    SELECT coalesce(before.order_id, held.order_id) AS order_id, held.order_id IS NOT NULL AS is_held,
           coalesce(lines, 0) AS lines, coalesce(told, 0) AS told, coalesce(told_amount, 0.0) AS told_amount, told_as,
           coalesce(kept, 0) AS kept, kept_as, coalesce(said, 0) AS said, coalesce(said_amount, 0.0) AS said_amount,
           said_as, coalesce(older, 0) AS older, coalesce(older_amount, 0.0) AS older_amount, older_as
    FROM held LEFT JOIN after ON after.order_id = held.order_id
    FULL JOIN before ON before.order_id = held.order_id
)
SELECT *, CASE
    WHEN NOT is_held THEN CASE WHEN told > 0 THEN 'missing' END
    WHEN told = 0 AND said = 0 THEN CASE
        WHEN kept = older AND older_as IS NOT DISTINCT FROM kept_as THEN CASE WHEN older > 0 THEN 'unchanged' END
        ELSE 'older' END
    WHEN told = said AND told_as = said_as THEN 'unchanged'
    WHEN lines = 0 THEN 'new'
    WHEN said = 0 AND kept = 0 THEN 'cancelled'
    ELSE 'changed' END AS fate
FROM together
"""

ENDING = """
CREATE OR REPLACE TEMP TABLE ending AS
SELECT line_id FROM known JOIN fates USING (order_id)
WHERE is_told AND (fate IN ('changed', 'cancelled') OR (fate = 'missing' AND $takes_out))
"""

RENEWED = """
CREATE OR REPLACE TEMP TABLE renewed AS
SELECT line_id FROM known JOIN fates USING (order_id) WHERE is_told AND fate = 'unchanged'
"""

FIGURES = """
SELECT fate, count(*),
       sum(CASE WHEN fate IN ('new', 'changed') THEN said WHEN fate = 'older' THEN older ELSE greatest(told, older) END),
       sum(CASE WHEN fate IN ('new', 'changed') THEN said_amount WHEN fate = 'older' THEN older_amount
           WHEN told > 0 THEN told_amount ELSE older_amount END),
       sum(told), sum(told_amount)
FROM fates WHERE fate IS NOT NULL GROUP BY fate
"""

# What a file changes of known lines, and those that the files since the older part changed or brought.
TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched AS
SELECT line_id FROM ending UNION SELECT line_id FROM renewed {newer}
"""
OF_NEWER = "UNION SELECT line_id FROM newer_lines"
# How long the older part is, and how many lines would be beside it.
LENGTHS = """
SELECT (SELECT count(*) FROM read_parquet($older)),
       (SELECT count(*) FROM touched) + (SELECT coalesce(sum(said), 0) FROM fates WHERE fate IN ('new', 'changed'))
"""
TOUCHED_LINES = "(FROM lines SEMI JOIN touched USING (line_id)) AS lines"

# The lines of a history after a file, of which ``lines`` may be those that change alone.
LINES_AFTER = """
SELECT {columns} FROM (
    SELECT lines.* REPLACE (
        CASE WHEN ending.line_id IS NULL THEN until_version ELSE {version} END AS until_version,
        CASE WHEN renewed.line_id IS NULL THEN knows_until ELSE TIMESTAMP '{knows}' END AS knows_until,
        CASE WHEN renewed.line_id IS NULL THEN told_by ELSE {version} END AS told_by)
    FROM {lines} LEFT JOIN ending ON ending.line_id = lines.line_id LEFT JOIN renewed ON renewed.line_id = lines.line_id
)
UNION ALL
SELECT {columns} FROM (
    SELECT *, (SELECT greatest(coalesce(max(line_id), 0), {given}) FROM lines)
               + row_number() OVER (ORDER BY source_row) AS line_id,
           CAST({version} AS INTEGER) AS from_version, CAST(NULL AS INTEGER) AS until_version,
           TIMESTAMP '{knows}' AS knows_until, CAST({version} AS INTEGER) AS told_by
    FROM incoming JOIN (SELECT order_id FROM fates WHERE fate IN ('new', 'changed')) USING (order_id) WHERE NOT is_older
)
"""

# A telling says no more than another whose file covers more and knows longer.
TELLINGS_AFTER = """
SELECT order_id, told_by FROM tellings
WHERE NOT (order_id IN (SELECT order_id FROM held) AND told_by IN (SELECT version FROM tellers WHERE inside))
UNION ALL
SELECT order_id, CAST({version} AS INTEGER) FROM held
WHERE order_id NOT IN (SELECT order_id FROM tellings WHERE told_by IN (SELECT version FROM tellers WHERE around))
"""
