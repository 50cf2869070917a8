"""Numbers as shops write them -> DOUBLE, the separators decided over the whole column.

Read are ``1,234.56``, ``1.234,56``, ``1 234,56``, ``1'234.50``, ``1,24,000.00``, ``$1,240.00``, ``12,50 €``,
``Rs. 500``, ``-5``, ``5-``, ``(5.00)``, ``'75008`` and ``1.5e3``; ``12 %`` is no number. Each value is tried
with either decimal separator. What fits one reading only decides for the column; values that fit both and
differ (``1,234``) decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from churnkit.ingest.engine import compose, one_row
from churnkit.ingest.formats import RawTable, quote_identifier
from churnkit.ingest.values import blanks_sql, column_type, empty_sql, is_numeric, text_sql

_MAX_EXAMPLES = 5

_SYMBOLS = r"(?:US|C|CA|A|AU|NZ|HK|S|R|MX)?\$|[€£¥₹₺₽₩₪฿₫₴₦₱₡₲₵₸₼₾¢]"
_LOCAL = r"Rs\.?|kr\.?|zł|Kč|Ft|lei|leva|лв\.?|руб\.?|грн\.?|Fr\.?|SFr\.?|Rp\.?|RM|TL|DM"
_CODES = (
    "AED|ARS|AUD|BDT|BGN|BHD|BRL|CAD|CHF|CLP|CNY|COP|CRC|CZK|DKK|EGP|EUR|GBP|GEL|GHS|HKD|HRK|HUF|IDR|ILS|INR"
    "|ISK|JOD|JPY|KES|KRW|KWD|KZT|LKR|MAD|MXN|MYR|NGN|NOK|NZD|OMR|PEN|PHP|PKR|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD"
    "|THB|TND|TRY|TWD|UAH|USD|UYU|VND|ZAR"
)
_CURRENCY = rf"(?:{_SYMBOLS}|(?i:{_CODES}|{_LOCAL}))"

# Separators of thousands besides the other decimal separator; typographic ones are turned into these.
_GROUPING = {".": ", '", ",": ". '"}
_TYPOGRAPHIC = ("−‐‑–—’‘`´′", "-----'''''")

_COUNTS = """
    WITH readings AS (
        SELECT {text} AS value, {point} AS point, {comma} AS comma FROM read_parquet($source)
    )
    SELECT
        count(*),
        count(point),
        count(comma),
        count(*) FILTER (point IS NOT NULL AND comma IS NOT NULL),
        count(*) FILTER (point <> comma),
        count(*) FILTER (CASE WHEN point IS NULL THEN {empty} END),
        count(*) FILTER (CASE WHEN comma IS NULL THEN {empty} END)
    FROM readings
"""
_TYPED_COUNTS = """
    SELECT count(*), count({column}), count({number}) FROM read_parquet($source)
"""
_EXAMPLES = """
    SELECT {text} AS value FROM read_parquet($source)
    WHERE {condition} GROUP BY ALL ORDER BY count(*) DESC, value LIMIT {limit}
"""
_MARKS = """
    SELECT
        regexp_extract({text}, $grouping, 1) AS grouping_mark,
        trim(regexp_extract({text}, $currency)) AS currency,
        count(*) AS rows
    FROM read_parquet($source)
    WHERE NOT regexp_full_match({text}, $plain) AND {number} IS NOT NULL
    GROUP BY ALL ORDER BY rows DESC, currency, grouping_mark
"""


@dataclass(frozen=True)
class NumberFormat:
    """How a column writes numbers.

    Attributes
    ----------
    decimal, thousands
        Separators; ``thousands`` is None where the column has none. ``decimal`` is "." or ",".
    typed
        The column is numeric already (Parquet, Excel).
    ambiguous
        Nothing in the column decides whether ``1,234`` means 1234 or 1.234; ``examples`` shows such values.
    parseable, empty, bad
        Counts of values over the whole column; they add up to its rows.
    bad_examples
        Up to five values that are no numbers.
    currencies
        Currency symbols and codes met, the most frequent first.
    """

    decimal: str = "."
    thousands: str | None = None
    typed: bool = False
    ambiguous: bool = False
    examples: tuple[str, ...] = ()
    parseable: int = 0
    empty: int = 0
    bad: int = 0
    bad_examples: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()

    @property
    def share_parsed(self) -> float:
        """Share of the values that are not empty which parse, 0 where all are empty."""
        filled = self.parseable + self.bad
        return self.parseable / filled if filled else 0.0

    def words(self) -> str:
        """The format for a person: ``1,234.50, with $``."""
        if self.typed:
            return "numbers"
        example = f"1{self.thousands or ''}234{self.decimal}50"
        currency = f", with {' '.join(self.currencies)}" if self.currencies else ""
        doubt = ", though the separators may mean the opposite" if self.ambiguous else ""
        return f"written {example}{currency}{doubt}"


def detect_number_format(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, column: str, decimal: str | None = None
) -> NumberFormat:
    """Decide over the whole column how it writes numbers; ``decimal`` ("." or ",") overrides."""
    if is_numeric(column_type(connection, raw, column)):
        return _typed_format(connection, raw, column)
    source = {"source": str(raw.path)}
    text = text_sql(column)
    statement = compose(
        _COUNTS, text=text, point=_parse_sql(text, "."), comma=_parse_sql(text, ","), empty=empty_sql("value")
    )
    total, point, comma, both, differing, empty_point, empty_comma = one_row(connection, statement, source)
    undecided = point == comma and (differing > 0 or point > both)
    if decimal is None:
        # Where nothing in the column decides, semicolons hint at a decimal comma.
        comma_wins = comma > point or (undecided and raw.format.delimiter == ";")
        decimal = "," if comma_wins else "."
        ambiguous = undecided
    else:
        ambiguous = False
    parseable, empty = (point, empty_point) if decimal == "." else (comma, empty_comma)
    number = _parse_sql(text, decimal)
    bad = total - parseable - empty
    thousands, currencies = _marks(connection, raw, text, decimal)
    return NumberFormat(
        decimal=decimal,
        thousands=thousands,
        ambiguous=ambiguous,
        examples=_values(connection, raw, text, _differ_sql(text)) if ambiguous else (),
        parseable=parseable,
        empty=empty,
        bad=bad,
        bad_examples=_values(connection, raw, text, f"{number} IS NULL AND NOT {empty_sql(text)}")
        if bad
        else (),
        currencies=currencies,
    )


def number_sql(column: str, fmt: NumberFormat) -> str:
    """SQL expression: the column as DOUBLE, NULL where it is empty or no finite number."""
    if fmt.typed:
        number = f"CAST({quote_identifier(column)} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    return _parse_sql(text_sql(column), fmt.decimal)


def _typed_format(connection: duckdb.DuckDBPyConnection, raw: RawTable, column: str) -> NumberFormat:
    fmt = NumberFormat(typed=True)
    statement = compose(_TYPED_COUNTS, column=quote_identifier(column), number=number_sql(column, fmt))
    total, _, parseable = one_row(connection, statement, {"source": str(raw.path)})
    # NaN and infinity are how typed columns write a missing value.
    return NumberFormat(typed=True, parseable=parseable, empty=total - parseable)


def _parse_sql(text: str, decimal: str) -> str:
    """``text`` as DOUBLE under one reading. Plain numbers, by far the most, take the first branches."""
    mark = rf"\{decimal}"
    other = r"\," if decimal == "." else r"\."
    plain = rf" *[+-]?(\d+{mark}?\d*|{mark}\d+) *"
    exponent = rf" *[+-]?\d+({mark}\d*)?[eE][+-]?\d{{1,2}} *"
    # A single separator of the other kind that cannot group thousands: certainly not this reading.
    foreign = rf" *[+-]?\d*{other}(\d{{0,2}}|\d{{4,}}) *"
    pointed = text if decimal == "." else f"replace({text}, ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({text}, '{plain}|{exponent}') THEN TRY_CAST({pointed} AS DOUBLE)"
        f" WHEN {text} IS NULL OR regexp_full_match({text}, '{foreign}') THEN NULL"
        f" ELSE {_decorated_sql(text, decimal)} END"
    )


def _decorated_sql(text: str, decimal: str) -> str:
    """Numbers with grouped thousands, a currency, parentheses or a sign behind."""
    mark = rf"\{decimal}"
    group = "[" + _GROUPING[decimal].replace("'", "''") + "]"
    body = rf"[1-9]\d{{0,2}}(?:{group}\d{{2,3}})*{group}\d{{3}}(?:{mark}\d*)?|\d+(?:{mark}\d*)?|{mark}\d+"
    # A dash right behind the decimal mark (12.-) stands for no cents, elsewhere for the sign.
    pattern = (
        rf"^\(? *(?:[+-] *(?:{_CURRENCY} *)?|{_CURRENCY} *(?:[+-] *)?)?({body})"
        rf"(?: *-)?(?: *{_CURRENCY})?(?: *-)? *\)?$"
    )
    drawn, straight = _TYPOGRAPHIC
    tidy = f"translate({text}, '{drawn}', '{straight.replace(chr(39), chr(39) * 2)}')"
    tidy = f"trim(ltrim({blanks_sql(tidy)}, ''''))"
    separators = _GROUPING[decimal].replace("'", "''")
    digits = f"regexp_extract({tidy}, '{pattern}', 1)"
    if decimal == ".":
        digits = f"translate({digits}, '{separators}', '')"
    else:
        digits = f"translate({digits}, ',{separators}', '.')"
    negative = f"(starts_with({tidy}, '(') OR regexp_matches({tidy}, '(^|[^{mark}])-'))"
    balanced = f"(starts_with({tidy}, '(') = ends_with({tidy}, ')'))"
    magnitude = f"TRY_CAST({digits} AS DOUBLE)"
    return f"CASE WHEN {balanced} THEN CASE WHEN {negative} THEN -{magnitude} ELSE {magnitude} END END"


def _differ_sql(text: str) -> str:
    return f"{_parse_sql(text, '.')} IS DISTINCT FROM {_parse_sql(text, ',')}"


def _values(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, text: str, condition: str
) -> tuple[str, ...]:
    statement = compose(_EXAMPLES, text=text, condition=condition, limit=str(_MAX_EXAMPLES))
    rows = connection.execute(statement, {"source": str(raw.path)}).fetchall()
    return tuple(str(row[0]) for row in rows)


def _marks(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, text: str, decimal: str
) -> tuple[str | None, tuple[str, ...]]:
    """The most frequent separator of thousands, and the currencies."""
    statement = compose(_MARKS, text=text, number=_parse_sql(text, decimal))
    parameters = {
        "source": str(raw.path),
        "grouping": r"\d([^\w" + decimal + r"])\d{2,3}",
        "currency": _CURRENCY,
        "plain": rf" *[+-]?\d*\{decimal}?\d* *",
    }
    rows = connection.execute(statement, parameters).fetchall()
    groupings: dict[str, int] = {}
    currencies: dict[str, int] = {}
    for grouping, currency, count in rows:
        if grouping:
            groupings[grouping] = groupings.get(grouping, 0) + count
        if currency:
            currencies[currency] = currencies.get(currency, 0) + count
    thousands = max(groupings, key=lambda mark: groupings[mark]) if groupings else None
    return thousands, tuple(sorted(currencies, key=lambda currency: -currencies[currency]))
