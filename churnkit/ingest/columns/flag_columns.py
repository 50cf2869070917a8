"""Columns that say by yes or no, or by a date, that an order was taken back: ``Cancelled``, ``is_refunded``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from churnkit.ingest.cells import (
    NOT_FLAGGED,
    StatusClass,
    classify_status,
    text_sql,
    without_accents,
    word_table,
)
from churnkit.ingest.engine import quote_identifier
from churnkit.ingest.files import RawTable

# Words of a header that say in which form it says so.
_FORM = re.compile(
    r"(?<![^\W_])(is|was|has been|flag|flagged|indicator|yn|y/n|yes/no|ja/nein|at|on|date|datum|fecha|data|de|del|di|da"
    r"|am|le|il|el|em|op|time|timestamp|дата)(?![^\W_])"
)
_WORDS = word_table("""
yes: yes, y, true, t, 1, x, ja, j, wahr, oui, o, vrai, si, sí, s, verdadero, sim, verdadeiro, vero, tak, ano, kyllä, evet,
    e, да, ναι, はい, 是, 예
no: f, nie, ne, nej, nei, ei, hayır, hayir, h, нет, όχι, いいえ, 否, 아니오
""")
_YES = frozenset(_WORDS["yes"])
_NO = frozenset((*NOT_FLAGGED, *_WORDS["no"], ""))
_DATE = r"^\s*\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}"
# A file most of whose orders were cancelled holds something else than orders.
_MOST = 0.5


def taken_back(header: str) -> StatusClass | None:
    """``cancelled``, ``returned`` or ``failed`` (a test, a draft) where the header says no more than that, else None."""
    said = classify_status(_FORM.sub(" ", without_accents(header).replace("_", " ")), {})
    return said if said in ("cancelled", "returned", "failed") else None


def find_flags(raw: RawTable, columns: list[str]) -> Mapping[str, StatusClass]:
    """Columns of yes and no that say so, with what a yes means."""
    found: dict[str, StatusClass] = {}
    for name in columns:
        said = taken_back(name)
        if said is not None and _is_yes_or_no(raw, name):
            found[name] = said
    return found


def find_cancellation_date(raw: RawTable, columns: list[str]) -> str | None:
    """The column with the date on which some orders were cancelled."""
    named = [name for name in columns if taken_back(name) == "cancelled"]
    return next((name for name in named if _holds_some_dates(raw, name)), None)


def is_yes(value: str) -> bool:
    """Whether a cell of such a column, in lower case, says yes."""
    return value in _YES


def _is_yes_or_no(raw: RawTable, column: str) -> bool:
    (values,) = raw.one(
        "SELECT list(DISTINCT lower(trim({cell}))) FROM (SELECT {name} FROM {head} WHERE {name} IS NOT NULL LIMIT 50000)",
        cell=text_sql(column),
        name=quote_identifier(column),
    )
    return bool(values) and set(values) <= _YES | _NO and bool(set(values) & _YES)


def _holds_some_dates(raw: RawTable, column: str) -> bool:
    filled, dates = raw.one(
        """
        SELECT count(*) FILTER (WHERE trim({cell}) <> ''), count(*) FILTER (WHERE regexp_matches({cell}, $date))
        FROM {raw}
        """,
        {"date": _DATE},
        cell=text_sql(column),
    )
    return bool(0 < filled <= _MOST * raw.row_count and dates >= 0.9 * filled)
