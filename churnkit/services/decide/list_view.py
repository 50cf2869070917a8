"""How a list of customers is looked at, and how its address says so: filter, order, page, rows a page and columns.

An address comes from anywhere: what it says that is not known is left aside, as if it had not been said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from urllib.parse import parse_qs, urlencode

from churnkit.results.segments import CustomerFilter, FigureBound
from churnkit.services.decide.customer_query import LIST_COLUMNS, MORE_COLUMNS, SORTABLE, USUAL_COLUMNS
from churnkit.text.columns import column

T = TypeVar("T")

TIERS = ("high", "medium", "low")
STATUSES = ("active", "lapsed")
SCORES = (5, 4, 3, 2, 1)
PAGE_SIZES = (25, 50, 100, 200)
USUAL_ROWS = 50
HIGH_FIRST, LOW_FIRST = "high first", "low first"
MAX_BOUNDS = 12
_MAX_PAGE = 10_000_000
_BOUND = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(>=|<=)(-?[0-9.]+(?:e[+-]?[0-9]+)?)")

Query = Mapping[str, Sequence[str]]
"""Names of an address and what stands behind each."""


@dataclass(frozen=True)
class ListView:
    """What a list shows.

    Attributes
    ----------
    page
        From 1 on.
    rows
        One of ``PAGE_SIZES``.
    columns
        In the order on screen.
    """

    wanted: CustomerFilter = field(default_factory=CustomerFilter)
    order_by: str = "rank"
    descending: bool = False
    page: int = 1
    rows: int = USUAL_ROWS
    columns: tuple[str, ...] = USUAL_COLUMNS


def titles() -> dict[str, str]:
    """What each column that a list may show is called on screen and in the address."""
    return {name: column(name).title for name in (*LIST_COLUMNS, *MORE_COLUMNS)}


def query_of(view: ListView) -> dict[str, list[str]]:
    """The address of a list; what is as usual does not stand in it."""
    wanted, called = view.wanted, titles()
    said: dict[str, Iterable[object]] = {
        "q": [wanted.search] if wanted.search else [],
        "status": wanted.statuses,
        "risk": wanted.tiers,
        "segment": wanted.segments,
        "moved": ["true"] if wanted.moved_up else [],
        "value_from": _some(wanted.clv_low),
        "value_to": _some(wanted.clv_high),
        "kept_from": _some(wanted.kept_from),
        "bought_from": _some(wanted.bought_from),
        "bought_to": _some(wanted.bought_until),
        "recency": wanted.r_scores,
        "frequency": wanted.f_scores,
        "group": wanted.found_groups,
        "rule": [rule_text(wanted.bounds)] if wanted.bounds else [],
        "sort": [called[view.order_by]] if view.order_by != "rank" else [],
        "order": [HIGH_FIRST] if view.descending else [],
        "page": [view.page] if view.page != 1 else [],
        "rows": [view.rows] if view.rows != USUAL_ROWS else [],
        "columns": [called[name] for name in view.columns] if view.columns != USUAL_COLUMNS else [],
    }
    return {name: [str(one) for one in values] for name, values in said.items() if list(values)}


def view_of(query: Query) -> ListView:
    """The list that an address asks for."""
    names = {title: name for name, title in titles().items()}
    wanted = CustomerFilter(
        search=_first(query, "q", str) or "",
        tiers=_known(query, "risk", TIERS),
        segments=tuple(query.get("segment", ())),
        clv_low=_first(query, "value_from", _number),
        clv_high=_first(query, "value_to", _number),
        bought_from=_first(query, "bought_from", date.fromisoformat),
        bought_until=_first(query, "bought_to", date.fromisoformat),
        moved_up=_first(query, "moved", str) == "true",
        statuses=_known(query, "status", STATUSES),
        kept_from=_first(query, "kept_from", _number),
        bounds=_first(query, "rule", bounds_of) or (),
        r_scores=tuple(one for one in SCORES if str(one) in query.get("recency", ())),
        f_scores=tuple(one for one in SCORES if str(one) in query.get("frequency", ())),
        found_groups=tuple(query.get("group", ())),
    )
    order_by = names.get(_first(query, "sort", str) or "", "rank")
    page, rows = _first(query, "page", int) or 1, _first(query, "rows", int)
    asked = [names[title] for title in dict.fromkeys(query.get("columns", ())) if title in names]
    return ListView(
        wanted,
        order_by if order_by in SORTABLE else "rank",
        _first(query, "order", str) == HIGH_FIRST,
        page if 1 <= page <= _MAX_PAGE else 1,
        rows if rows in PAGE_SIZES else USUAL_ROWS,
        tuple(asked) or USUAL_COLUMNS,
    )


def text_of(view: ListView) -> str:
    """The address of a list as one text, to stand inside another address."""
    return urlencode(query_of(view), doseq=True)


def view_in(text: str) -> ListView:
    """The list of such a text."""
    try:
        return view_of(parse_qs(text, max_num_fields=200))
    except ValueError:
        return ListView()


def rule_text(bounds: Sequence[FigureBound]) -> str:
    """Conditions as an address writes them: ``recency_days>=40,order_count<=2``."""
    return ",".join(f"{one.feature}{one.operator}{one.value!r}" for one in bounds)


def bounds_of(text: str) -> tuple[FigureBound, ...]:
    """The conditions of such a text; none where it is no such text.

    Whether an analysis has the figures is asked where they are looked up.
    """
    parts = [_BOUND.fullmatch(one) for one in text.split(",")]
    if not 1 <= len(parts) <= MAX_BOUNDS or not all(parts):
        return ()
    found = []
    for part in parts:
        assert part is not None
        value = _number(part[3])
        found.append(FigureBound(feature=part[1], operator=">=" if part[2] == ">=" else "<=", value=value))
    return tuple(found)


def _some(value: object) -> list[object]:
    return [] if value is None else [value]


def _known(query: Query, name: str, among: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in among if one in query.get(name, ()))


def _first(query: Query, name: str, read: Callable[[str], T]) -> T | None:
    values = query.get(name, ())
    try:
        return read(values[0]) if values else None
    except ValueError:
        return None


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no figure")
    return value
