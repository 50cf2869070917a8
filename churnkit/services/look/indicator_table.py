"""A table of outside figures as a file holds it -> the settings of an analysis."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from churnkit.config import Indicators
from churnkit.errors import DataError, SettingsError
from churnkit.services.look.small_tables import read_table

WHAT = "a table of outside figures"
_DAY_NAMES = ("published", "known_from", "date", "day", "month")
_EXAMPLE = "Such a table begins, for example, date,confidence and has rows like 2025-03-31,-12.5."
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def read_indicators(path: Path, lag_days: int = 0) -> Indicators:
    """The table in a CSV or .xlsx file; errors as for :func:`indicators_of` and ``read_table``."""
    return indicators_of(read_table(path.read_bytes(), path.name, WHAT), lag_days)


def indicators_of(frame: pd.DataFrame, lag_days: int = 0) -> Indicators:
    """A table of texts, as ``read_table`` gives it, with a column of days and one or more of figures.

    Parameters
    ----------
    frame
        The days stand in the first of the columns ``published``, ``known_from``, ``date``, ``day``, ``month`` that is
        there, as 2025-03-31 or, for a whole month, 2025-03, which counts from its last day on.
    lag_days
        Days from a row's own day until it was published.

    Raises
    ------
    DataError
        There is no such column, a day or a figure cannot be read, a day stands there twice, or there is too much.
    """
    by_name = {str(name).lower(): str(name) for name in frame.columns}
    found = next((by_name[name] for name in _DAY_NAMES if name in by_name), None)
    if found is None:
        raise DataError(
            f"Reading {WHAT}: one column must be called {', '.join(_DAY_NAMES[:-1])} or {_DAY_NAMES[-1]}; found"
            f" {', '.join(map(str, frame.columns))}.",
            _EXAMPLE,
        )
    names = [str(name) for name in frame.columns if str(name).lower() not in _DAY_NAMES]
    days = [_day(cell, line) for line, cell in enumerate(frame[found], start=2)]
    twice = [day for day, times in Counter(days).items() if times > 1]
    if twice:
        raise DataError(
            f"Reading {WHAT}: each day must stand there once, but {min(twice).isoformat()} stands there"
            f" {Counter(days)[min(twice)]} times.",
            "Keep one row a day; figures of several places or lines go into columns of their own.",
        )
    rows = sorted(zip(days, _figures(frame[names], names), strict=True))
    try:
        return Indicators(
            tuple(names), tuple(day for day, _ in rows), tuple(figures for _, figures in rows), lag_days
        )
    except SettingsError as error:
        raise DataError(f"Reading {WHAT}: it cannot be used. {error.message}", _EXAMPLE) from error


def _day(cell: object, line: int) -> date:
    text = str(cell or "")
    month = _MONTH.fullmatch(text)
    try:
        if month:
            year, number = int(month["year"]), int(month["month"])
            return date(year, number, calendar.monthrange(year, number)[1])
        return date.fromisoformat(text[:10])
    except ValueError:
        raise DataError(
            f"Reading {WHAT}: each row needs a day like 2025-03-31, or a month like 2025-03; row {line} has {cell!r}.",
            "Write the days with the year first: so nobody has to guess which part is the month.",
        ) from None


def _figures(cells: pd.DataFrame, names: Sequence[str]) -> list[tuple[float | None, ...]]:
    return [
        tuple(_figure(cell, name, line) for cell, name in zip(row, names, strict=True))
        for line, row in enumerate(cells.itertuples(index=False, name=None), start=2)
    ]


def _figure(cell: object, name: str, line: int) -> float | None:
    if cell is None:
        return None
    text = str(cell)
    if not _NUMBER.fullmatch(text):
        raise DataError(
            f"Reading {WHAT}: column {name!r} must hold plain numbers or nothing; row {line} has {text!r}.",
            "Write numbers without signs of thousands, currency or per cent, or leave the column out.",
        )
    return float(text.replace(",", "."))
