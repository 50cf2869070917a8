"""Who bought: which cells name a customer, and how an id is written once it went through a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from churnkit.errors import DataError
from churnkit.ingest.cells import trimmed_sql
from churnkit.ingest.columns import ColumnMapping, Rules
from churnkit.ingest.engine import compose, counted, quote_identifier
from churnkit.ingest.files import TIDY, RawTable
from churnkit.ingest.questions import Question
from churnkit.text.figures import count

# Looking for a sign is several times as fast as matching, and a CASE matches only where it is found.
_ROUNDED = (
    "CASE WHEN contains(id, '+') THEN regexp_full_match(id, '[0-9]([.,][0-9]+)?[eE]\\+[0-9]+') ELSE false END"
)
_ID_FIELDS = ("customer_id", "order_id", "product_id")


@dataclass(frozen=True)
class Identity:
    """How ids are read.

    Attributes
    ----------
    fields
        The identity fields that are mapped, the first that is filled names the customer.
    without_decimals
        Id fields of orders and products whose text has a ``.0`` tail on some rows and none on others.
    both_spellings
        Customer ids are written with and without ``.0``: of each customer's, the most frequent stays.
    zero_is_guest
        The customer id ``0`` is nobody.
    """

    fields: tuple[str, ...]
    without_decimals: frozenset[str]
    zero_is_guest: bool
    both_spellings: bool = False
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def may_meet_again(self) -> bool:
        """Whether one person can stand in the file under several identities."""
        return self.both_spellings or bool({"email", "phone"} & set(self.fields))


def decide_identity(raw: RawTable, mapping: ColumnMapping, rules: Rules) -> tuple[ColumnMapping, Identity]:
    """Decide how customers are told apart; a customer_id column full of e-mail addresses becomes email.

    Raises
    ------
    DataError
        A spreadsheet rounded the customer ids (``1.23E+12``), so that different customers share one.
    """
    notes: list[str] = []
    mixed = _mixed_decimals(raw, mapping)
    zero_is_guest = bool(rules.zero_is_guest)
    if "customer_id" in mapping.columns:
        column = mapping.columns["customer_id"]
        facts = _facts(raw, column)
        if facts.rounded > 0.01 * facts.filled:
            raise DataError(
                f"Reading the customers: {count(facts.rounded)} of {count(facts.filled)} ids in {column!r} look like"
                f" {facts.example!r}: a spreadsheet rounded them, and different customers now share one id.",
                "Export again and use the file without opening it in a spreadsheet, or map an e-mail column.",
            )
        if facts.emails > 0.8 * facts.filled and "email" not in mapping.columns:
            columns = {
                ("email" if name == "customer_id" else name): col for name, col in mapping.columns.items()
            }
            mapping = replace(mapping, columns=columns)
        if rules.zero_is_guest is None and facts.zeros:
            # Ids that count from 0 have a 1 and a 2 as well, and 0 buys no more than others do.
            usual = (facts.filled - facts.zeros) / max(1, _distinct(raw, column) - 1)
            counts_from_zero = facts.small_ids == 2 and facts.zeros <= 10 * usual
            zero_is_guest = not counts_from_zero
            if counts_from_zero:
                notes.append(f"{column!r} counts from 0, so 0 is a customer like the others.")
    fields = tuple(field for field in ("customer_id", "email", "phone") if field in mapping.columns)
    return mapping, Identity(
        fields, mixed - {"customer_id"}, zero_is_guest, "customer_id" in mixed, tuple(notes)
    )


@dataclass(frozen=True)
class _Facts:
    filled: int
    zeros: int
    emails: int
    rounded: int
    small_ids: int
    example: str | None


def _facts(raw: RawTable, column: str) -> _Facts:
    found = raw.one(
        """
        SELECT {filled}, {zeros}, {emails}, {rounded},
               count(DISTINCT id) FILTER (WHERE id IN ('1', '2', '1.0', '2.0')), min(id) FILTER (WHERE {is_rounded})
        FROM (SELECT {id} AS id, {copies} AS copies FROM {cells})
        """,
        id=trimmed_sql(raw, column),
        filled=_rows_where("id IS NOT NULL"),
        zeros=_rows_where("id IN ('0', '0.0')"),
        emails=_rows_where("contains(id, '@')"),
        rounded=_rows_where(_ROUNDED),
        is_rounded=_ROUNDED,
        **raw.tally(column),
    )
    filled, zeros, emails, rounded, small_ids, example = found
    return _Facts(int(filled), int(zeros), int(emails), int(rounded), int(small_ids), example)


def _rows_where(condition: str) -> str:
    return f"coalesce(sum(copies) FILTER (WHERE {condition}), 0)"


def _distinct(raw: RawTable, column: str) -> int:
    """Different ids, approximately."""
    (found,) = raw.one(
        "SELECT approx_count_distinct({id}) FROM {cells}", id=trimmed_sql(raw, column), **raw.tally(column)
    )
    return int(found)


def _mixed_decimals(raw: RawTable, mapping: ColumnMapping) -> frozenset[str]:
    """Id fields that are written with ``.0`` on some rows and without on others: they were floats for a while.

    Where all have it, an id is what the file writes, so that it is found there again.
    """
    texts = {
        name: mapping.columns[name]
        for name in _ID_FIELDS
        if name in mapping.columns and raw.types[mapping.columns[name]] == "VARCHAR"
    }
    if not texts:
        return frozenset()
    columns = {}
    for name, column in texts.items():
        cell = quote_identifier(column)
        dotted, is_tidy = raw.one(
            "SELECT bool_or(contains({cell}, '.')), bool_and({tidy}) FROM {cells}",
            cell=cell,
            tidy=compose(TIDY, cell=cell),
            # Numbers of orders are many, and asked little.
            **raw.tally(column, asked_again=name != "order_id"),
        )
        if is_tidy:
            raw.tidy.add(column)
        if dotted:
            columns[name] = column
    if not columns:
        return frozenset()
    parts = [
        part
        for cell in (trimmed_sql(raw, column) for column in columns.values())
        for part in (
            f"bool_or(suffix({cell}, '.0')) AND bool_or(NOT contains({cell}, '.'))",
            counted(f"contains({cell}, '.') AND NOT suffix({cell}, '.0')"),
            counted(
                f"suffix({cell}, '.0') AND TRY_CAST(left({cell}, length({cell}) - 2) AS UBIGINT) IS NULL"
            ),
        )
    ]
    row = raw.one("SELECT {parts} FROM {raw}", parts=", ".join(parts))
    return frozenset(
        name
        for place, name in enumerate(columns)
        if row[3 * place] and not row[3 * place + 1] and not row[3 * place + 2]
    )
