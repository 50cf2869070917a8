"""Everything that reading a file's rows needs to know, decided once over the whole raw table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb

from churnkit.config import IngestSettings
from churnkit.ingest.cells.customer_ids import Identity, decide_identity, text_sql
from churnkit.ingest.cells.dates import DateFormat
from churnkit.ingest.cells.numbers import number_sql
from churnkit.ingest.cells.status_words import StatusClass, classify_event, classify_status
from churnkit.ingest.columns.cell_evidence import column_types
from churnkit.ingest.columns.date_columns import Dating, decide_dating
from churnkit.ingest.columns.export_rules import Rules
from churnkit.ingest.columns.mapping import IDENTITY, ColumnMapping, require_complete
from churnkit.ingest.engine import compose, counted, one_row
from churnkit.ingest.files.raw_table import RawTable, quote_identifier
from churnkit.ingest.rows.pricing import Pricing, decide_pricing
from churnkit.text.figures import count

# A column with more values than this is no status.
_MAX_STATUSES = 200


@dataclass(frozen=True)
class Statuses:
    """What the values of the status columns mean; all values in lower case.

    ``cancelled``, ``unpaid`` and ``refund_events`` list values; ``strict`` treats every value outside
    ``kept`` as unpaid.
    """

    cancelled: tuple[str, ...] = ()
    unpaid: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    strict: bool = False
    refund_events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """How the raw table becomes the canonical one; see the parts for what they decide.

    Attributes
    ----------
    latest
        Later dates are mistakes; None: every date counts.
    first_row_only
        Cells of an order are taken from its first row that has them.
    drop_duplicates
        Equal lines count once.
    """

    raw: RawTable
    mapping: ColumnMapping
    rules: Rules
    types: Mapping[str, str]
    date: DateFormat
    latest: datetime | None
    identity: Identity
    pricing: Pricing
    statuses: Statuses
    first_row_only: bool
    drop_duplicates: bool
    ignore_returns: bool
    notes: tuple[str, ...] = ()


def decide_recipe(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    rules: Rules,
    settings: IngestSettings,
    now: datetime,
) -> Recipe:
    """Decide how the rows are read.

    Raises
    ------
    MappingError
        Customer, date or money is not mapped, a mapped column does not hold what it should, or the
        notation of dates or numbers stays open.
    DataError
        The chosen currency does not occur, or customer ids were destroyed by a spreadsheet.
    """
    require_complete(mapping, raw.columns)
    columns = mapping.columns
    types = column_types(connection, raw)
    mapping, identity = decide_identity(connection, raw, mapping, rules, types)
    dating = _decide_dates(connection, raw, mapping, rules, settings, now)
    pricing = decide_pricing(connection, raw, mapping, rules, settings)
    statuses, status_notes = _decide_statuses(connection, raw, mapping, rules, pricing)
    fill, fill_notes = _decide_fill(connection, raw, mapping, rules, types)
    drop = settings.duplicates == "drop" and ("order_id" in columns or dating.fmt.has_time)
    notes = (*dating.notes, *identity.notes, *pricing.notes, *status_notes, *fill_notes)
    return Recipe(
        raw,
        mapping,
        rules,
        types,
        dating.fmt,
        dating.latest,
        identity,
        pricing,
        statuses,
        fill,
        drop,
        settings.returns == "ignore",
        notes,
    )


@dataclass(frozen=True)
class DateRecipe:
    """What is needed to cut a raw table at an instant: the date, and the order whose first row has it."""

    column: str
    fmt: DateFormat
    order_column: str | None


def decide_dates(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    rules: Rules,
    settings: IngestSettings,
    now: datetime,
) -> DateRecipe:
    """Decide how dates are read, and nothing else.

    Raises
    ------
    MappingError
        No date is mapped, its column holds none, or the order of day and month stays open.
    """
    if "ordered_at" not in mapping.columns:
        require_complete(mapping, raw.columns)
    dating = _decide_dates(connection, raw, mapping, rules, settings, now)
    by_order = False
    if mapping.columns.keys() & set(IDENTITY):
        by_order, _ = _decide_fill(connection, raw, mapping, rules, column_types(connection, raw))
    return DateRecipe(
        mapping.columns["ordered_at"], dating.fmt, mapping.columns.get("order_id") if by_order else None
    )


def _decide_dates(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    rules: Rules,
    settings: IngestSettings,
    now: datetime,
) -> Dating:
    day_first = settings.day_first if settings.day_first is not None else mapping.day_first
    usual = rules.day_first if rules.day_first is not None else _zone_day_first(connection, raw, rules)
    columns = mapping.columns
    return decide_dating(connection, raw, columns["ordered_at"], columns.get("time"), day_first, usual, now)


def _zone_day_first(connection: duckdb.DuckDBPyConnection, raw: RawTable, rules: Rules) -> bool | None:
    if rules.zone_column not in raw.columns:
        return None
    statement = compose(
        "SELECT coalesce(bool_or(contains({zone}, 'US & Canada')), false) FROM read_parquet($source)",
        zone=f"CAST({quote_identifier(rules.zone_column)} AS VARCHAR)",
    )
    (in_america,) = one_row(connection, statement, {"source": str(raw.path)})
    return False if in_america else None


def _decide_statuses(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    rules: Rules,
    pricing: Pricing,
) -> tuple[Statuses, list[str]]:
    verdicts: dict[StatusClass, set[str]] = {
        "keep": set(),
        "cancelled": set(),
        "unpaid": set(),
        "unknown": set(),
    }
    notes: list[str] = []
    for field in ("status", "item_status"):
        column = mapping.columns.get(field)
        if column is None:
            continue
        values = _values(connection, raw, column)
        if len(values) > _MAX_STATUSES:
            notes.append(
                f"{column!r} has {count(len(values))} different values, so it is not read as a status."
            )
            continue
        strict = rules.strict_statuses and field == "status"
        for value in values:
            verdict = classify_status(value, rules.status_words)
            if strict and value not in rules.status_words:
                verdict = "cancelled" if verdict in ("cancelled", "returned") else "unpaid"
            if verdict == "returned":
                # A shop that books refunds as rows of their own marks them so; others mark the order itself.
                negative = _mostly_negative(connection, raw, mapping, pricing, column, value)
                verdict = "keep" if negative else "cancelled"
            verdicts[verdict].add(value)
    if verdicts["unknown"]:
        notes.append(f"Kept, as their meaning is unknown: statuses {_listed(verdicts['unknown'])}.")
    refunds, refund_notes = _refund_events(connection, raw, mapping)
    return (
        Statuses(
            tuple(sorted(verdicts["cancelled"])),
            tuple(sorted(verdicts["unpaid"])),
            tuple(sorted(verdicts["keep"])),
            rules.strict_statuses and "status" in mapping.columns,
            refunds,
        ),
        notes + refund_notes,
    )


def _refund_events(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, mapping: ColumnMapping
) -> tuple[tuple[str, ...], list[str]]:
    column = mapping.columns.get("event_type")
    if column is None:
        return (), []
    classes = {value: classify_event(value) for value in _values(connection, raw, column)}
    refunds = tuple(sorted(value for value, verdict in classes.items() if verdict == "return"))
    unknown = {value for value, verdict in classes.items() if verdict == "unknown"}
    notes = [f"Read as sales, as their meaning is unknown: row types {_listed(unknown)}."] if unknown else []
    return refunds, notes


def _values(connection: duckdb.DuckDBPyConnection, raw: RawTable, column: str) -> list[str]:
    """The values in lower case, the most frequent first."""
    statement = compose(
        """
        SELECT value, count(*) AS rows FROM (SELECT {value} AS value FROM read_parquet($source))
        WHERE value <> '' GROUP BY value ORDER BY rows DESC, value LIMIT $limit
        """,
        value=_plain(column),
    )
    rows = connection.execute(statement, {"source": str(raw.path), "limit": _MAX_STATUSES + 1}).fetchall()
    return [row[0] for row in rows]


def _mostly_negative(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    pricing: Pricing,
    column: str,
    value: str,
) -> bool:
    """Whether rows with this status give money back."""
    signs = [
        f"{number_sql(mapping.columns[name], fmt)} < 0"
        for name, fmt in pricing.numbers.items()
        if name in ("amount", "quantity", "unit_price", "order_total")
    ]
    statement = compose(
        "SELECT count(*), {negative} FROM read_parquet($source) WHERE {value} = $value",
        negative=counted(" OR ".join(signs)),
        value=_plain(column),
    )
    rows, negative = one_row(connection, statement, {"source": str(raw.path), "value": value})
    return bool(negative > 0.95 * rows)


def _plain(column: str) -> str:
    return f"lower(trim(CAST({quote_identifier(column)} AS VARCHAR)))"


def _decide_fill(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    rules: Rules,
    types: Mapping[str, str],
) -> tuple[bool, list[str]]:
    """Whether blank cells of an order's rows are filled from its first row: most blanks could be."""
    if rules.first_row_only:
        return "order_id" in mapping.columns, []
    if "order_id" not in mapping.columns:
        return False, []
    who = next(mapping.columns[name] for name in IDENTITY if name in mapping.columns)
    statement = compose(
        """
        WITH cells AS (SELECT {order} AS order_key, {who} AS who FROM read_parquet($source))
        SELECT coalesce(sum(blanks), 0), coalesce(sum(blanks) FILTER (WHERE one_customer), 0)
        FROM (
            SELECT count(*) - count(who) AS blanks, min(who) = max(who) AS one_customer FROM cells
            WHERE order_key IN (SELECT order_key FROM cells WHERE who IS NULL) GROUP BY order_key
        )
        """,
        order=quote_identifier(mapping.columns["order_id"]),
        who=text_sql(who, types),
    )
    blanks, fillable = one_row(connection, statement, {"source": str(raw.path)})
    if blanks == 0 or fillable < 0.5 * blanks:
        return False, []
    return True, [
        f"{count(fillable)} rows leave {who!r} blank below another row of their order: they take that one's."
    ]


def _listed(values: set[str]) -> str:
    return ", ".join(repr(value) for value in sorted(values)[:10])
