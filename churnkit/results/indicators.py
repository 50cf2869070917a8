"""What became of the outside figures that an analysis was given: ``indicators.json``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.results.codec import Step


@dataclass(frozen=True, kw_only=True)
class IndicatorValue:
    """A figure as it was known at a past cutoff; None where it was not."""

    cutoff: datetime
    value: float | None


@dataclass(frozen=True, kw_only=True)
class IndicatorTrial:
    """One outside figure, held against the past.

    Attributes
    ----------
    name
        As in the table that was given.
    used
        Whether the models may learn from it.
    dates
        Past dates at which forecasts with it and without it were compared.
    gain, gain_se
        Mean fall of the log loss (nats a customer) by the figure, and its standard error over the dates; None with too
        few dates.
    better
        Dates at which the log loss fell.
    values
        What was known at each past cutoff.
    """

    name: str
    used: bool
    dates: int
    gain: float | None
    gain_se: float | None
    better: int
    values: tuple[IndicatorValue, ...]


@dataclass(frozen=True, kw_only=True)
class IndicatorsDocument:
    """All of them, in the order of the table; ``lag_days`` as it was given."""

    title: ClassVar[str] = "the trial of outside figures"
    steps: ClassVar[tuple[Step, ...]] = ()

    lag_days: int
    trials: tuple[IndicatorTrial, ...]
