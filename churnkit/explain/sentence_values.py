"""Values inside a sentence: days, spans, money, and text that came out of the shop's file."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from churnkit.text import figures
from churnkit.text.currencies import minor_units

MAX_TEXT = 60
# Control characters, lone surrogates and marks that turn the direction of the rest of a line.
_HIDDEN = ("Cc", "Cs")
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain_text(text: str, limit: int = MAX_TEXT) -> str:
    """One line of visible text, at most ``limit`` characters; a longer one ends in an ellipsis."""
    spaced = "".join(
        " " if character.isspace() else character
        for character in text[: 20 * limit]
        if character.isspace()
        or (character not in _TURNING and unicodedata.category(character) not in _HIDDEN)
    )
    line = " ".join(spaced.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def category_text(value: object) -> str:
    """A category's name in quotation marks; empty where there is none."""
    if not isinstance(value, str):
        return ""
    name = plain_text(value)
    return f"“{name}”" if name else ""


def ago_text(days: float) -> str:
    """``3 days ago``, ``today``."""
    return f"{figures.days(days)} ago" if round(days) else "today"


def now_against_before(trend: ArrayLike) -> np.ndarray:
    """Trends (a - b) / (a + b) in -1..1 as a / b; infinite where b is 0."""
    change = np.asarray(trend, dtype=float)
    with np.errstate(divide="ignore"):
        ratio: np.ndarray = np.divide(1 + change, 1 - change)
        return ratio


def span_text(days: float) -> str:
    """A long time roughly: days up to two months, months up to two years, then years."""
    if days < 60:
        return figures.days(days)
    if days < 730:
        return figures.counted(round(days / 30.4), "month")
    return f"{figures.decimal(days / 365.25, 1)} years"


def spans_shown(days: np.ndarray) -> np.ndarray:
    """Days rounded as coarsely as :func:`span_text` writes them."""
    months, years = 30.4 * np.rint(days / 30.4), 365.25 * np.round(days / 365.25, 1)
    rounded: np.ndarray = np.where(days < 60, np.rint(days), np.where(days < 730, months, years))
    return rounded


def money_text(value: float, currency: str | None) -> str:
    """``£1,204``, ``1,204 CHF``: the currency's name comes from the shop's file."""
    return figures.money(value, _unit(currency) if currency else None)


@lru_cache(maxsize=64)
def _unit(currency: str) -> str:
    return plain_text(currency, 8)


def shown(kind: str, values: np.ndarray, currency: str | None = None) -> np.ndarray:
    """Values rounded at least as coarsely as they are written: two that read about the same count as the same."""
    whole: np.ndarray = np.rint(values)
    if kind in ("days", "count"):
        return whole
    if kind == "money":
        return np.where(np.abs(values) < 100, np.round(values, min(2, minor_units(currency))), whole)
    return np.round(np.clip(values, 0.0, 1.0) if kind == "share" else values, 2)
