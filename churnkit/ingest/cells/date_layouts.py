"""The ways in which a single cell writes a date or a time of day.

A layout is a ``strptime`` format, with ``%z`` for a zone that is dropped and ``%n`` for fractions of a second, or the
name of one of `churnkit.ingest.cells.date_codes`; one with a shape of `churnkit.ingest.cells.dates_in_words` before it
is that of the date in numbers. Dates of three numbers are written day first (``%d/%m/%Y``); `parse_sql` swaps day and
month. Each layout has a pattern, so that ``strptime`` only sees what fits: its failures cost ten times as much as a
pattern.
"""

from __future__ import annotations

import re
from functools import lru_cache

from churnkit.ingest.cells.date_codes import CODES, DOUBTFUL
from churnkit.ingest.cells.dates_in_words import in_numbers, in_numbers_sql, shape_words, tagged, untagged

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SHORT_MONTHS = "|".join([*(month[:3] for month in _MONTHS), "sept"])
_ALIKE = str.maketrans("123456789", "000000000")
_BLANK = "[ \u00a0\u202f]"
_ZONE = r" ?(?:Z|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?|[A-Z]{3,5})(?: ?\([^)]*\))?"

_TOKENS = {
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%m": r"\d{1,2}",
    "%d": r"\d{1,2}",
    "%b": f"(?i:{_SHORT_MONTHS})",
    "%B": f"(?i:{'|'.join(_MONTHS)})",
    "%a": "(?i:mon|tue|wed|thu|fri|sat|sun)",
    "%A": "(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    "%H": r"\d{1,2}",
    "%I": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
    "%n": r"\d{1,9}",
    "%p": r"(?i:[ap]\.?m\.?)",
    "%z": _ZONE,
    " ": f"{_BLANK}+",
}
_COMPACT_TOKENS = {**_TOKENS, "%m": r"\d{2}", "%d": r"\d{2}", "%H": r"\d{2}"}
_TOKEN_WORDS = {
    "%n": "fraction",
    "%z": " zone",
    "%I": "H",
    "%p": "AM/PM",
    "%b": "month",
    "%B": "month",
    "%a": "weekday",
    "%A": "weekday",
}

_MONTH_NAME = rf"(?P<month>(?i:{'|'.join(_MONTHS)}|{_SHORT_MONTHS}))"
_DATES = (
    (r"\d{4}(?P<s>[-/.])\d{1,2}(?P=s)\d{1,2}", "%Y{s}%m{s}%d"),
    (r"\d{1,2}(?P<s>[-/.])\d{1,2}(?P=s)\d{4}", "%d{s}%m{s}%Y"),
    (r"\d{1,2}(?P<s>[-/.])\d{1,2}(?P=s)\d{2}", "%d{s}%m{s}%y"),
    (rf"{_MONTH_NAME}(?P<s>[-/. ])\d{{1,2}}(?P<e>[-/.]|,? )\d{{4}}", "{month}{s}%d{e}%Y"),
    (rf"{_MONTH_NAME}(?P<s>[-/. ])\d{{1,2}}(?P<e>[-/.]|,? )\d{{2}}", "{month}{s}%d{e}%y"),
    (rf"\d{{1,2}}(?P<s>[-/. ]){_MONTH_NAME}(?P<e>[-/.]|,? )\d{{4}}", "%d{s}{month}{e}%Y"),
    (rf"\d{{1,2}}(?P<s>[-/. ]){_MONTH_NAME}(?P<e>[-/.]|,? )\d{{2}}", "%d{s}{month}{e}%y"),
    (rf"\d{{4}}(?P<s>[-/. ]){_MONTH_NAME}(?P=s)\d{{1,2}}", "%Y{s}{month}{s}%d"),
    (r"\d{8}", "%Y%m%d"),
)
_WEEKDAY = r"(?:(?P<weekday>(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*)(?P<after_weekday>,? ))?"
_TIME = (
    r"(?P<hour>\d{1,2})(?P<colon>:)\d{2}(?P<second>:\d{2})?(?P<fraction>\.\d{1,9})?(?P<half> ?[AaPp]\.?[Mm]\.?)?"
    rf"(?P<zone>{_ZONE})?"
)
# Behind a date only: alone it is a number.
_TIME_WITH_DOTS = (
    r"(?P<hour>\d{1,2})(?P<colon>\.)\d{2}(?P<second>\.\d{2})?(?P<fraction>,\d{1,9})?(?P<half> ?[AaPp]\.?[Mm]\.?)?"
    rf"(?P<zone>{_ZONE})?"
)
_PATTERNS = tuple(
    (re.compile(rf"{_WEEKDAY}{date}(?:(?P<joint>T|,? +(?:at +)?){time})?"), layout)
    for time in (_TIME, _TIME_WITH_DOTS)
    for date, layout in _DATES
)
_TIME_PATTERN = re.compile(_TIME)
_DIGITS = (
    (re.compile(r"\d{8}\.0"), "%Y%m%d.0"),
    (re.compile(r"\d{8} \d{4}"), "%Y%m%d %H%M"),
    (re.compile(r"\d{8} \d{6}"), "%Y%m%d %H%M%S"),
    (re.compile(r"\d{8}T\d{6}"), "%Y%m%dT%H%M%S"),
    (re.compile(rf"\d{{8}}T\d{{6}}{_ZONE}"), "%Y%m%dT%H%M%S%z"),
    (re.compile(r"\d{12}"), "%Y%m%d%H%M"),
    (re.compile(r"\d{14}"), "%Y%m%d%H%M%S"),
    *((code.compiled, name) for name, code in CODES.items() if name not in DOUBTFUL),
    # Whether they are dates, and of which order, is judged on the whole column.
    (re.compile(r"\d{7}"), "dmy8"),
    (re.compile(r"\d{6}"), "ymd6"),
)


def date_layout(value: str) -> str | None:
    """The layout of a cell, None where it is no date. Only the shape is judged, not the calendar."""
    text = _plain_blanks(value)
    layout = _plain_layout(text)
    if layout is not None:
        return layout
    found = in_numbers(text)
    inner = _plain_layout(found[1]) if found else None
    return tagged(found[0], inner) if found and inner else None


def _plain_layout(text: str) -> str | None:
    # No pattern tells digits apart, but for the first of a number of seconds.
    return _layout_of_shape(text[:1] + text[1:].translate(_ALIKE))


@lru_cache(maxsize=1024)
def _layout_of_shape(text: str) -> str | None:
    for pattern, layout in _DIGITS:
        if pattern.fullmatch(text):
            return layout
    for pattern, layout in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _weekday(match) + _date(match, layout) + _joint(match) + _time(match)
    return None


def time_layout(value: str) -> str | None:
    """The layout of a time of day, None where it is none."""
    match = _TIME_PATTERN.fullmatch(_plain_blanks(value))
    return _time(match) if match else None


def _plain_blanks(value: str) -> str:
    return re.sub(f"{_BLANK}+", " ", value).strip()


def _weekday(match: re.Match[str]) -> str:
    if not match["weekday"]:
        return ""
    return ("%a" if len(match["weekday"]) == 3 else "%A") + match["after_weekday"]


def _date(match: re.Match[str], layout: str) -> str:
    groups = match.groupdict()
    if groups.get("month"):
        name = groups["month"].lower()
        # "May" is its own short form; "Sept" is cut to three letters before it is parsed.
        groups["month"] = "%B" if name in _MONTHS and name != "may" else "%b"
    return layout.format(**groups)


def _joint(match: re.Match[str]) -> str:
    return re.sub(" +", " ", match["joint"] or "")


def _time(match: re.Match[str]) -> str:
    if not match["hour"]:
        return ""
    colon = match["colon"]
    layout = f"%I{colon}%M" if match["half"] else f"%H{colon}%M"
    layout += f"{colon}%S" if match["second"] else ""
    layout += f"{match['fraction'][0]}%n" if match["fraction"] else ""
    if match["half"]:
        layout += " %p" if match["half"].startswith(" ") else "%p"
    return layout + ("%z" if match["zone"] else "")


def pattern_of(layout: str) -> str:
    """The layout as a regular expression of RE2, for the whole cell."""
    if layout in CODES:
        return rf" *(?:{CODES[layout].pattern}) *"
    tokens = _COMPACT_TOKENS if "%Y%m%d" in layout else _TOKENS
    pieces = re.findall(r"%.|.", layout)
    return " *" + "".join(tokens.get(piece) or re.escape(piece) for piece in pieces) + " *"


def has_order(layout: str) -> bool:
    """Whether the layout is one of three numbers whose first two may be day and month or the reverse."""
    return layout.startswith("%d") and layout[3:5] == "%m"


def has_short_year(layout: str) -> bool:
    """Whether the layout is one of three numbers that ends with a year of two digits, which may as well begin with it."""
    return has_order(layout) and layout[6:8] == "%y"


def year_before_month(layout: str) -> str:
    """The layout of `has_short_year` with the year first and the day last."""
    return f"%y{layout[2:6]}%d{layout[8:]}"


def with_day_before_month(layout: str) -> str:
    """A layout that begins with year and month with the day in the month's place; others as they are."""
    begins, apart = layout[:2] == "%Y" and layout[3:5] == "%m", layout[2:3]
    return f"%Y{apart}%d{apart}%m{layout[8:]}" if begins and layout[6:8] == "%d" else layout


def has_time(layout: str) -> bool:
    """Whether the layout can carry a time of day."""
    return CODES[layout].timed if layout in CODES else "%M" in layout


def is_strptime(layout: str) -> bool:
    """Whether a cell that is no date at all parses to NULL: a number of days or seconds is cast, and may be any number."""
    return layout not in CODES and not untagged(layout)[0]


def fits_sql(text: str, layout: str) -> str:
    """SQL condition: the shape of ``text`` is that of the layout."""
    shape, layout = untagged(layout)
    if shape:
        # NULL where a word is no month.
        return f"coalesce({fits_sql(in_numbers_sql(text, shape), layout)}, false)"
    return f"regexp_full_match({text}, '{pattern_of(layout)}')"


def parse_sql(text: str, layout: str, day_first: bool) -> str:
    """SQL expression: ``text``, which must fit the layout, as TIMESTAMP, NULL where the calendar objects."""
    shape, layout = untagged(layout)
    if shape:
        return parse_sql(in_numbers_sql(text, shape), layout, day_first)
    if layout in CODES:
        return CODES[layout].moment(text)
    if "%z" in layout:
        text = f"regexp_replace({text}, '{_ZONE} *$', '')"
        layout = layout.replace("%z", "")
    if "%p" in layout:
        text = f"translate({text}, '\u00a0\u202f', '  ')"
        text = f"regexp_replace({text}, '(?i)([ap])\\.?m\\.? *$', '\\1m')"
    if "%b" in layout:
        text = f"regexp_replace({text}, '(?i)sept', 'Sep')"
    if has_order(layout) and not day_first:
        layout = "%m" + layout[2] + "%d" + layout[5:]
    parsed = f"try_strptime({text}, '{layout}')"
    return f"CAST({parsed} AS TIMESTAMP)" if "%n" in layout else parsed


def words_of(layout: str, day_first: bool) -> str:
    """The layout for a person: ``d/m/Y H:M``."""
    shape, layout = untagged(layout)
    if shape:
        return shape_words(shape) + words_of(layout, day_first).removeprefix("Y-m-d")
    if layout in CODES:
        return CODES[layout].words
    if has_order(layout) and not day_first:
        layout = "%m" + layout[2] + "%d" + layout[5:]
    return "".join(_TOKEN_WORDS.get(piece, piece.strip("%")) for piece in re.findall(r"%.|.", layout))
