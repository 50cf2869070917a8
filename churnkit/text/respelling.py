"""Sentences that an analysis left behind, with their figures in the locale of whoever reads them.

An analysis writes its sentences once, in British English, and many may read them: in other countries, through a link, or
after the shop changed its mind. Figures have few shapes there, all from `text.figures`, so they are found again by them.
What stands in “quotation marks” is a name from the shop's file and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from churnkit.text.currencies import SYMBOLS
from churnkit.text.figures import amount_of, unit_around
from churnkit.text.locale import current
from churnkit.text.locale_style import NARROW, Locale
from churnkit.text.locale_table import DEFAULT

_QUOTED = re.compile("(“[^”]*”)")
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MONTH = "|".join(DEFAULT.months)
_BY_SIGN = {sign: code for code, sign in SYMBOLS.items()}
_ANY_SIGN = f"[{''.join(_BY_SIGN)}]"
_SIZES = {word: size for size, word in DEFAULT.steps}


def respelled(text: str, currency: str | None = None) -> str:
    """A sentence in the current locale.

    Parameters
    ----------
    currency
        In which its amounts are written; without it those with a sign are found by that.

    Examples
    --------
    >>> from churnkit.text.locale import using
    >>> with using("de-DE"):
    ...     respelled("On 3 Dec 2025 it cost £1,234 for “Tea 1.5 l”.", "GBP").replace(NARROW, " ")
    'On 3. Dez. 2025 it cost 1.234 £ for “Tea 1.5 l”.'
    """
    here = current()
    if here is DEFAULT or not any(letter.isdigit() for letter in text):
        return text
    pattern = _figures(currency)
    parts = _QUOTED.split(text)
    parts[::2] = [pattern.sub(lambda found: _again(found, currency, here), part) for part in parts[::2]]
    return "".join(parts)


@lru_cache(maxsize=64)
def _figures(currency: str | None) -> re.Pattern[str]:
    before, after = (
        (re.escape(part) for part in unit_around(currency, DEFAULT)) if currency else (_ANY_SIGN, "")
    )
    amount = rf"(?P<minus>-?)(?P<unit>{before})(?P<amount>{_NUMBER})(?P<size>[KMB]?){after}"
    # Inside a word, a version, an address or a time of day there is no figure.
    return re.compile(
        rf"(?<![\w.,:/#-])(?:"
        rf"(?P<day>\d{{1,2}}) (?P<month>{_MONTH}) (?P<year>\d{{4}})(?:, (?P<time>\d\d:\d\d))?"
        rf"|(?P<month_only>{_MONTH}) (?P<year_only>\d{{4}})"
        rf"|(?P<share>[+-]?{_NUMBER})[ {NARROW}]?%"
        rf"|{amount}"
        rf"|(?P<number>[+-]?{_NUMBER})"
        rf")(?!\w|[.,:/]\d)"
    )


def _again(found: re.Match[str], currency: str | None, here: Locale) -> str:
    for part, write in _WRITERS.items():
        if found[part] is not None:
            return write(found, currency, here)
    return found[0]


def _day(found: re.Match[str], currency: str | None, here: Locale) -> str:
    month = DEFAULT.months.index(found["month"]) + 1
    try:
        day = date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return found[0]
    if found["time"] is None:
        return here.date(day)
    moment = datetime.fromisoformat(f"{day} {found['time']}")
    return f"{here.date(day)}, {here.time(moment)}"


def _month(found: re.Match[str], currency: str | None, here: Locale) -> str:
    return here.month_of(int(found["year_only"]), DEFAULT.months.index(found["month_only"]) + 1)


def _share(found: re.Match[str], currency: str | None, here: Locale) -> str:
    sign = "+" if found["share"].startswith("+") else ""
    return sign + here.share(here.spelled(found["share"].removeprefix("+")))


def _amount(found: re.Match[str], currency: str | None, here: Locale) -> str:
    figure = here.spelled(found["amount"]) + _step(found["size"], here)
    return amount_of(figure, bool(found["minus"]), currency or _BY_SIGN[found["unit"]])


def _number(found: re.Match[str], currency: str | None, here: Locale) -> str:
    return here.spelled(found["number"])


def _step(letter: str, here: Locale) -> str:
    """The locale's word for a larger unit; the English letter where it has none of that size."""
    return next((word for size, word in here.steps if size == _SIZES.get(letter)), letter)


_WRITERS: dict[str, Callable[[re.Match[str], str | None, Locale], str]] = {
    "day": _day,
    "month_only": _month,
    "share": _share,
    "amount": _amount,
    "number": _number,
}
