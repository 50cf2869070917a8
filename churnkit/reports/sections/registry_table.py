"""A report's table out of the registry of columns: titles and cells read as they do on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from churnkit.reports.document import Table, TableColumn
from churnkit.text.columns import Column, column


def registry_table(
    weights: Mapping[str, float],
    lines: Iterable[object],
    *,
    currency: str | None = None,
    titles: Mapping[str, str] | None = None,
    note: str = "",
    strong: frozenset[int] = frozenset(),
    **worded: Callable[[Any], str],
) -> Table:
    """A table with a row for each line.

    Parameters
    ----------
    weights
        Keys of `churnkit.text.columns` in their order, and each one's share of the width.
    lines
        Mappings or objects with the columns' names.
    titles
        Other titles, by key.
    worded
        By name of a column, what turns its value into words where the registry cannot know them.
    """
    shown = [column(key) for key in weights]
    heads = tuple(
        TableColumn((titles or {}).get(one.key, one.title), "right" if one.is_number else "left", weight)
        for one, weight in zip(shown, weights.values(), strict=True)
    )
    rows = tuple(tuple(_cell(line, one, currency, worded) for one in shown) for line in lines)
    return Table(heads, rows, note, strong)


def _cell(line: object, one: Column, currency: str | None, worded: Mapping[str, Callable[[Any], str]]) -> str:
    value = line.get(one.name) if isinstance(line, Mapping) else getattr(line, one.name)
    if one.name in worded:
        return worded[one.name](value)
    if one.kind == "text":
        return "" if value is None else one.write(value, currency)
    return one.write(value, currency)
