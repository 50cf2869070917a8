"""Columns whose header says that they are the money of an order."""

from __future__ import annotations

from collections.abc import Iterable

from churnkit.ingest.columns.header_likeness import header_score
from churnkit.ingest.columns.synonyms import normalise_header

_SAYS_SO = 0.9


def columns_named_total(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns whose header is a word for an order's total and nothing else."""
    return tuple(name for name in columns if _is_total(name))


def _is_total(header: str) -> bool:
    score, word = header_score("order_total", header)
    return score > _SAYS_SO and normalise_header(header) == word
