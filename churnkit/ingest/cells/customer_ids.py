"""Who bought: which cells name a customer, and how an id is written once it went through a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from churnkit.errors import DataError
from churnkit.ingest.columns.export_rules import Rules
from churnkit.ingest.columns.mapping import ColumnMapping
from churnkit.ingest.engine import compose, counted, one_row
from churnkit.ingest.files.raw_table import RawTable, quote_identifier
from churnkit.text.figures import count

_BLANKS = " \t\r\n\u00a0\u2007\u202f\ufeff"
_ROUNDED = (
    "(contains(id, 'E+') OR contains(id, 'e+')) AND regexp_full_match(id, '[0-9]([.,][0-9]+)?[eE]\\+[0-9]+')"
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
        Id fields whose text lost a ``.0`` tail on the way (``17850.0``).
    zero_is_guest
        The customer id ``0`` is nobody.
    """

    fields: tuple[str, ...]
    without_decimals: frozenset[str]
    zero_is_guest: bool
    notes: tuple[str, ...] = ()


def text_sql(column: str, types: Mapping[str, str]) -> str:
    """SQL expression: the cell as trimmed text, NULL where empty; whole floats lose their ``.0``."""
    quoted = quote_identifier(column)
    if types[column] in ("DOUBLE", "FLOAT") or types[column].startswith("DECIMAL"):
        whole = f"TRY_CAST({quoted} AS HUGEINT)"
        return (
            f"CASE WHEN isnan(CAST({quoted} AS DOUBLE)) THEN NULL WHEN {whole} = {quoted}"
            f" THEN CAST({whole} AS VARCHAR) ELSE CAST({quoted} AS VARCHAR) END"
        )
    if types[column] == "VARCHAR":
        # Trimming a set of characters costs ten times as much as looking whether there is one of them.
        blank_ends = f"contains('{_BLANKS}', left({quoted}, 1)) OR contains('{_BLANKS}', right({quoted}, 1))"
        return f"CASE WHEN {blank_ends} THEN nullif(trim({quoted}, '{_BLANKS}'), '') ELSE {quoted} END"
    return f"CAST({quoted} AS VARCHAR)"


def decide_identity(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    rules: Rules,
    types: Mapping[str, str],
) -> tuple[ColumnMapping, Identity]:
    """Decide how customers are told apart; a customer_id column full of e-mail addresses becomes email.

    Raises
    ------
    DataError
        A spreadsheet rounded the customer ids (``1.23E+12``), so that different customers share one.
    """
    notes: list[str] = []
    without_decimals = _lost_decimals(connection, raw, mapping, types)
    zero_is_guest = bool(rules.zero_is_guest)
    if "customer_id" in mapping.columns:
        column = mapping.columns["customer_id"]
        facts = _facts(connection, raw, column, types)
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
            usual = (facts.filled - facts.zeros) / max(1, facts.distinct - 1)
            counts_from_zero = facts.small_ids == 2 and facts.zeros <= 10 * usual
            zero_is_guest = not counts_from_zero
            if counts_from_zero:
                notes.append(f"{column!r} counts from 0, so 0 is a customer like the others.")
    fields = tuple(field for field in ("customer_id", "email", "phone") if field in mapping.columns)
    return mapping, Identity(fields, without_decimals, zero_is_guest, tuple(notes))


@dataclass(frozen=True)
class _Facts:
    filled: int
    distinct: int
    zeros: int
    small_ids: int
    emails: int
    rounded: int
    example: str | None


def _facts(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, column: str, types: Mapping[str, str]
) -> _Facts:
    statement = compose(
        """
        SELECT count(id), approx_count_distinct(id), {zeros},
               count(DISTINCT id) FILTER (WHERE id IN ('1', '2', '1.0', '2.0')), {emails},
               {rounded}, min(id) FILTER (WHERE {is_rounded})
        FROM (SELECT {id} AS id FROM read_parquet($source))
        """,
        id=text_sql(column, types),
        zeros=counted("id IN ('0', '0.0')"),
        emails=counted("contains(id, '@')"),
        rounded=counted(_ROUNDED),
        is_rounded=_ROUNDED,
    )
    return _Facts(*one_row(connection, statement, {"source": str(raw.path)}))


def _lost_decimals(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, mapping: ColumnMapping, types: Mapping[str, str]
) -> frozenset[str]:
    """Id fields whose every decimal point is followed by a lone 0: they were floats for a while."""
    texts = {
        name: mapping.columns[name]
        for name in _ID_FIELDS
        if name in mapping.columns and types[mapping.columns[name]] == "VARCHAR"
    }
    if not texts:
        return frozenset()
    dots = ", ".join(f"bool_or(contains({quote_identifier(column)}, '.'))" for column in texts.values())
    found = one_row(
        connection,
        compose("SELECT {dots} FROM read_parquet($source)", dots=dots),
        {"source": str(raw.path)},
    )
    columns = {name: column for (name, column), dotted in zip(texts.items(), found, strict=True) if dotted}
    if not columns:
        return frozenset()
    parts = [
        part
        for cell in (text_sql(column, types) for column in columns.values())
        for part in (
            counted(f"suffix({cell}, '.0')"),
            counted(f"contains({cell}, '.') AND NOT suffix({cell}, '.0')"),
            counted(
                f"suffix({cell}, '.0') AND TRY_CAST(left({cell}, length({cell}) - 2) AS UBIGINT) IS NULL"
            ),
        )
    ]
    statement = compose("SELECT {parts} FROM read_parquet($source)", parts=", ".join(parts))
    row = one_row(connection, statement, {"source": str(raw.path)})
    return frozenset(
        name
        for place, name in enumerate(columns)
        if row[3 * place] and not row[3 * place + 1] and not row[3 * place + 2]
    )
