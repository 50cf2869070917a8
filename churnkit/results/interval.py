"""An estimate and the interval around it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """An estimate between ``low`` and ``high``, in the order of these three.

    How sure it is, its place says: 80 % around forecasts of money, 95 % around what an experiment measured. A bound
    that there is none of is infinite, and NaN in what was stored.
    """

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0 or self.high < 0

    def times(self, factor: float, plus: float = 0.0) -> Interval:
        """The interval of ``factor x + plus``."""
        ends = sorted((factor * self.low + plus, factor * self.high + plus))
        return Interval(factor * self.value + plus, ends[0], ends[1])
