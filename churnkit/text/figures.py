"""How figures are written on every screen and in every report: one way each, in the signs of `text.locale`.

The examples are those of the default, British English.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from churnkit.text.currencies import minor_units, symbol, told_currency
from churnkit.text.locale import current
from churnkit.text.locale_style import NARROW as NARROW
from churnkit.text.locale_style import Locale

UNKNOWN = "–"
# From here on an amount is written without its cents.
WHOLE_FROM = 1000
_SUM_DIGITS = 6
# Blanks that may become one space; that between a figure and its unit keeps the two together.
_BLANKS = re.compile(rf"[^\S{NARROW}]+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:&^=@.])")


def _missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def count(value: float | None) -> str:
    """A number of things: ``15,247``.

    Examples
    --------
    >>> count(15247)
    '15,247'
    """
    return UNKNOWN if value is None or _missing(value) else current().number(value, 0)


def decimal(value: float | None, digits: int = 2) -> str:
    """A number with up to ``digits`` decimals, trailing zeros left out."""
    if value is None or _missing(value):
        return UNKNOWN
    text = f"{value:,.{digits}f}"
    return current().spelled(text.rstrip("0").rstrip(".") if "." in text else text)


def counted(number: float, noun: str, plural: str | None = None) -> str:
    """``1,204 orders``, ``1 order``; the plural is the noun with an s unless given."""
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def people(value: float | None) -> str:
    """Customers to be expected, who come in parts only while there are few: ``3.4``, ``86``."""
    return decimal(value, 1) if value is None or value < 10 else count(value)


def score(value: float | None, digits: int = 3) -> str:
    """A figure of merit with all its decimals, so that a column of them lines up: ``0.812``."""
    return UNKNOWN if value is None or _missing(value) else current().number(value, digits)


def signed(value: float | None, digits: int = 2) -> str:
    """A difference with its sign and all its decimals: ``+0.41``."""
    return UNKNOWN if value is None or _missing(value) else current().number(value, digits, plus=True)


def significant(value: float | None, digits: int = 3) -> str:
    """A number to so many significant digits: ``0.00213``, ``1.2e-09``; what is no number is named: ``nan``."""
    return UNKNOWN if value is None else current().spelled(f"{value:.{digits}g}")


def decimal_digits(value: float, digits: int) -> int:
    """Decimals with which :func:`decimal` writes a number."""
    return len(f"{value:.{digits}f}".rstrip("0").partition(".")[2]) if digits else 0


def lost(points: float | None) -> str:
    """Points that are deducted: ``-0.5``."""
    return decimal(None if points is None else -points)


def ratio(value: float | None) -> str:
    """So many times as much, without the word: ``2.5``, ``4``; whole from 10 on."""
    return UNKNOWN if value is None or _missing(value) else decimal(value, ratio_digits(value))


def ratio_digits(value: float) -> int:
    """Decimals to which :func:`ratio` rounds."""
    return 1 if abs(value) < 10 else 0


def times(value: float | None) -> str:
    """``2.5 times``, ``4 times``."""
    return UNKNOWN if value is None or _missing(value) else f"{ratio(value)} times"


def percent(share: float | None, digits: int | None = None) -> str:
    """A share of 0..1: ``18.7 %``, ``78 %``; one decimal below 20 %, where it tells something.

    ``digits`` writes so many all the same: those of a column.

    Examples
    --------
    >>> percent(0.154).replace(NARROW, " "), percent(0.78).replace(NARROW, " ")
    ('15.4 %', '78 %')
    """
    if share is None or _missing(share):
        return UNKNOWN
    here = current()
    if is_edge(share):
        bound = here.share(here.number(99.9 if share > 0.5 else 0.1, 1))
        return f">{NARROW}{bound}" if share > 0.5 else f"{'-' if share < 0 else ''}<{NARROW}{bound}"
    if digits is not None:
        return here.share(here.number(100 * share, digits))
    return here.share(here.number(percent_number(share), percent_digits(share)))


def drawn(share: float) -> str:
    """A bar as text, of ten parts where it is whole: for tables, whose cells hold nothing else.

    Examples
    --------
    >>> drawn(0.77)
    '━━━━━━━━'
    """
    return "━" * min(10, math.floor(10 * share + 0.5))


def is_edge(share: float) -> bool:
    """Whether :func:`percent` writes a bound instead of the share: almost nothing, or almost all."""
    value = 100 * share
    return 0 < abs(value) < 0.1 or 99.95 <= value < 100


def percent_number(share: float) -> float:
    """A share of 0..1 in percent, rounded as :func:`percent` writes it: 0.154 is 15.4, 0.7834 is 78.0.

    It is 0.1 or 99.9 where ``percent`` writes ``<`` or ``>``.
    """
    value = 100 * share
    if 0 < abs(value) < 0.1:
        return math.copysign(0.1, value)
    if 99.95 <= value < 100:
        return 99.9
    # Adding nothing takes the sign from a negative zero.
    return round(value, 1 if abs(value) < 20 or 99 < value < 100 else 0) + 0.0


def percent_digits(share: float) -> int:
    """Decimals with which :func:`percent` writes a share of 0..1."""
    return 0 if percent_number(share).is_integer() else 1


def signed_percent(share: float | None) -> str:
    """A change as a share: ``+12 %``, ``-3.5 %``."""
    text = percent(share)
    return f"+{text}" if share is not None and share > 0 else text


def points(difference: float | None) -> str:
    """A difference of two shares in percentage points, with its sign: ``+1.3``."""
    return signed(None if difference is None else 100 * difference, 1)


def money(value: float | None, currency: str | None = None, digits: int | None = None) -> str:
    """An amount: with cents below 1,000, whole above; the currency's sign before it or its code behind it.

    ``digits`` writes so many decimals all the same: those of a column.

    Examples
    --------
    >>> money(150.5, "GBP"), money(12_345.6, "EUR"), money(150.5, "JPY"), money(None)
    ('£150.50', '€12,346', '¥150', '–')
    """
    if value is None or _missing(value):
        return UNKNOWN
    currency = currency or told_currency()
    # The order in which a sum was added must not decide how a half is rounded.
    value = round(value, _SUM_DIGITS)
    digits = money_digits(value, currency) if digits is None else digits
    return amount_of(current().number(abs(value), digits), round(value, digits) < 0, currency)


def money_digits(value: float, currency: str | None) -> int:
    """Decimals that an amount is written with: those of the currency below 1,000, none from there on."""
    digits = minor_units(currency)
    return digits if round(abs(value), digits) < WHOLE_FROM else 0


def short_money(value: float | None, currency: str | None = None) -> str:
    """An amount for a card: ``£47.2K``, ``$1.3M``.

    Examples
    --------
    >>> short_money(47_210, "GBP"), short_money(1_300_000, "USD")
    ('£47.2K', '$1.3M')
    """
    if value is None or _missing(value):
        return UNKNOWN
    size = round(abs(value), _SUM_DIGITS)
    here = current()
    for step, word in here.steps:
        if size >= 10 * step or (size >= step and step > 1e3):
            figure = here.spelled(f"{size / step:,.1f}".removesuffix(".0"))
            return amount_of(figure + word, value < 0, currency)
    return money(value, currency)


def amount_of(figure: str, negative: bool, currency: str | None) -> str:
    """A figure without its sign, as an amount."""
    currency = currency or told_currency()
    sign = "-" if negative else ""
    if not currency:
        return f"{sign}{figure}"
    before, after = unit_around(currency, current())
    if "¤-" in current().amount.replace(NARROW, ""):
        return f"{before}{sign}{figure}"
    return f"{sign}{before}{figure}{after}"


def unit_around(currency: str | None, here: Locale) -> tuple[str, str]:
    """What stands before and after the figure of an amount, with its blank: ``("£", "")``, ``("", " €")``."""
    if not currency:
        return "", ""
    unit = here.signs.get(currency.upper()) or symbol(currency)
    pattern = here.amount.replace("-", "")
    # A code glued to the digits cannot be read.
    if not unit and NARROW not in pattern:
        return "", f"{NARROW}{currency}"
    before, after = pattern.split("#")
    return before.replace("¤", unit or currency), after.replace("¤", unit or currency)


def days(value: float | None) -> str:
    """``1 day``, ``94 days``.

    Examples
    --------
    >>> days(1), days(94)
    ('1 day', '94 days')
    """
    if value is None or _missing(value):
        return UNKNOWN
    return counted(round(value), "day")


def day(value: date | datetime | str | None) -> str:
    """``9 Dec 2011`` from a date, a time or ISO text.

    Examples
    --------
    >>> day("2011-12-09")
    '9 Dec 2011'
    """
    if value is None or value == "" or value != value:
        return UNKNOWN
    moment = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return current().date(moment)


def instant(moment: datetime | str | None) -> str:
    """``9 Dec 2011, 12:50`` from a time or ISO text."""
    if moment is None or moment == "" or moment != moment:
        return UNKNOWN
    value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{day(value)}, {current().time(value)}"


def month(text: str) -> str:
    """``Dec 2011`` from ``2011-12``."""
    return current().month_of(int(text[:4]), int(text[5:7]))


def size(byte_count: float) -> str:
    """``840 kB``, ``12.4 MB``."""
    for step, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if byte_count >= step:
            return f"{decimal(byte_count / step, 1)} {unit}"
    return f"{count(byte_count)} bytes"


def duration(seconds: float) -> str:
    """``40 seconds``, ``2 minutes``: roughly, as a person would say it."""
    if seconds < 90:
        whole = max(1, round(seconds))
        return "1 second" if whole == 1 else f"{whole} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{decimal(seconds / 3600, 1)} hours"


def escape_markdown(text: object, limit: int = 200) -> str:
    """Text from a shop's file for a place that reads Markdown: shown as it is, on one line, cut at ``limit``."""
    line = _BLANKS.sub(" ", str(text)[: 4 * limit]).strip()
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", line)
