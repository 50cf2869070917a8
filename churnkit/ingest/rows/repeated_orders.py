"""Orders that stand in the table more than once: a line sold twice is kept, a whole order imported twice counts once."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.engine import Row, compose, counted, one_row
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.repeated_lines import LINES, LineQueries, find_equal_lines, has_items
from churnkit.ingest.rows.shared_orders import count_renumbered, drop_shared

REPEATED = "repeated_rows"
"""Temporary table of (source_row, reason) for lines that count no second time."""

_ORDERS = "repeated_orders"
# Lines come to what the order states if both differ by less: a rounding of each.
_CENTS = 0.02
# A file is doubled if nearly every order that could show it is, and there are enough of them to tell.
_NEARLY_ALL = 0.95
_ENOUGH = 10
_FEW = 0.05


@dataclass(frozen=True)
class Repeats:
    """What stands in the table more than once.

    Attributes
    ----------
    kept
        Lines that equal another one and count all the same.
    proved
        Of these, lines of orders whose stated total they are needed for.
    renumbered
        Order numbers that stand for different orders in different parts.
    reasons
        Why lines stand in `REPEATED`; most files have none there.
    """

    kept: int = 0
    proved: int = 0
    renumbered: int = 0
    reasons: frozenset[str] = frozenset()


def find_repeats(plan: ReadingPlan) -> Repeats:
    """Decide on every line that is there again; those to leave out are in `REPEATED` afterwards."""
    connection = plan.raw.connection
    connection.execute(
        compose("CREATE OR REPLACE TEMP TABLE {table} (source_row BIGINT, reason VARCHAR)", table=REPEATED)
    )
    extra = find_equal_lines(plan.raw)
    if not extra and not plan.raw.parts:
        return Repeats()
    queries = LineQueries(plan)
    queries.keep_lines()
    renumbered = 0
    if plan.raw.parts:
        renumbered = count_renumbered(plan)
        if plan.drop_duplicates:
            drop_shared(plan, queries, REPEATED)
    proved = 0
    if plan.drop_duplicates and extra:
        proved = _drop_repeated(plan, queries, extra)
    dropped = dict(
        plan.raw.connection.execute(
            compose("SELECT reason, count(*) FROM {repeated} GROUP BY reason", repeated=REPEATED)
        ).fetchall()
    )
    kept = max(0, extra - int(dropped.get("duplicate_line", 0)))
    return Repeats(kept, proved, renumbered, frozenset(dropped))


def _drop_repeated(plan: ReadingPlan, queries: LineQueries, extra: int) -> int:
    """Put lines of orders that were imported twice into `REPEATED`; the number of equal lines proved to be sales."""
    _sum_orders(plan, queries)
    separated, whole = _one(
        plan,
        "SELECT {separated}, {whole} FROM {orders}",
        separated=counted("is_separated"),
        whole=counted("is_whole"),
    )
    by_runs = bool(separated) and _tells_orders_apart(plan) and not _is_scattered(queries)
    by_lines = bool(whole) and (_one_line_each(plan, queries) or _is_doubled(plan, extra))
    _run(
        plan,
        """
        INSERT INTO {repeated}
        SELECT source_row, 'duplicate_line' FROM (
            SELECT source_row, run > first_run AS is_later_run,
                   row_number() OVER (PARTITION BY key, part, mark ORDER BY source_row) > 1 AS is_later_line,
                   CASE
                       WHEN ties_every THEN 'all' WHEN ties_first THEN 'run' WHEN ties_once THEN 'line'
                       WHEN is_separated AND {by_runs} THEN 'run'
                       WHEN is_whole AND {by_lines} THEN 'line' ELSE 'all'
                   END AS kept
            FROM {lines} JOIN {orders} USING (key, part)
        ) WHERE (kept = 'run' AND is_later_run) OR (kept = 'line' AND is_later_line)
        """,
        by_runs=str(by_runs).lower(),
        by_lines=str(by_lines).lower(),
    )
    (proved,) = _one(
        plan, "SELECT coalesce(sum(lines - distinct_lines) FILTER (WHERE ties_every), 0) FROM {orders}"
    )
    return int(proved)


def _sum_orders(plan: ReadingPlan, queries: LineQueries) -> None:
    """Each order with equal lines: how they are arranged, and which of its sums is the one that it states."""
    trusted = ", ".join(f"stated[{place + 1}]" for place in _trusted(queries))
    _run(
        plan,
        """
        CREATE OR REPLACE TEMP TABLE {orders} AS
        WITH marks AS (
            SELECT key, part, mark, count(*) AS copies, any_value(value) AS value FROM {lines} GROUP BY key, part, mark
        ), per_mark AS (
            SELECT key, part, min(copies) AS fewest, max(copies) AS most, count(*) AS distinct_lines,
                   sum(copies) AS lines, sum(value) AS once, sum(value * copies) AS every
            FROM marks GROUP BY key, part
        ), runs AS (
            SELECT key, part, run, count(*) AS lines, sum(CAST(mark AS HUGEINT)) AS content, sum(value) AS money
            FROM {lines} GROUP BY key, part, run
        ), per_run AS (
            SELECT key, part, count(*) AS runs, count(DISTINCT (lines, content)) AS kinds, min(run) AS first_run,
                   arg_min(money, run) AS first
            FROM runs GROUP BY key, part
        ), facts AS (
            SELECT key, part, arg_min(stated, source_row) FILTER (WHERE len({filled}) > 0) AS stated,
                   coalesce(arg_min(discount_once, source_row) FILTER (WHERE discount_once IS NOT NULL), 0) AS off
            FROM (SELECT *, [{trusted}] AS figures FROM {lines}) GROUP BY key, part
        )
        SELECT key, part, lines, distinct_lines, first_run, fewest = most AS is_whole,
               runs > 1 AND kinds = 1 AS is_separated, {every} AS ties_every, {first} AS ties_first, {once} AS ties_once
        FROM per_mark JOIN per_run USING (key, part) JOIN facts USING (key, part) WHERE most > 1
        """,
        trusted=trusted,
        filled="list_filter(figures, lambda figure: figure IS NOT NULL)",
        every=_ties("every", trusted),
        first=f"runs > 1 AND kinds = 1 AND {_ties('first', trusted)}",
        once=_ties("once", trusted),
    )


def _ties(money: str, trusted: str) -> str:
    if not trusted:
        return "false"
    close = f"abs({money} - figure) < {_CENTS} OR abs({money} - off - figure) < {_CENTS}"
    return f"coalesce(len(list_filter([{trusted}], lambda figure: {close})) > 0, false)"


def _trusted(queries: LineQueries) -> list[int]:
    """Places of the stated figures that orders of several lines, none equal, do come to."""
    (width,) = queries.one("SELECT coalesce(max(len(stated)), 0) FROM keyed")
    trusted = []
    for place in range(1, int(width) + 1):
        orders, tied = queries.one(
            """
            SELECT count(*), {tied} FROM (
                SELECT sum(value) AS lines, arg_min(stated[{place}], source_row) FILTER (WHERE stated[{place}] IS NOT NULL)
                           AS figure,
                       coalesce(arg_min(discount_once, source_row) FILTER (WHERE discount_once IS NOT NULL), 0) AS off
                FROM keyed WHERE key NOT IN (SELECT key FROM {lines_table}) GROUP BY key HAVING count(*) > 1
            ) WHERE figure IS NOT NULL
            """,
            tied=counted(f"abs(lines - figure) < {_CENTS} OR abs(lines - off - figure) < {_CENTS}"),
            place=str(place),
            lines_table=LINES,
        )
        if tied >= 3 and tied >= 0.8 * orders:
            trusted.append(place - 1)
    return trusted


def _tells_orders_apart(plan: ReadingPlan) -> bool:
    return plan.has("order_id") or plan.date.has_time


def _is_scattered(queries: LineQueries) -> bool:
    """Whether lines of other orders stand between those of one order all over the table, as in one sorted by article."""
    runs, orders = queries.one(
        """
        SELECT {runs}, count(DISTINCT key) FROM (
            SELECT key, key IS DISTINCT FROM lag(key) OVER (ORDER BY source_row) AS starts FROM keyed
        ) WHERE key NOT IN (SELECT key FROM {lines_table})
        """,
        runs=counted("starts"),
        lines_table=LINES,
    )
    return bool(runs > (1 + _FEW) * orders)


def _one_line_each(plan: ReadingPlan, queries: LineQueries) -> bool:
    """Whether a line is an order: it names no article, and nearly all orders have one, however often it is there."""
    if has_items(plan) or not _tells_orders_apart(plan):
        return False
    several, orders = queries.one(
        """
        SELECT {several}, count(*) FROM (SELECT key, count(DISTINCT mark) AS marks FROM keyed GROUP BY key)
        """,
        several=counted("marks > 1"),
    )
    return bool(several <= _FEW * orders)


def _is_doubled(plan: ReadingPlan, extra: int) -> bool:
    """Whether all that could be there twice is: every order of several articles, or nearly every line of the table."""
    orders, whole = _one(
        plan,
        "SELECT count(*), {whole} FROM {orders} WHERE distinct_lines > 1",
        whole=counted("is_whole"),
    )
    if _tells_orders_apart(plan) and orders >= _ENOUGH and whole >= _NEARLY_ALL * orders:
        return True
    if plan.raw.parts:
        # Lines of two parts are alike because the parts overlap, which was settled order by order.
        return False
    lines, often = _one(
        plan,
        "SELECT coalesce(sum(number), 0), coalesce(max(number), 0) FROM"
        " (SELECT copies, count(*) AS number FROM equal_lines GROUP BY copies)",
    )
    different = plan.raw.row_count - extra
    return bool(lines >= 2 * _ENOUGH and often >= _NEARLY_ALL * different)


def _one(plan: ReadingPlan, template: str, **slots: str) -> Row:
    return one_row(plan.raw.connection, _filled(template, slots))


def _run(plan: ReadingPlan, template: str, **slots: str) -> None:
    plan.raw.connection.execute(_filled(template, slots))


def _filled(template: str, slots: dict[str, str]) -> str:
    return compose(template, repeated=REPEATED, lines=LINES, orders=_ORDERS, **slots)
