"""Intervals below a figure."""

from __future__ import annotations

from collections.abc import Callable

from churnkit.results.interval import Interval


def interval_words(interval: Interval | None, write: Callable[[float], str]) -> str:
    """An 80 % interval, its bounds written by ``write``; empty where there is none."""
    return "" if interval is None else f"likely {write(interval.low)} to {write(interval.high)}"
