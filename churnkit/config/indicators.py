"""Figures from outside a shop, by the day from which they were known: benchmarks of a trade, prices, moods, weather."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from churnkit.config.checks import require

MAX_INDICATORS = 12
MAX_INDICATOR_DAYS = 4000
MAX_LAG_DAYS = 366
_NAME_LETTERS = 60


@dataclass(frozen=True)
class Indicators:
    """A table of outside figures that an analysis may learn from, whole: an analysis is made again from its settings.

    Attributes
    ----------
    names
        What each figure is called.
    days
        Day of each row, ascending: the figures were published on it, or are about time that ended with it.
    values
        Row by row a figure for each name; None where it is not known.
    lag_days
        Days after its own until a row was published. A figure that nobody had at a date must not explain what
        customers did from that date on.
    """

    names: tuple[str, ...]
    days: tuple[date, ...]
    values: tuple[tuple[float | None, ...], ...]
    lag_days: int = 0

    def __post_init__(self) -> None:
        require(
            1 <= len(self.names) <= MAX_INDICATORS,
            "indicators",
            len(self.names),
            f"1 to {MAX_INDICATORS} columns",
        )
        require(
            len(set(self.names)) == len(self.names)
            and all(0 < len(name) <= _NAME_LETTERS for name in self.names),
            "indicators",
            self.names,
            f"different names of at most {_NAME_LETTERS} letters",
        )
        require(
            1 <= len(self.days) <= MAX_INDICATOR_DAYS,
            "indicators",
            len(self.days),
            f"1 to {MAX_INDICATOR_DAYS} days",
        )
        require(
            all(a < b for a, b in pairwise(self.days)),
            "indicators",
            "days",
            "each day once, in ascending order",
        )
        require(
            len(self.values) == len(self.days) and all(len(row) == len(self.names) for row in self.values),
            "indicators",
            "values",
            "a figure, or none, for each day and name",
        )
        require(
            all(one is None or math.isfinite(one) for row in self.values for one in row),
            "indicators",
            "values",
            "finite figures",
        )
        require(
            0 <= self.lag_days <= MAX_LAG_DAYS, "lag_days", self.lag_days, f"between 0 and {MAX_LAG_DAYS}"
        )
