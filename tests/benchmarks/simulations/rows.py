"""What a simulation takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np


class NoData(Exception):
    """A public data set is not there."""


@dataclass(frozen=True)
class Data:
    """The folder of the public data sets."""

    folder: Path

    def file(self, name: str) -> Path:
        """The path of a data set, or NoData."""
        path = self.folder / name
        if not path.is_file():
            raise NoData(f"{path} is missing")
        return path


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    figure, where, measure
        What was simulated ("revenue, 95 %"), on what ("lognormal, 1,000, 10 % held out"), what was counted ("covers").
    promised
        In words, such as "95 %" or "at most 2.5 %".
    measured
        A share, 0 to 1.
    campaigns
        Simulated campaigns behind it; behind each setting, where there are several.
    lowest, highest
        Of several settings: the extremes; ``measured`` is their mean.
    """

    figure: str
    where: str
    measure: str
    promised: str
    measured: float
    campaigns: int
    lowest: float | None = None
    highest: float | None = None

    def markdown(self) -> str:
        found = f"{self.measured:.1%}"
        if self.lowest is not None and self.highest is not None:
            found += f" ({self.lowest:.1%} to {self.highest:.1%})"
        cells = (self.figure, self.where, self.measure, self.promised, found, f"{self.campaigns:,}")
        return f"| {' | '.join(cells)} |"


def span(figure: str, where: str, measure: str, promised: str, settings: np.ndarray, campaigns: int) -> Row:
    """A row of several settings: their mean, and between which they lie."""
    low, high = float(settings.min()), float(settings.max())
    return Row(figure, where, measure, promised, float(settings.mean()), campaigns, low, high)
