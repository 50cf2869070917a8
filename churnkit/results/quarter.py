"""``quarter.json``: how the shop stood a quarter before a run, beside how it stood then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.results.codec import Step
from churnkit.results.found import Found, Missing

QUARTER_FILE = "quarter.json"


@dataclass(frozen=True)
class Change:
    """A figure now and at an earlier date, measured in the same way."""

    now: float
    before: float
    since: datetime

    @property
    def share(self) -> float | None:
        """(now - before) / before; None where there was nothing before."""
        return self.now / self.before - 1 if self.before > 0 else None


@dataclass(frozen=True)
class QuarterChange:
    """Against a quarter ago, or against the forecast date nearest to it.

    Attributes
    ----------
    active
        Customers with a purchase within the threshold, against three months earlier.
    revenue
        Net of returns in the last three months, against the three before.
    leaver_share
        Mean probability of the active, against what was forecast at an earlier date.
    at_risk
        p_churn x spend of the threshold's days at the past pace, over the active, in money: the same sum at both dates.
        It is not the value at risk of a year, which no earlier date has; its change stands for that one's.
    left_then
        Share of the active of that earlier date who left.
    """

    title: ClassVar[str] = "the comparison with a quarter ago"
    steps: ClassVar[tuple[Step, ...]] = ()

    active: Found[Change] | Missing
    revenue: Found[Change] | Missing
    leaver_share: Found[Change] | Missing
    at_risk: Found[Change] | Missing
    left_then: float | None
