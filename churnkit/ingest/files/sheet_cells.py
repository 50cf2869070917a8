"""Cells of a worksheet as text, and of what kind they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

# Integers beyond this are not exact as Excel's doubles.
_MAX_EXACT_INTEGER = 2**53

_KINDS: dict[type, str] = {datetime: "timestamp", date: "timestamp", float: "number", int: "number"}


def sql_type(kinds: set[str]) -> str:
    """The type that holds cells of all these kinds; times of day and durations count as text."""
    if kinds == {"timestamp"}:
        return "TIMESTAMP"
    if kinds == {"integer"}:
        return "BIGINT"
    if kinds and kinds <= {"integer", "number"}:
        return "DOUBLE"
    return "VARCHAR"


def texts_of(cells: Sequence[object]) -> tuple[list[str | None], set[str]]:
    """Cells of one column as text, and the kinds of those that are not empty, whole batches at a time."""
    if set(map(type, cells)) <= {float, str}:
        numbers = [cell for cell in cells if isinstance(cell, float)]
        if all(map(_is_exact_integer, numbers)) and len(numbers) + cells.count("") == len(cells):
            whole = [str(int(cell)) if isinstance(cell, float) else None for cell in cells]
            return whole, {"integer"} if numbers else set()
    texts = [text_of(cell) for cell in cells]
    kinds = {
        _KINDS.get(type(cell), "text") for cell, text in zip(cells, texts, strict=True) if text is not None
    }
    return texts, kinds


def _is_exact_integer(number: float) -> bool:
    return number.is_integer() and abs(number) <= _MAX_EXACT_INTEGER


def text_of(cell: object) -> str | None:
    """The cell as text, None where it is empty."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if _is_exact_integer(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return _clock(cell)
    return str(cell)


def _clock(duration: timedelta) -> str:
    """A duration as ``H:MM:SS``; cells of hours and minutes come as durations."""
    seconds = round(duration.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
