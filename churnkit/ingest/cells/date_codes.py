"""Dates that are codes rather than three numbers with marks between them: counts, weeks, digits in a row, Persian years.

Each has a pattern for the whole cell, which RE2 and Python's ``re`` read alike, and SQL that makes a TIMESTAMP of a cell
that fits it, NULL where the calendar objects. Those of `DOUBTFUL` have a shape that other things have as well: they are
judged on a whole column (`churnkit.ingest.cells.odd_dates`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# Days from Excel's day 0 (1899-12-30) to 1970-01-01.
_EXCEL_EPOCH_DAYS = 25_569

_CLOCK = r"(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?"
_MONTHS = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DAY_NAMES = "(?i:mon|tue|wed|thu|fri|sat|sun)"
_PROGRAM = rf"{_DAY_NAMES} ({_MONTHS}) +(\d{{1,2}}) (\d{{2}}:\d{{2}}:\d{{2}})(?: [A-Z]{{2,5}})? (\d{{4}})"
_PERSIAN = rf"(1[34]\d{{2}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}"


@dataclass(frozen=True)
class DateCode:
    """One way to write a date: its pattern, its name for a person, the SQL of a cell's moment, and whether it has a time."""

    pattern: str
    words: str
    moment: Callable[[str], str]
    timed: bool = False

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern for a cell in Python."""
        return re.compile(rf" *(?:{self.pattern}) *")


def _number(text: str) -> str:
    return f"TRY_CAST({text} AS DOUBLE)"


def _excel(text: str) -> str:
    # Excel's fractions of a day are off by a few microseconds; a second is what people typed.
    return f"make_timestamp(CAST(round(({_number(text)} - {_EXCEL_EPOCH_DAYS}) * 86400) AS BIGINT) * 1000000)"


def _since_1970(factor: int) -> Callable[[str], str]:
    return lambda text: f"make_timestamp(CAST({_number(text)} * {factor} AS BIGINT))"


def _script(text: str) -> str:
    return f"make_timestamp(CAST(regexp_extract({text}, '-?\\d+') AS BIGINT) * 1000)"


def _strptime(layout: str, *, digits: int = 0) -> Callable[[str], str]:
    if digits:
        # A spreadsheet takes the zero off a number's beginning.
        return lambda text: f"try_strptime(lpad(trim({text}), {digits}, '0'), '{layout}')"
    return lambda text: f"try_strptime(trim({text}), '{layout}')"


def _program(text: str) -> str:
    parts = f"regexp_replace(trim({text}), '^{_PROGRAM}$', '\\2 \\1 \\4 \\3')"
    return f"try_strptime({parts}, '%d %b %Y %H:%M:%S')"


def _leap_years(year: str) -> str:
    """SQL expression: Persian leap years up to this one; every 33 years have 8."""
    part = f"mod({year}, 33)"
    return (
        f"(8 * ({year} // 33) + CASE WHEN {part} < 21 THEN ({part} + 3) // 4 ELSE 5 + ({part} - 18) // 4 END)"
    )


def _persian(text: str) -> str:
    """1 Farvardin 1300 is 21 March 1921; six months of 31 days, five of 30, and 29 or 30."""
    year, month, day = (
        f"CAST(regexp_extract({text}, '{_PERSIAN}', {place}) AS INTEGER)" for place in (1, 2, 3)
    )
    before = f"({year} - 1)"
    leap = f"{_leap_years(year)} - {_leap_years(before)}"
    days = (
        f"365 * ({year} - 1300) + {_leap_years(before)} - {_leap_years('1299')}"
        f" + CASE WHEN {month} <= 7 THEN 31 * ({month} - 1) ELSE 30 * ({month} - 1) + 6 END + {day} - 1"
    )
    longest = f"CASE WHEN {month} <= 6 THEN 31 WHEN {month} <= 11 THEN 30 ELSE 29 + {leap} END"
    clock = f"nullif(regexp_extract({text}, '{_PERSIAN}', 4), '')"
    time = f"coalesce(TRY_CAST({clock} AS INTERVAL), INTERVAL 0 DAY)"
    right = f"{month} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND {longest}"
    return f"CASE WHEN {right} THEN TIMESTAMP '1921-03-21' + to_days(CAST({days} AS INTEGER)) + {time} END"


CODES: dict[str, DateCode] = {
    "excel": DateCode(r"\d{5}(?:\.\d+)?", "Excel's day numbers", _excel, True),
    "excel_comma": DateCode(
        r"\d{5},\d+", "Excel's day numbers", lambda text: _excel(f"replace({text}, ',', '.')"), True
    ),
    # From 2001 to 2065: other numbers of as many digits are telephone numbers and bar codes.
    "epoch_s": DateCode(r"[12]\d{9}(?:\.\d+)?", "seconds since 1970", _since_1970(1_000_000), True),
    "epoch_ms": DateCode(r"[12]\d{12}(?:\.0)?", "milliseconds since 1970", _since_1970(1_000), True),
    "epoch_us": DateCode(r"[12]\d{15}(?:\.0)?", "microseconds since 1970", _since_1970(1), True),
    "script": DateCode(
        r"/Date\(\d{12,13}(?:[+-]\d{4})?\)/", "/Date(milliseconds since 1970)/", _script, True
    ),
    "week_day": DateCode(r"\d{4}-W\d{2}-\d", "year, week and day of the week", _strptime("%G-W%V-%u")),
    "year_day": DateCode(r"\d{4}-\d{3}", "year and day of the year", _strptime("%Y-%j")),
    "program": DateCode(_PROGRAM, "weekday month d H:M:S zone Y", _program, True),
    "dmy8": DateCode(r"\d{7,8}", "dmY in digits", _strptime("%d%m%Y", digits=8)),
    "mdy8": DateCode(r"\d{7,8}", "mdY in digits", _strptime("%m%d%Y", digits=8)),
    "ymd6": DateCode(r"\d{6}", "ymd in digits", _strptime("%y%m%d")),
    "dmy6": DateCode(r"\d{5,6}", "dmy in digits", _strptime("%d%m%y", digits=6)),
    "mdy6": DateCode(r"\d{5,6}", "mdy in digits", _strptime("%m%d%y", digits=6)),
    "persian": DateCode(_PERSIAN, "Y/m/d of the Persian calendar", _persian, True),
}
DOUBTFUL = ("persian", "dmy8", "mdy8", "ymd6", "dmy6", "mdy6")
IN_DIGITS = DOUBTFUL[1:]
"""Dates of which nothing but digits is written, in an order that only all of a column's cells tell."""
