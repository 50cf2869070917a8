"""What the kinds of rows of a file mean: sales, money given back, and rows that are no purchases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.ingest.cells import RowKind, classify_row_kind, trimmed_sql, without_accents
from churnkit.ingest.columns import ColumnMapping, Reading, RowKindAnswer, Rules, normalise_header
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Choice, Question
from churnkit.ingest.rows.money_rules import MoneyRules
from churnkit.ingest.rows.row_money import row_money_sql
from churnkit.ingest.rows.value_meanings import KnownBy, ValueMeaning
from churnkit.text import figures

# A column with more values than this tells no kinds of rows.
_MAX_KINDS = 200
# Billing types of SAP (FKART): invoices, credit notes and what cancels either, and papers that are no bills.
_SAP_HEADERS = ("fkart", "fakturaart")
_SAP: Mapping[str, RowKindAnswer] = {
    **dict.fromkeys(("F1", "F2", "L2", "S2", "BV"), "sale"),
    **dict.fromkeys(("RE", "G2", "S1"), "return"),
    **dict.fromkeys(("F5", "F8"), "left_out"),
}
_LABELS: Mapping[RowKindAnswer, str] = {
    "sale": "is a sale",
    "return": "gives money back",
    "left_out": "is no purchase and is left out",
}


@dataclass(frozen=True)
class RowKinds:
    """Values in lower case of the column of row kinds that give money back, and that are no purchases."""

    returns: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    meanings: tuple[ValueMeaning, ...] = ()


@dataclass(frozen=True)
class _Kind:
    value: str
    text: str
    rows: int
    orders: int
    amount: float | None
    negative_rows: int


def decide_row_kinds(
    raw: RawTable, mapping: ColumnMapping, rules: Rules, money: MoneyRules, reading: Reading
) -> RowKinds:
    """Decide what rows of each kind are; a kind in unknown words is asked, never taken for a sale."""
    column = mapping.columns.get("event_type")
    if column is None:
        return RowKinds()
    kinds = _kinds(raw, column, mapping, money)
    if len(kinds) > _MAX_KINDS:
        words = f"{column!r} has more than {figures.count(_MAX_KINDS)} different values, so it tells no kinds of rows."
        return RowKinds(notes=(words,))
    meant = _meant(kinds, rules, reading, _SAP if normalise_header(column) in _SAP_HEADERS else {})
    meanings = tuple(
        ValueMeaning("row_kind", column, kind.text, kind.rows, kind.orders, kind.amount, *meant[kind.value])
        for kind in kinds
        if kind.value in meant
    )
    left_out = [item for item in meanings if item.meaning == "left_out"]
    return RowKinds(
        returns=tuple(value for value, (meaning, _) in meant.items() if meaning == "return"),
        left_out=tuple(value for value, (meaning, _) in meant.items() if meaning == "left_out"),
        notes=(_left_out_note(column, left_out),) if left_out else (),
        questions=tuple(_question(column, kind) for kind in kinds if kind.value not in meant),
        meanings=meanings,
    )


def _meant(
    kinds: list[_Kind], rules: Rules, reading: Reading, codes: Mapping[str, RowKindAnswer]
) -> dict[str, tuple[RowKindAnswer, KnownBy]]:
    """What is known; a means of payment tells nothing of its row, and is a sale like the rest of its column."""
    words = {kind.value: classify_row_kind(kind.text) for kind in kinds}
    no_kinds = not {"return", "left_out"} & set(words.values()) and "method" in words.values()
    meant: dict[str, tuple[RowKindAnswer, KnownBy]] = {}
    for kind in kinds:
        answer = reading.row_kinds.get(kind.value) or reading.row_kinds.get(kind.text.strip().lower())
        if answer is not None:
            meant[kind.value] = answer, "answer"
        elif (own := _own(kind.text, rules)) is not None:
            meant[kind.value] = own, "system"
        elif kind.text.strip() in codes:
            meant[kind.value] = codes[kind.text.strip()], "system"
        elif no_kinds:
            meant[kind.value] = "sale", "nothing"
        else:
            known = _known(words[kind.value], set(words.values()))
            if known is not None:
                meant[kind.value] = known, "word"
    return meant


def _own(text: str, rules: Rules) -> RowKindAnswer | None:
    plain = without_accents(text)
    return next((kind for part, kind in rules.kind_words.items() if part in plain), None)


def _known(kind: RowKind, others: set[RowKind]) -> RowKindAnswer | None:
    """A payment is a sale, unless the sales that it pays stand in the file as well."""
    if kind == "payment":
        return None if "sale" in others else "sale"
    return kind if kind in ("sale", "return", "left_out") else None


def _kinds(raw: RawTable, column: str, mapping: ColumnMapping, money: MoneyRules) -> list[_Kind]:
    order = mapping.columns.get("order_id")
    found = raw.rows(
        """
        SELECT lower(kind), min(kind), count(*) AS lines, {orders}, sum(money), count(*) FILTER (WHERE money < 0)
        FROM (SELECT {kind} AS kind, {order} AS order_key, {money} AS money FROM {raw})
        WHERE kind IS NOT NULL GROUP BY lower(kind) ORDER BY lines DESC, lower(kind) LIMIT $limit
        """,
        {"limit": _MAX_KINDS + 1},
        kind=trimmed_sql(raw, column),
        order=trimmed_sql(raw, order) if order else "CAST(NULL AS VARCHAR)",
        orders="count(DISTINCT order_key)" if order else "count(*)",
        money=row_money_sql(mapping, money),
    )
    return [_Kind(*row) for row in found]


def _question(column: str, kind: _Kind) -> Question:
    money = "" if kind.amount is None else f" ({figures.money(kind.amount)})"
    likeliest: RowKindAnswer = "return" if kind.negative_rows > 0.5 * kind.rows else "sale"
    answers = sorted(_LABELS, key=lambda answer: answer != likeliest)
    return Question(
        "row_kinds",
        f"{figures.counted(kind.rows, 'row')}{money} have {kind.text!r} in {column!r}, and it does not say whether they"
        " are sales.",
        f'Say what they are: --row-kind "{kind.text}=sale", "{kind.text}=return" or "{kind.text}=left_out".',
        tuple(
            Choice(_LABELS[answer], {"row_kinds": {kind.value: answer}}, kind.rows, kind.orders, kind.amount)
            for answer in answers
        ),
        "--row-kind",
    )


def _left_out_note(column: str, left_out: list[ValueMeaning]) -> str:
    words = ", ".join(f"{item.value!r} ({figures.count(item.rows)})" for item in left_out[:10])
    return f"Rows that {column!r} says are no purchases are left out: {words}."
