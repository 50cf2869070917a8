"""When the order was placed: the draft of a mapping checked for its date."""

from __future__ import annotations

import re
from itertools import pairwise

from churnkit.ingest.cells import date_sql, detect_date_format
from churnkit.ingest.columns.date_questions import day_numbers, has_day_numbers, named_like_days, split_date
from churnkit.ingest.columns.mapping_draft import MappingDraft, quoted
from churnkit.ingest.columns.suitability import looks_like_date
from churnkit.ingest.columns.synonyms import DISQUALIFIERS, normalise_header
from churnkit.ingest.questions import Question

# Below this many rows one day may be all that was sold.
_FEW = 20
_SOME_DATES = 0.1
_NO_DATES = (
    "Churn is told by when customers bought and when they did not: export one row an order, or one an order line, with"
    " the date of each."
)
_NO_DAYS = "Churn is told by the days on which customers bought: export the day of each order, not only its month or week."
# 2024-03, 03/2024, 2024-W09, 2024-Q1.
_PERIOD = re.compile(
    r"(?:19|20)\d{2}[-/. ]?(?:(?:0?[1-9]|1[0-2])|(?i:kw|w) ?\d{1,2}|(?i:q)[1-4])|(?:0?[1-9]|1[0-2])[-/.](?:19|20)\d{2}"
)
_YEAR_WORDS = frozenset({"year", "yr", "jahr", "annee", "ano", "anno", "jaar", "rok", "yil"})


def settle_date(draft: MappingDraft) -> None:
    """One column is the date of the order, or it is asked which."""
    if "ordered_at" not in draft.chosen:
        _find_date(draft)
        return
    column = draft.chosen["ordered_at"]
    if _is_constant(draft, column):
        _leave_the_date_of_the_export(draft, column)
        return
    rivals = [other for other in draft.ties("ordered_at") if not draft.pairs.same_values(column, other)]
    if rivals:
        _choose(draft, [column, *rivals], f"{quoted([column, *rivals])} may each be the date of the order.")


def _leave_the_date_of_the_export(draft: MappingDraft, column: str) -> None:
    """A date that is the same on all rows is the day of the export, if another column has dates that differ."""
    others = _placed(draft, _date_columns(draft))
    if not others:
        return
    draft.notes.append(f"{column!r} is the same on all rows, so it is not taken for the date of the order.")
    draft.chosen.pop("ordered_at")
    _choose(draft, others, f"Several columns hold dates: {quoted(others)}.")


def _find_date(draft: MappingDraft) -> None:
    dates = _date_columns(draft)
    if len(dates) == 1:
        draft.put("ordered_at", dates[0], 0.6, "the only column whose cells are dates")
        draft.notes.append(f"The dates are read from {dates[0]!r}, the only column with dates.")
    elif dates:
        _choose(draft, _placed(draft, dates) or dates, f"Several columns hold dates: {quoted(dates)}.")
    else:
        draft.questions.append(_without_dates(draft))


def _choose(draft: MappingDraft, dates: list[str], asked: str) -> None:
    """The only column, or the one that is never later than the others: an order is placed before all else happens."""
    ordered = dates if len(dates) == 1 else _from_early_to_late(draft, dates)
    if ordered is None:
        draft.ask("ordered_at", asked, "order_datetime", dates)
        return
    draft.put("ordered_at", ordered[0], 0.7, "the earliest of several dates of an order")
    if len(dates) > 1:
        draft.notes.append(
            f"Of the dates {quoted(dates)}, {ordered[0]!r} is taken for the order's: it is the earliest on every row."
        )


def _from_early_to_late(draft: MappingDraft, dates: list[str]) -> list[str] | None:
    """The columns in the order in which things happen to an order, None where the first is not plain."""
    raw = draft.pairs.raw
    formats = {name: detect_date_format(raw, name) for name in dates}
    if any(fmt.ambiguous or fmt.either_order for fmt in formats.values()):
        return None
    cells = {name: date_sql(name, fmt) for name, fmt in formats.items()}
    means = raw.one(
        "SELECT {means} FROM {raw} WHERE {filled}",
        means=", ".join(f"avg(epoch({cell}))" for cell in cells.values()),
        filled=" AND ".join(f"{cell} IS NOT NULL" for cell in cells.values()),
    )
    if any(mean is None for mean in means):
        return None
    ordered = [name for _, name in sorted(zip(means, dates, strict=True))]
    first, second = next(pairwise(ordered))
    rows, filled, earlier, before = raw.one(
        """
        SELECT count(*), count(first), count(*) FILTER (first::DATE <= second::DATE),
               count(*) FILTER (first::DATE < second::DATE)
        FROM (SELECT {first} AS first, {second} AS second FROM {raw})
        """,
        first=cells[first],
        second=cells[second],
    )
    both = formats[second].parseable
    plain = before > 0 and earlier >= 0.99 * min(filled, both) and filled >= 0.95 * rows
    return ordered if plain else None


def _date_columns(draft: MappingDraft) -> list[str]:
    """Free columns of dates; those that are the same on all rows only where there are no others."""
    dates = [name for name in draft.free() if looks_like_date(draft.evidence[name]) > 0.9]
    return [name for name in dates if not _is_constant(draft, name)] or dates


def _placed(draft: MappingDraft, dates: list[str]) -> list[str]:
    """Those of the columns whose header does not speak of something that comes after the order, or of no order."""
    return [
        name
        for name in dates
        if not set(normalise_header(name).split()) & DISQUALIFIERS["ordered_at"]
        and not _is_constant(draft, name)
    ]


def _is_constant(draft: MappingDraft, column: str) -> bool:
    facts = draft.evidence[column]
    return facts.distinct <= 1 and facts.filled > _FEW


def _holds_periods(draft: MappingDraft, column: str) -> bool:
    facts = draft.evidence[column]
    marked = [cell for cell in facts.cells if not cell.isdigit() and _PERIOD.fullmatch(cell)]
    return not facts.has_decimals and len(marked) > 0.9 * len(facts.cells) > 0


def _without_dates(draft: MappingDraft) -> Question:
    raw, names = draft.pairs.raw, list(draft.evidence)
    years = [name for name in names if set(normalise_header(name).split()) & _YEAR_WORDS]
    numbers = [name for name in names if named_like_days(name) and has_day_numbers(raw, name)]
    if years and numbers:
        return split_date([*years, *numbers])
    if numbers:
        return day_numbers(numbers[0])
    partly = [name for name in names if draft.evidence[name].date_share > _SOME_DATES]
    periods = [name for name in names if _holds_periods(draft, name)]
    if partly:
        draft.ask("ordered_at", "No column holds dates of orders throughout.", "order_datetime", partly)
    elif periods:
        example = draft.evidence[periods[0]].cells[0]
        draft.refuse(
            "ordered_at",
            f"{periods[0]!r} tells the month or the week of an order only, for example {example!r}.",
            _NO_DAYS,
            "no_dates",
        )
    else:
        draft.refuse(
            "ordered_at", f"No column holds dates of orders: {quoted(names)}.", _NO_DATES, "no_dates"
        )
    return draft.questions.pop()
