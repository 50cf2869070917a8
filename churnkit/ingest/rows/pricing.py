"""Which figures make a row's money, and in which notation and currency they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import duckdb

from churnkit.config import IngestSettings
from churnkit.errors import DataError, MappingError
from churnkit.ingest.cells.numbers import NumberFormat, detect_number_format, number_sql
from churnkit.ingest.columns.cell_evidence import HEAD_ROWS
from churnkit.ingest.columns.column_pairs import HEAD, Relations
from churnkit.ingest.columns.export_rules import Rules
from churnkit.ingest.columns.mapping import ColumnMapping
from churnkit.ingest.columns.synonyms import normalise_header
from churnkit.ingest.engine import compose, counted, one_row
from churnkit.ingest.files.raw_table import RawTable, quote_identifier
from churnkit.text.figures import count

NUMERIC = ("quantity", "unit_price", "amount", "order_total", "discount", "refunded")
Route = Literal["amount", "order_total", "unit_price"]
DiscountKind = Literal["money", "rate", "percent"]

# A few orders were edited by hand; more of them mean that the figure is not the order's.
_CONSTANT_SHARE = 0.9
_MIN_ORDERS = 10
_SYMBOL_CODES = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₺": "TRY",
    "₽": "RUB",
    "₩": "KRW",
    "₪": "ILS",
    "zł": "PLN",
}


@dataclass(frozen=True)
class Pricing:
    """How a row's money is made.

    Attributes
    ----------
    route
        The field that money comes from; ``unit_price`` is multiplied by quantity.
    numbers
        Notation by numeric field.
    once_per_order
        Fields among discount, refunded, order_total whose figure counts once an order.
    discount_kind
        ``rate`` is a share 0..1 of the line, ``percent`` a share 0..100.
    codes
        Currencies in the currency column, in capitals; empty without one.
    symbols
        Currency signs to look for in the money column, where there is no currency column and several signs.
    currency
        The one currency of the analysis, None where the file names none.
    """

    route: Route
    numbers: Mapping[str, NumberFormat]
    once_per_order: frozenset[str]
    discount_kind: DiscountKind
    codes: tuple[str, ...]
    symbols: tuple[str, ...]
    currency: str | None
    notes: tuple[str, ...] = ()


def decide_pricing(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    rules: Rules,
    settings: IngestSettings,
) -> Pricing:
    """Decide how money is read.

    Raises
    ------
    MappingError
        A column mapped as a number holds none, or its decimal separator stays open.
    DataError
        The currency that was chosen does not occur.
    """
    notes: list[str] = []
    numbers = _number_formats(connection, raw, mapping, mapping.decimal or settings.decimal, notes)
    route = _route(mapping)
    once = set(rules.once_per_order)
    relations = Relations(connection, raw)
    if not rules.once_per_order:
        route, once = _repeated_figures(relations, mapping, route, notes)
    discount_kind = _discount_kind(connection, raw, mapping, numbers, notes)
    if discount_kind != "money":
        once.discard("discount")
    if route == "unit_price" and "quantity" not in mapping.columns:
        notes.append("Without a quantity, each row counts as one piece.")
    codes, symbols, currency = _currencies(connection, raw, mapping, numbers.get(route), settings)
    return Pricing(route, numbers, frozenset(once), discount_kind, codes, symbols, currency, tuple(notes))


def currency_label(symbol: str) -> str:
    """The ISO code of a sign that belongs to one currency; ``$`` and ``kr`` belong to several and stay."""
    return _SYMBOL_CODES.get(symbol, symbol.upper() if symbol.isalpha() and len(symbol) == 3 else symbol)


def _route(mapping: ColumnMapping) -> Route:
    if "amount" in mapping.columns:
        return "amount"
    return "order_total" if "order_total" in mapping.columns else "unit_price"


def _number_formats(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    decimal: str | None,
    notes: list[str],
) -> dict[str, NumberFormat]:
    columns = {name: mapping.columns[name] for name in NUMERIC if name in mapping.columns}
    formats = {
        name: detect_number_format(connection, raw, column, decimal) for name, column in columns.items()
    }
    for name, fmt in formats.items():
        if fmt.share_parsed < 0.5 and fmt.bad + fmt.parseable > 0:
            examples = ", ".join(repr(text) for text in fmt.bad_examples)
            raise MappingError(
                f"Reading the numbers: {columns[name]!r} is mapped as {name}, but {count(fmt.bad)} of"
                f" {count(fmt.bad + fmt.parseable)} filled cells are no numbers, for example {examples}.",
                f"Map {name} to a column of numbers, or leave it out.",
            )
    decided = {fmt.decimal for fmt in formats.values() if not (fmt.ambiguous or fmt.typed) and fmt.thousands}
    decided |= {
        fmt.decimal
        for name, fmt in formats.items()
        if not (fmt.ambiguous or fmt.typed) and name != "quantity"
    }
    for name, fmt in formats.items():
        if not fmt.ambiguous:
            continue
        if len(decided) == 1:
            (separator,) = decided
            formats[name] = detect_number_format(connection, raw, columns[name], separator)
            notes.append(
                f"{columns[name]!r} is read with {separator!r} as decimal separator, as the other numbers."
            )
            continue
        examples = ", ".join(repr(text) for text in fmt.examples[:3])
        raise MappingError(
            f"Reading the numbers: nothing in {columns[name]!r} tells whether its separator marks thousands"
            f" or decimals, for example {examples}.",
            'Say which character marks decimals: "decimal": "." or "," in the mapping file (--map).',
        )
    return formats


def _repeated_figures(
    relations: Relations, mapping: ColumnMapping, route: Route, notes: list[str]
) -> tuple[Route, set[str]]:
    """Fields whose figure is the order's and stands on each of its lines; a total that varies is a line's."""
    order = mapping.columns.get("order_id")
    once: set[str] = set()
    if order is None:
        return route, once
    if route == "order_total":
        total = mapping.columns["order_total"]
        multiple, constant = relations.constancy(order, total)
        if constant >= _CONSTANT_SHARE * multiple:
            once.add("order_total")
        else:
            notes.append(
                f"{total!r} differs between the lines of {count(multiple - constant)} of {count(multiple)} orders, so"
                " it is summed over the lines."
            )
    for name in ("discount", "refunded"):
        if name not in mapping.columns:
            continue
        multiple, constant = relations.constancy(order, mapping.columns[name], without_zeros=True)
        if multiple >= _MIN_ORDERS and constant >= 0.95 * multiple:
            once.add(name)
            notes.append(
                f"{mapping.columns[name]!r} is the same on every line of an order: it counts once an order."
            )
    return route, once


def _discount_kind(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    numbers: Mapping[str, NumberFormat],
    notes: list[str],
) -> DiscountKind:
    column = mapping.columns.get("discount")
    if column is None:
        return "money"
    gross = "NULL"
    if "unit_price" in numbers:
        gross = number_sql(mapping.columns["unit_price"], numbers["unit_price"])
        if "quantity" in numbers:
            gross += " * " + number_sql(mapping.columns["quantity"], numbers["quantity"])
    elif "amount" in numbers:
        gross = number_sql(mapping.columns["amount"], numbers["amount"])
    statement = compose(
        """
        SELECT {given}, coalesce(max(share), 0), {fractions}, {impossible}
        FROM (SELECT abs({discount}) AS share, {gross} AS gross FROM {head})
        """,
        given=counted("share <> 0"),
        fractions=counted("share <> round(share)"),
        impossible=counted("share > abs(gross) + 0.005"),
        discount=number_sql(column, numbers["discount"]),
        gross=gross,
        head=HEAD,
    )
    given, largest, fractions, impossible = one_row(
        connection, statement, {"source": str(raw.path), "head": HEAD_ROWS}
    )
    words = set(normalise_header(column).split())
    says_share = "%" in column or bool(
        words & {"percent", "percentage", "pct", "rate", "prozent", "pourcentage"}
    )
    if says_share:
        return "percent" if largest > 1 else "rate"
    if largest <= 1 and fractions:
        notes.append(f"{column!r} holds shares between 0 and 1, not money.")
        return "rate"
    if largest <= 100 and impossible > max(_MIN_ORDERS, 0.05 * given):
        notes.append(f"{column!r} exceeds the price on {count(impossible)} rows, so it is read as percent.")
        return "percent"
    return "money"


def _currencies(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: ColumnMapping,
    money: NumberFormat | None,
    settings: IngestSettings,
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """(codes of the currency column, signs in the money column where several, the analysis currency)."""
    chosen = (settings.currency or mapping.currency or "").strip().upper() or None
    column = mapping.columns.get("currency")
    if column is not None:
        statement = compose(
            """
            SELECT DISTINCT code
            FROM (SELECT upper(trim(CAST({column} AS VARCHAR))) AS code FROM read_parquet($source))
            WHERE code <> '' ORDER BY code
            """,
            column=quote_identifier(column),
        )
        codes = tuple(row[0] for row in connection.execute(statement, {"source": str(raw.path)}).fetchall())
        _require_currency(chosen, codes)
        return codes, (), chosen or (codes[0] if len(codes) == 1 else None)
    found = money.currencies if money else ()
    labels = tuple(currency_label(symbol) for symbol in found)
    if len(set(labels)) > 1:
        _require_currency(chosen, labels)
        return labels, found, chosen
    return (), (), chosen or (labels[0] if labels else None)


def _require_currency(chosen: str | None, codes: tuple[str, ...]) -> None:
    if chosen is not None and codes and chosen not in codes:
        raise DataError(
            f"Choosing the currency: {chosen} was asked for, but the file has {', '.join(codes[:20])}.",
            "Choose one of these.",
        )
