"""Numbers as shops write them -> DOUBLE, the separators decided over the whole column.

Read are ``1,234.56``, ``1.234,56``, ``1 234,56``, ``1'234.50``, ``1,24,000.00``, ``$1,240.00``, ``12,50 €``,
``Rs. 500``, ``-5``, ``5-``, ``(5.00)``, ``2 pcs``, ``'75008`` and ``1.5e3``; ``12 %`` is a number under a header of
discounts only. Each value is tried with either decimal separator. What fits one reading only decides for the column;
values that fit both and differ (``1,234``) decide nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

import duckdb

from churnkit.ingest.cells.cell_text import (
    BLANKS,
    MIN_SAMPLE_SHARE,
    count_filled,
    empty_sql,
    even_sample,
    examples,
    is_numeric,
    most_frequent,
    text_sql,
)
from churnkit.ingest.engine import compose, quote_identifier
from churnkit.ingest.files import RawTable

_SYMBOLS = r"(?:US|C|CA|A|AU|NZ|HK|NT|S|R|MX)?\$|[€£¥￥₹₺₽₩￦₪฿₫₴₦₱₡₲₵₸₼₾¢円圓元원]"
_LOCAL = (
    r"Rs\.?|kr\.?|zł(?:\.|otych)?|zl|Kč|Kc|Ft|lei|leva|лв\.?|рублей|рубля|руб\.?|р\.?|грн\.?|дин\.?|din\.?|ден\.?|тг|сум"
    r"|Fr\.?|SFr\.?|Rp\.?|RM|TL|DM|KM|đ|S/\.?|euros?|日元|人民币|RMB|ر\.س\.?|د\.إ\.?|د\.ك\.?|ج\.م\.?|د\.م\.?|ريال|درهم|جنيه"
)
_CODES = (
    "AED|ARS|AUD|BDT|BGN|BHD|BRL|CAD|CHF|CLP|CNY|COP|CRC|CZK|DKK|EGP|EUR|GBP|GEL|GHS|HKD|HRK|HUF|IDR|ILS|INR"
    "|ISK|JOD|JPY|KES|KRW|KWD|KZT|LKR|MAD|MXN|MYR|NGN|NOK|NZD|OMR|PEN|PHP|PKR|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD"
    "|THB|TND|TRY|TWD|UAH|USD|UYU|VND|ZAR"
)
# What stands behind a number of pieces: 2 Stk, 3x.
_PIECES = r"st\.?|stk\.?|stck\.?|stück|pcs?\.?|pieces?|units?|ea\.?|x|×|szt\.?|pz\.?|pzas?\.?|uds?\.?|шт\.?|adet|ks|個|个|件"
_CURRENCY = rf"(?:{_SYMBOLS}|(?i:{_CODES}|{_LOCAL}))"
_CURRENCY_PATTERN = re.compile(_CURRENCY)
_PLAIN = re.compile(r" *[+-]?\d+(?:[.,]\d+)? *", re.ASCII)

# Separators of thousands besides blanks and apostrophes, by decimal separator.
_GROUPING = {".": ",", ",": r"\."}
# A header that says so makes whole numbers hundredths of the currency.
_HUNDREDTHS = re.compile(
    r"(?<![A-Za-z])(?i:cents|pence|centimes|centavos|minor[ _]?units?)(?![A-Za-z])|(?<=[a-z])Cents\b"
)
# Shares of the price, under a header of one of these.
_DISCOUNTS = re.compile(
    "discount|rabat|nachlass|skonto|remise|descuento|desconto|sconto|korting|slev[ay]|indirim|kedvezm|скидк|割引|折扣|할인",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\s*[-−]?\s*\d+(?:[.,]\d+)?\s*[%％]\s*", re.ASCII)
_MOST = 0.9
# Of the cells that only one separator reads: fewer of the other are slips, which are left out as such.
_SLIPS, _FEW = 0.02, 10
_APOSTROPHES = "'’‘´`′"
_DASHES = "−–—‐‑-"

_NUMBERS = """
    SELECT cell FROM (SELECT unnest($cells) AS cell) WHERE {point} IS NOT NULL OR {comma} IS NOT NULL
"""
_COUNTS = """
    WITH readings AS (
        SELECT {text} AS value, {point} AS point, {comma} AS comma FROM {raw}
    )
    SELECT
        count(*),
        count(point),
        count(comma),
        count(*) FILTER (point IS NOT NULL AND comma IS NOT NULL),
        count(*) FILTER (point <> comma),
        count(*) FILTER (CASE WHEN point IS NULL THEN {empty} END),
        count(*) FILTER (CASE WHEN comma IS NULL THEN {empty} END),
        count(*) FILTER (NOT regexp_full_match(value, '{plain}'))
    FROM readings
"""
_PLAIN_COUNTS = """
    SELECT sum({copies}), sum({copies}) FILTER ({text} IS NOT NULL),
           sum({copies}) FILTER (regexp_full_match({text}, '{pattern}'))
    FROM {cells}
"""
# Thousands come in threes.
_POINT_MARKS_DECIMALS = re.compile(r"\.(?:\d{1,2}|\d{4,})$")
_TYPED_COUNTS = """
    SELECT count(*), count({number}) FROM {raw}
"""
_OTHER_CURRENCIES = """
    SELECT regexp_extract({text}, $currency) AS currency, count(*) AS rows
    FROM {raw}
    WHERE CASE WHEN regexp_full_match({text}, $plain) OR {known} THEN false ELSE {number} IS NOT NULL END
    GROUP BY ALL HAVING currency <> '' ORDER BY rows DESC, currency
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
    hundredths
        The header says cents and all figures are whole: `number_sql` divides by 100.
    mixed
        Some cells are written with ``decimal``, others with the other separator, and none fits both and differs.
    percent
        Cells bear the sign of per cent, see `number_sql`: 10 stands for ``10 %``.
    ambiguous
        Nothing in the column decides whether ``1,234`` means 1234 or 1.234; ``examples`` shows such values.
    parseable, empty, bad
        Counts of values over the whole column; they add up to its rows.
    bad_examples
        Up to five values that are no numbers.
    currencies
        Currency symbols and codes met, the most frequent first.
    plain
        Every cell was looked at and is empty or a number as programs write it: a cast reads what the patterns would.
    """

    decimal: str = "."
    thousands: str | None = None
    typed: bool = False
    hundredths: bool = False
    mixed: bool = False
    percent: bool = False
    ambiguous: bool = False
    examples: tuple[str, ...] = ()
    parseable: int = 0
    empty: int = 0
    bad: int = 0
    bad_examples: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    plain: bool = field(default=False, compare=False, repr=False)

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
        others = ", in some cells the other way round" if self.mixed else ""
        return f"written {example}{currency}{others}{doubt}"


def detect_number_format(raw: RawTable, column: str, decimal: str | None = None) -> NumberFormat:
    """Decide over the whole column how it writes numbers; ``decimal`` ("." or ",") overrides.

    A column of which not even 1 % of an even sample are numbers is something else: all that it holds counts
    as bad.
    """
    fmt = _detected(raw, column, decimal)
    if not (_HUNDREDTHS.search(column) and fmt.parseable):
        return fmt
    (whole,) = raw.one("SELECT bool_and({value} = round({value})) FROM {raw}", value=number_sql(column, fmt))
    return replace(fmt, hundredths=bool(whole))


def _detected(raw: RawTable, column: str, decimal: str | None, *, percent: bool = False) -> NumberFormat:
    if is_numeric(raw.types[column]):
        return _typed_format(raw, column)
    text = _without_sign_sql(column) if percent else text_sql(column)
    empty = empty_sql(text)
    sample = even_sample(raw, text, empty)
    if not percent and _DISCOUNTS.search(column) and _are_shares(sample):
        return replace(_detected(raw, column, decimal, percent=True), percent=True, plain=False)
    numbers = _numbers(raw.connection, sample)
    if not numbers or len(numbers) < MIN_SAMPLE_SHARE * len(sample):
        total, filled = count_filled(raw, empty)
        return NumberFormat(empty=total - filled, bad=filled, bad_examples=most_frequent(sample))
    plain = _plain_format(raw, column, numbers) if decimal in (None, ".") and not percent else None
    if plain is not None:
        return plain
    total, point, comma, both, differing, empty_point, empty_comma, decorated = raw.one(
        _COUNTS,
        text=text,
        point=_parse_sql(text, "."),
        comma=_parse_sql(text, ","),
        empty=empty_sql("value"),
        plain=_PLAIN.pattern,
    )
    own = min(point, comma) - both
    mixed = decimal is None and differing == 0 and own >= max(_FEW, _SLIPS * (point + comma))
    undecided = decimal is None and not mixed and point == comma and (differing > 0 or point > both)
    if decimal is None:
        # Where nothing in the column decides, semicolons hint at a decimal comma.
        comma_wins = comma > point or (undecided and raw.format.delimiter == ";")
        decimal = "," if comma_wins else "."
    parseable, empties = (point, empty_point) if decimal == "." else (comma, empty_comma)
    if mixed:
        parseable = point + comma - both
        empties = min(empty_point, empty_comma)
    number = _mixed_sql(text, decimal) if mixed else _parse_sql(text, decimal)
    bad = total - parseable - empties
    return NumberFormat(
        decimal=decimal,
        mixed=mixed,
        thousands=_thousands(numbers, decimal),
        ambiguous=undecided,
        examples=examples(raw, text, _differ_sql(text)) if undecided else (),
        parseable=parseable,
        empty=empties,
        bad=bad,
        bad_examples=examples(raw, text, f"{number} IS NULL AND NOT {empty}") if bad else (),
        currencies=_currencies(raw, text, decimal, numbers) if decorated else (),
    )


def number_sql(column: str, fmt: NumberFormat) -> str:
    """SQL expression: the column as DOUBLE, NULL where it is empty or no finite number."""
    if fmt.typed:
        number = f"CAST({quote_identifier(column)} AS DOUBLE)"
        number = f"CASE WHEN isfinite({number}) THEN {number} END"
    elif fmt.plain:
        number = f"TRY_CAST({text_sql(column)} AS DOUBLE)"
    else:
        text = _without_sign_sql(column) if fmt.percent else text_sql(column)
        number = _mixed_sql(text, fmt.decimal) if fmt.mixed else _parse_sql(text, fmt.decimal)
    return f"({number}) / 100" if fmt.hundredths else number


def _without_sign_sql(column: str) -> str:
    return f"rtrim({text_sql(column)}, ' %％')"


def _are_shares(sample: list[str]) -> bool:
    """Nearly all cells that are not 0 bear the sign of per cent."""
    cells = [cell for cell in sample if cell.strip() not in ("0", "0.0", "0.00", "0,00")]
    return bool(cells) and sum(_SHARE.fullmatch(cell) is not None for cell in cells) >= _MOST * len(cells)


def _plain_format(raw: RawTable, column: str, numbers: list[str]) -> NumberFormat | None:
    """The format of a column of nothing but ``12``, or ``12.5`` that no reading with a decimal comma takes.

    Most columns of numbers are so, and one look at each cell tells it where all the readings take ten.
    """
    decided = any(_POINT_MARKS_DECIMALS.search(number) for number in numbers)
    pattern = r"[+-]?\d+(\.\d+)?" if decided else r"[+-]?\d+"
    row = raw.one(_PLAIN_COUNTS, text=text_sql(column), pattern=pattern, **raw.tally(column))
    # A sum of nothing is NULL.
    total, filled, plain = (int(count or 0) for count in row)
    if plain < filled:
        return None
    return NumberFormat(parseable=plain, empty=total - filled, plain=not raw.is_sample)


def _typed_format(raw: RawTable, column: str) -> NumberFormat:
    fmt = NumberFormat(typed=True)
    total, parseable = raw.one(_TYPED_COUNTS, number=number_sql(column, fmt))
    # NaN and infinity are how typed columns write a missing value.
    return NumberFormat(typed=True, parseable=parseable, empty=total - parseable)


def _parse_sql(text: str, decimal: str) -> str:
    """``text`` as DOUBLE under one reading. Plain numbers, by far the most, take the first branches."""
    mark = rf"\{decimal}"
    other = r"\," if decimal == "." else r"\."
    unsigned = rf"(?:\d+{mark}?\d*|{mark}\d+)"
    plain = rf" *[+-]?{unsigned} *| *[+-]?\d+(?:{mark}\d*)?[eE][+-]?\d{{1,2}} *"
    # A single separator of the other kind that cannot group thousands: certainly not this reading.
    foreign = rf"[^\d.,]*\d+{other}(?:\d{{0,2}}|\d{{4,}})[^\d.,]*"
    pointed = text if decimal == "." else f"replace({text}, ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({text}, '{plain}') THEN TRY_CAST({pointed} AS DOUBLE)"
        f" WHEN {text} IS NULL OR regexp_full_match({text}, '{foreign}') THEN NULL"
        f" WHEN regexp_full_match({text}, '[$€£¥₹] ?{unsigned}') THEN TRY_CAST({pointed}[2:] AS DOUBLE)"
        f" WHEN regexp_full_match({text}, '{_decorated(decimal)}') THEN {_decorated_sql(text, decimal)} END"
    )


def _mixed_sql(text: str, decimal: str) -> str:
    other = "," if decimal == "." else "."
    return f"coalesce({_parse_sql(text, decimal)}, {_parse_sql(text, other)})"


def _decorated(decimal: str) -> str:
    """The pattern of a number with grouped thousands, a currency, a sign or parentheses; group 1 its digits."""
    mark = rf"\{decimal}"
    apostrophes = _APOSTROPHES.replace("'", "''")
    group = f"[{_GROUPING[decimal]}{apostrophes}{BLANKS[1:-2]}]"
    digits = rf"[1-9]\d{{0,2}}(?:{group}\d{{2,3}})*{group}\d{{3}}(?:{mark}\d*)?|\d+(?:{mark}\d*)?|{mark}\d+"
    sign = f"[+{_DASHES}]{BLANKS}"
    before = f"(?:{sign})?(?:{_CURRENCY}{BLANKS}(?:{sign})?)?"
    # A dash right behind the decimal mark (12.-) stands for no cents, elsewhere for the sign.
    unit = f"(?:{_CURRENCY}|(?i:{_PIECES}))"
    behind = f"(?:{BLANKS}[{_DASHES}])?(?:{BLANKS}{unit})?(?:{BLANKS}[{_DASHES}])?"
    return rf"{BLANKS}[{apostrophes}]?{BLANKS}\(?{BLANKS}{before}({digits}){behind}{BLANKS}\)?{BLANKS}"


def _decorated_sql(text: str, decimal: str) -> str:
    mark = rf"\{decimal}"
    digits = f"regexp_extract({text}, '^{_decorated(decimal)}$', 1)"
    digits = f"regexp_replace({digits}, '[^0-9{decimal}]', '', 'g')"
    if decimal == ",":
        digits = f"replace({digits}, ',', '.')"
    magnitude = f"TRY_CAST({digits} AS DOUBLE)"
    negative = rf"regexp_matches({text}, '\(|(?:^|[^{decimal}]|[^\d]{mark})[{_DASHES}]')"
    balanced = f"contains({text}, '(') = contains({text}, ')')"
    return f"CASE WHEN {balanced} THEN CASE WHEN {negative} THEN -{magnitude} ELSE {magnitude} END END"


def _numbers(connection: duckdb.DuckDBPyConnection, cells: list[str]) -> list[str]:
    """Those of the cells that are numbers under one reading or the other."""
    plain = [cell for cell in cells if _PLAIN.fullmatch(cell)]
    rest = [cell for cell in cells if not _PLAIN.fullmatch(cell) and any(map(str.isdigit, cell))]
    if rest:
        statement = compose(_NUMBERS, point=_parse_sql("cell", "."), comma=_parse_sql("cell", ","))
        plain += [str(row[0]) for row in connection.execute(statement, {"cells": rest}).fetchall()]
    return plain


def _differ_sql(text: str) -> str:
    return f"{_parse_sql(text, '.')} IS DISTINCT FROM {_parse_sql(text, ',')}"


def _currencies(raw: RawTable, text: str, decimal: str, sample: list[str]) -> tuple[str, ...]:
    """The sample's currencies, then those of the cells that bear none of them."""
    seen = Counter(match[0] for match in map(_CURRENCY_PATTERN.search, sample) if match)
    bound = {
        "currency": _CURRENCY,
        "plain": _PLAIN.pattern,
        **{f"known_{number}": currency for number, currency in enumerate(seen)},
    }
    known = " OR ".join(f"contains({text}, $known_{number})" for number in range(len(seen))) or "false"
    others = raw.rows(_OTHER_CURRENCIES, bound, text=text, number=_parse_sql(text, decimal), known=known)
    return (*(currency for currency, _ in seen.most_common()), *(currency for currency, _ in others))


def _thousands(sample: list[str], decimal: str) -> str | None:
    """The most frequent separator of thousands in the sample, for words only."""
    mark = re.compile(rf"\d([^\w{decimal}])\d{{2,3}}(?!\d)")
    marks = Counter(match[1] for match in map(mark.search, sample) if match)
    return marks.most_common(1)[0][0] if marks else None
