"""Orders that stand in several sheets or files: the same order again, a later state of it, its rest, or another one."""

from __future__ import annotations

from churnkit.ingest.engine import compose, counted, one_row
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.repeated_lines import LINES, LineQueries, has_items

SHARED = "shared_orders"
"""Temporary table of the orders of each part that stand in another one, too: one row an order and part."""

RENUMBERED = "renumbered_orders"
"""Temporary table of order numbers that mean another order in each part."""

_ENDS = "part_ends"
_MOST = 0.5
# Without order numbers equal purchases of a day are the same ones only where nearly all of an overlap are there again.
_NEARLY_ALL = 0.8


def count_renumbered(plan: ReadingPlan) -> int:
    """Orders of several parts are compared; the number of those that mean another order in each, in `RENUMBERED`.

    Numbers that begin anew each year, or in each branch, have other dates or customers in each part; where most of the
    shared ones are the same order, the others are taken for it, too.
    """
    is_same = "count(DISTINCT CAST(first_at AS DATE)) = 1 AND count(DISTINCT who) <= 1"
    if plan.date.has_time:
        is_same = f"({is_same}) OR count(DISTINCT first_at) = 1"
    connection = plan.raw.connection
    connection.execute(
        compose(
            """
            CREATE OR REPLACE TEMP TABLE {shared} AS
            SELECT key, part, count(*) AS lines, sum(CAST(content AS HUGEINT)) AS content, min(ordered_at) AS first_at,
                   arg_min(who, source_row) AS who, min(source_row) AS first_row, max(source_row) AS last_row,
                   list(DISTINCT goods) AS goods
            FROM {lines} WHERE key IN (SELECT key FROM {lines} GROUP BY key HAVING min(part) <> max(part))
            GROUP BY key, part
            """,
            shared=SHARED,
            lines=LINES,
        )
    )
    connection.execute(
        compose(
            """
            CREATE OR REPLACE TEMP TABLE {renumbered} AS
            SELECT key FROM {shared} GROUP BY key HAVING {has_numbers} AND NOT ({is_same})
            """,
            renumbered=RENUMBERED,
            shared=SHARED,
            has_numbers=str(plan.has("order_id")).lower(),
            is_same=is_same,
        )
    )
    other, of_all = one_row(
        connection,
        compose(
            "SELECT (SELECT count(*) FROM {renumbered}), count(DISTINCT key) FROM {shared}",
            renumbered=RENUMBERED,
            shared=SHARED,
        ),
    )
    if other <= _MOST * of_all:
        connection.execute(compose("DELETE FROM {renumbered}", renumbered=RENUMBERED))
        return 0
    return int(other)


def drop_shared(plan: ReadingPlan, queries: LineQueries, target: str) -> None:
    """Put the lines of orders that another part has, too, into ``target``, and take them out of `LINES`.

    Of equal ones the first counts, of two states of an order that of the part with the later orders. An order whose
    parts have nothing in common, or which ends one part and begins the next, was cut in two and counts whole.
    """
    if not (plan.has("order_id") or plan.date.has_time or _overlaps(plan)):
        return
    connection = plan.raw.connection
    queries.keep(_ENDS, "SELECT part, max(ordered_at) AS latest FROM keyed GROUP BY part")
    connection.execute(
        compose(
            """
            INSERT INTO {target}
            WITH orders AS (
                SELECT key, count(DISTINCT (lines, content)) = 1 AS is_same,
                       len(list_distinct(flatten(list(goods)))) = sum(len(goods)) AS is_apart,
                       {is_cut} AS is_cut, min(part) AS first_part,
                       arg_max(part, (latest, part)) AS last_part
                FROM {shared} JOIN {ends} USING (part) WHERE key NOT IN (SELECT key FROM {renumbered}) GROUP BY key
            )
            SELECT source_row, CASE WHEN is_same THEN 'duplicate_line' ELSE 'older_version' END
            FROM {lines} JOIN orders USING (key)
            WHERE (is_same AND part <> first_part)
               OR (NOT is_same AND {has_numbers} AND NOT is_cut AND NOT (is_apart AND {has_items}) AND part <> last_part)
            """,
            target=target,
            shared=SHARED,
            renumbered=RENUMBERED,
            lines=LINES,
            ends=_ENDS,
            is_cut=_is_cut(plan),
            has_numbers=str(plan.has("order_id")).lower(),
            has_items=str(has_items(plan)).lower(),
        )
    )
    connection.execute(
        compose(
            "DELETE FROM {lines} WHERE source_row IN (SELECT source_row FROM {target})",
            lines=LINES,
            target=target,
        )
    )


def _is_cut(plan: ReadingPlan) -> str:
    """Condition on an order's rows of `SHARED`: it ends one part and begins the next."""
    edges = [
        f"(max(last_row) FILTER (WHERE part = {place}) = {one.last_row}"
        f" AND min(first_row) FILTER (WHERE part = {place + 1}) = {other.first_row})"
        for place, (one, other) in enumerate(zip(plan.raw.parts, plan.raw.parts[1:], strict=False))
    ]
    return f"coalesce({' OR '.join(edges)}, false)"


def _overlaps(plan: ReadingPlan) -> bool:
    """Whether days that two parts have in common hold the same purchases in both."""
    same, of_all = one_row(
        plan.raw.connection,
        compose(
            "SELECT {same}, count(*) FROM (SELECT key, count(DISTINCT (lines, content)) = 1 AS is_same"
            " FROM {shared} GROUP BY key)",
            same=counted("is_same"),
            shared=SHARED,
        ),
    )
    return bool(same >= 3 and same >= _NEARLY_ALL * of_all)
