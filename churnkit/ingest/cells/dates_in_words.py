"""Dates with words of other languages than English -> the same dates in numbers, year first.

A shape is a pattern with named groups for one way to write such dates. Python's ``re`` and DuckDB's RE2 read the same
patterns, so that a cell is judged here and a column is read in SQL alike. Where day and month are numbers, a weekday or
a connecting word of a language that writes the day first decides their order, and so does a blank behind a full stop.
"""

from __future__ import annotations

import re
from functools import cache

from churnkit.ingest.cells.month_names import MONTH_NAMES, WEEKDAYS

_BLANKS = "\u00a0\u202f\u3000"
# A Turkish capital that becomes two characters in lower case.
_DOTTED = ("İ", "i")
_GROUP = re.compile(r"\(\?P<(\w+)>")
# Whatever is above ASCII counts as a letter: the class of all letters slows RE2 down a hundred times.
_WORD = "[a-z\x80-\U0010ffff]+"

_MORNING_SIGNS = {"上午", "午前", "오전", "凌晨", "早上"}
_EVENING_SIGNS = {"下午", "午後", "오후", "晚上"}
_MORNING = {"am", "πμ", *_MORNING_SIGNS}

_MONTH = f"(?P<month>{_WORD})"
_DAY, _YEAR = "(?P<day>[0-9]{1,2})", "(?P<year>[0-9]{4}|[0-9]{2})"
_LONG_YEAR = "(?P<year>[0-9]{4})"
_NUMBER_OF_MONTH = "(?P<month>[0-9]{1,2})"
_HALF = r"(?P<half>[apπμ]\.? ?[mμ]\.?)"
_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?:[:.]| ?h ?)(?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2}))?"
    rf"(?:\.[0-9]+)?(?: ?{_HALF})?(?: ?(?:uhr|uur|hod|hs|hrs|h|ч))?\.?"
)
_AT = r"(?:um|à|a las|às|as|alle|alle ore|ore|om|kl|klo|o|o godz|godz|v|ve|в|о|ob|a|στις|saat)\.?"
_ERA = r"(?: ?(?:года|год|г|року|р|r|roku|yılı)\.?)?"
# A weekday may stand behind as well; words before the day are weekdays and "the" in many languages.
_TAIL = rf"{_ERA}(?:,? ?(?:[t–-] ?)?(?:{_AT} ?)?{_CLOCK})?(?:,? {_WORD}\.?)?"
_LEAD = rf"(?:{_WORD}\.?,? )?"
_OF = r"(?:de |del |d[’'] ?|di )?"
_GAP = r"(?:\.? ?[-/] ?|\.,? ?|,? )"

_SIGN_HALF = f"(?P<half>{'|'.join(sorted(_MORNING_SIGNS | _EVENING_SIGNS))})"
_SIGN_WEEKDAY = (
    "(?: ?[(（][月火水木金土日一二三四五六월화수목금토일](?:曜日?|요일)?[)）]| ?(?:星期|周|週)[一二三四五六日天]"
    "| ?[月火水木金土日]曜日?| ?[월화수목금토일]요일)?"
)
_SIGN_CLOCK = (
    rf"(?: ?{_SIGN_HALF})? ?(?P<hour>[0-9]{{1,2}}) ?[:：時时点點시] ?(?P<minute>[0-9]{{2}})?"
    r"(?: ?[:：分분] ?(?P<second>[0-9]{2}) ?[秒초]?| ?[分분])?(?:\.[0-9]+)?"
)

_SHAPES = {
    "day_month": rf"{_LEAD}{_DAY}(?:\.|er|º|ª|°)?(?:{_GAP})?{_OF}{_MONTH}(?:{_GAP}{_OF})'?{_YEAR}{_TAIL}",
    "month_day": rf"{_LEAD}{_MONTH}\.? {_DAY}(?:\.|º|°)?,? {_LONG_YEAR}{_TAIL}",
    "year_month": rf"{_LONG_YEAR}\.?{_GAP}{_MONTH}{_GAP}{_DAY}\.?{_TAIL}",
    "signs": (
        r"(?P<era>西暦|令和|平成|昭和|民國|民国|中華民國)? ?(?P<year>[0-9]{1,4}|元) ?[年년] ?(?P<month>[0-9]{1,2})"
        r" ?[月월] ?"
        rf"(?P<day>[0-9]{{1,2}}) ?[日号號일]{_SIGN_WEEKDAY}(?:{_SIGN_CLOCK})?"
    ),
    "year_first": (
        rf"{_LONG_YEAR}[-/.] ?{_NUMBER_OF_MONTH}[-/.] ?{_DAY}\.?{_SIGN_WEEKDAY}(?: ?{_SIGN_CLOCK})?"
    ),
    "day_first": (
        rf"(?:(?P<lead>{_WORD})\.?,? (?:(?:den|le|el|em|il|op) )?)?{_DAY}[-/.] ?{_NUMBER_OF_MONTH}[-/.] ?{_LONG_YEAR}"
        rf"{_TAIL}"
    ),
}
_WORDS = {
    "day_month": "d month Y",
    "month_day": "month d Y",
    "year_month": "Y month d",
    "signs": "Y年m月d日",
    "year_first": "Y/m/d",
    "day_first": "d/m/Y",
}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911, "中華民國": 1911}
_MARK = "|"


@cache
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(_SHAPES[shape])


def in_numbers(value: str) -> tuple[str, str] | None:
    """The shape of a cell and the cell in numbers, ``2024-3-5 14:05``; None where it has no such shape."""
    text = _plain(value)
    if ". " not in text and text.isascii() and not any(map(str.isalpha, text)):
        return None
    for shape in _SHAPES:
        match = _compiled(shape).fullmatch(text)
        if match and _is_known(match):
            return shape, _numbers(match)
    return None


def _is_known(match: re.Match[str]) -> bool:
    """The month is a number or a name, the word before the day a weekday."""
    found = match.groupdict()
    month, lead = found["month"], found.get("lead")
    return (month.isdigit() or month in MONTH_NAMES) and (lead is None or lead in WEEKDAYS)


def tagged(shape: str, layout: str) -> str:
    """The name of a layout that the numbers of a shape have."""
    return f"{shape}{_MARK}{layout}"


def untagged(layout: str) -> tuple[str, str]:
    """Shape and layout; the shape is empty for dates without words."""
    shape, mark, rest = layout.partition(_MARK)
    return (shape, rest) if mark and shape in _SHAPES else ("", layout)


def shape_words(shape: str) -> str:
    """The date of a shape for a person."""
    return _WORDS[shape]


def _plain(value: str) -> str:
    text = value.translate(dict.fromkeys(map(ord, _BLANKS), " ")).replace(*_DOTTED).lower()
    return re.sub(" +", " ", text).strip(" ")


def _numbers(match: re.Match[str]) -> str:
    found = match.groupdict()
    year = found["year"]
    era = found.get("era") or ""
    if era in _ERAS or year == "元":
        year = str(_ERAS.get(era, 0) + (1 if year == "元" else int(year)))
    elif len(year) == 2:
        year = f"20{year}"
    date = f"{year}-{MONTH_NAMES.get(found['month'], found['month'])}-{found['day']}"
    if not found.get("hour"):
        return date
    clock = f"{found['hour']}:{found['minute'] or '00'}" + (f":{found['second']}" if found["second"] else "")
    half = re.sub(r"[. ]", "", found["half"] or "")
    if half:
        clock += " AM" if half in _MORNING else " PM"
    return f"{date} {clock}"


def in_numbers_sql(text: str, shape: str) -> str:
    """SQL expression: what `in_numbers` gives for a cell of the shape; no date for other cells."""
    blanks = f"translate({text}, '{_BLANKS}', '{' ' * len(_BLANKS)}')"
    plain = f"lower(replace({blanks}, '{_DOTTED[0]}', '{_DOTTED[1]}'))"
    plain = f"trim(regexp_replace({plain}, ' +', ' ', 'g'))"
    names = _GROUP.findall(_SHAPES[shape])
    pattern = _GROUP.sub("(", _SHAPES[shape]).replace("'", "''")
    parts = f"regexp_extract({plain}, '^(?:{pattern})$', [{', '.join(map(repr, names))}])"
    # Bound once to a name: the optimiser would run the pattern again for every part.
    return f"list_transform([{parts}], lambda part: {_joined_sql(names)})[1]"


def _joined_sql(names: list[str]) -> str:
    year = "part['year']"
    if "era" in names:
        eras = " ".join(f"WHEN '{era}' THEN {first}" for era, first in _ERAS.items())
        number = f"CASE {year} WHEN '元' THEN 1 ELSE TRY_CAST({year} AS INTEGER) END"
        year = f"({number} + CASE part['era'] {eras} ELSE 0 END)"
    else:
        year = f"CASE length({year}) WHEN 2 THEN '20' ELSE '' END || {year}"
    months = " ".join(
        f"WHEN part['month'] IN ({', '.join(repr(name) for name, of in MONTH_NAMES.items() if of == number)})"
        f" THEN '{number}'"
        for number in range(1, 13)
    )
    month = f"CASE {months} ELSE part['month'] END"
    return f"{year} || '-' || {month} || '-' || part['day'] || {_clock_sql()}"


def _clock_sql() -> str:
    half = "replace(replace(part['half'], '.', ''), ' ', '')"
    morning = ", ".join(f"'{word}'" for word in sorted(_MORNING))
    halves = f"CASE WHEN {half} = '' THEN '' WHEN {half} IN ({morning}) THEN ' AM' ELSE ' PM' END"
    minute = "CASE part['minute'] WHEN '' THEN '00' ELSE part['minute'] END"
    second = "CASE part['second'] WHEN '' THEN '' ELSE ':' || part['second'] END"
    return f"CASE part['hour'] WHEN '' THEN '' ELSE ' ' || part['hour'] || ':' || {minute} || {second} || {halves} END"


DATE_IN_WORDS = "|".join(f"(?:{_GROUP.sub('(?:', pattern)})" for pattern in _SHAPES.values())
"""Pattern of RE2 for cells, in lower case, that may be such dates."""
