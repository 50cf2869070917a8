"""What the statuses and row types of a file mean for its rows."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.cells import StatusClass, classify_event, classify_status, number_sql, text_sql
from churnkit.ingest.columns import ColumnMapping, Reading, Rules
from churnkit.ingest.engine import counted
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Question
from churnkit.ingest.rows.money_rules import MoneyRules
from churnkit.ingest.rows.value_meanings import ValueMeaning
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
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    meanings: tuple[ValueMeaning, ...] = ()


def decide_statuses(
    raw: RawTable, mapping: ColumnMapping, rules: Rules, money: MoneyRules, reading: Reading
) -> Statuses:
    """Decide which values of the status columns take a row out, and which types of rows give money back."""
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
        values = _values(raw, column)
        if len(values) > _MAX_STATUSES:
            notes.append(
                f"{column!r} has {count(len(values))} different values, so it is not read as a status."
            )
            continue
        strict = rules.strict_statuses and field == "status"
        for value in values:
            verdict = _answered(value, reading) or classify_status(value, rules.status_words)
            if strict and value not in reading.statuses and value not in rules.status_words:
                verdict = "cancelled" if verdict in ("cancelled", "returned") else "unpaid"
            if verdict == "returned":
                # A shop that books refunds as rows of their own marks them so; others mark the order itself.
                negative = _mostly_negative(raw, mapping, money, column, value)
                verdict = "keep" if negative else "cancelled"
            verdicts[verdict].add(value)
    if verdicts["unknown"]:
        notes.append(f"Kept, as their meaning is unknown: statuses {_listed(verdicts['unknown'])}.")
    refunds, refund_notes = _refund_events(raw, mapping)
    return Statuses(
        tuple(sorted(verdicts["cancelled"])),
        tuple(sorted(verdicts["unpaid"])),
        tuple(sorted(verdicts["keep"])),
        rules.strict_statuses and "status" in mapping.columns,
        refunds,
        (*notes, *refund_notes),
    )


def _answered(value: str, reading: Reading) -> StatusClass | None:
    answer = reading.statuses.get(value)
    return None if answer is None else "keep" if answer == "counts" else "cancelled"


def _refund_events(raw: RawTable, mapping: ColumnMapping) -> tuple[tuple[str, ...], list[str]]:
    column = mapping.columns.get("event_type")
    if column is None:
        return (), []
    classes = {value: classify_event(value) for value in _values(raw, column)}
    refunds = tuple(sorted(value for value, verdict in classes.items() if verdict == "return"))
    unknown = {value for value, verdict in classes.items() if verdict == "unknown"}
    notes = [f"Read as sales, as their meaning is unknown: row types {_listed(unknown)}."] if unknown else []
    return refunds, notes


def _values(raw: RawTable, column: str) -> list[str]:
    """The values in lower case, the most frequent first."""
    rows = raw.rows(
        """
        SELECT value, count(*) AS rows FROM (SELECT {value} AS value FROM {raw})
        WHERE value <> '' GROUP BY value ORDER BY rows DESC, value LIMIT $limit
        """,
        {"limit": _MAX_STATUSES + 1},
        value=_plain(column),
    )
    return [row[0] for row in rows]


def _mostly_negative(
    raw: RawTable, mapping: ColumnMapping, money: MoneyRules, column: str, value: str
) -> bool:
    """Whether rows with this status give money back."""
    signs = [
        f"{number_sql(mapping.columns[name], fmt)} < 0"
        for name, fmt in money.numbers.items()
        if name in ("amount", "quantity", "unit_price", "order_total")
    ]
    rows, negative = raw.one(
        "SELECT count(*), {negative} FROM {raw} WHERE {value} = $value",
        {"value": value},
        negative=counted(" OR ".join(signs)),
        value=_plain(column),
    )
    return bool(negative > 0.95 * rows)


def _plain(column: str) -> str:
    return f"lower(trim({text_sql(column)}))"


def _listed(values: set[str]) -> str:
    return ", ".join(repr(value) for value in sorted(values)[:10])
