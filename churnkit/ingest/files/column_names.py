"""Header cells -> names that SQL can tell apart."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

SOURCE_ROW = "source_row"


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Header cells as column names: trimmed, ``column_<n>`` where blank, ``_2``, ``_3`` ... where repeated.

    Names that differ in case only count as repeated, as SQL identifiers ignore case, and so does
    ``source_row``, which every raw table has of its own.
    """
    taken = {SOURCE_ROW}
    unique = []
    for position, name in enumerate(names, start=1):
        base = name.strip().strip("\ufeff\u200b").strip() or f"column_{position}"
        candidate, repeat = base, 1
        while candidate.casefold() in taken:
            repeat += 1
            candidate = f"{base}_{repeat}"
        taken.add(candidate.casefold())
        unique.append(candidate)
    return tuple(unique)


def written(name: str, names: Container[str]) -> str:
    """The header cell that a name was made of: a column's name without the number of its repeat.

    >>> written("Customer_2", ("Customer", "Customer_2")), written("Street_2", ("Street_1", "Street_2"))
    ('Customer', 'Street_2')
    """
    base = re.sub(r"_\d+$", "", name)
    return base if base in names else name
