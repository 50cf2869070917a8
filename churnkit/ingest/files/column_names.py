"""Header cells -> names that SQL can tell apart."""

from __future__ import annotations

from collections.abc import Sequence

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
