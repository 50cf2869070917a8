"""How many customers a campaign needs so that its readout shows what is assumed of it, and whether so many still pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.experiments import Sizes, detectable_rate, power_of
from churnkit.results.campaign_facts import DEFAULT_HOLDOUT_SHARE, DeclaredReadout
from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner
from churnkit.roi.draws import FloatArray
from churnkit.text import figures

# A plan that misses its effect more often than in 1 of 5 campaigns cannot be relied on to tell anything.
USUAL_POWER = 0.8
# What tells most of a given number of customers.
HALF = 0.5
# Sizes that are tried first: each larger than the last by a quarter.
_FIRST_TRIED, _STEP = 10, 1.25
# What decides is the interval of the look at the end.
_ERROR = DeclaredReadout().final_error


@dataclass(frozen=True)
class ReadableSize:
    """What readouts of campaigns with the best m customers can show, both arms counted.

    Attributes
    ----------
    save_rate, holdout_share
        What is assumed, and the share of the customers who are not contacted.
    customers
        The fewest whose readout shows ``save_rate`` in ``USUAL_POWER`` of such campaigns; None where no number does.
    strongest
        The number that shows it most often: ``customers``, where there is one; 0 where nothing can be measured.
    power
        How often it shows there, in [0, 1].
    net
        Money that contacting the treated of so many is expected to bring.
    detectable_save_rate
        The smallest save rate that so many show in 4 of 5; None when none up to 100 % does.
    with_half
        Where ``customers`` is None: the fewest who show it, and pay, with half of them held out; None where none do.
    """

    save_rate: float
    holdout_share: float
    customers: int | None
    strongest: int
    power: float
    net: float
    detectable_save_rate: float | None
    with_half: int | None = None

    @property
    def pays(self) -> bool:
        """Whether a campaign that can be read out is expected to bring more than it costs."""
        return self.customers is not None and self.net > 0

    def words(self, currency: str | None) -> str:
        """What it takes to measure the save rate, and what that costs or brings."""
        if self.strongest == 0:
            return "This cannot be measured: nobody is left out for comparison, or nobody can be kept."
        rate, held = figures.percent(self.save_rate), figures.percent(self.holdout_share)
        if self.customers is None:
            return (
                f"This cannot be measured: with {held} left out for comparison, no number of these customers"
                " shows a success rate of"
                f" {rate} in 4 of 5 campaigns. {self._closest()}"
            )
        text = (
            f"With {held} left out for comparison, it takes the best {figures.count(self.customers)} at least"
            " to see a success"
            f" rate of {rate} in 4 of 5 campaigns"
        )
        if self.net > 0:
            return f"{text}; they are expected to bring {figures.money(self.net, currency)} net."
        return (
            f"{text}, but they are expected to cost {figures.money(-self.net, currency)} more than they bring: this"
            " cannot be measured by a campaign that pays."
        )

    def _closest(self) -> str:
        text = f"The best {figures.count(self.strongest)} come closest, with {figures.percent(self.power)} of such campaigns"
        if self.detectable_save_rate is not None:
            text += f"; from a success rate of {figures.percent(self.detectable_save_rate)} on it would show there."
        else:
            text += "; not even a success rate of 100 % would show there in 4 of 5."
        if self.with_half is not None:
            text += f" With half of them left out for comparison, the best {figures.count(self.with_half)} would show it."
        return text


class Ranked:
    """Candidates, best first, prepared for the question what the best m of them can show.

    Parameters
    ----------
    p_churn, savable, gains
        Shape (n,), best first; ``gains`` (money) as expected of a contact.
    """

    def __init__(
        self, p_churn: FloatArray, savable: FloatArray, gains: FloatArray, assumptions: Assumptions
    ) -> None:
        self._leaving = np.cumsum(p_churn)
        self._savable = np.cumsum(p_churn * savable) * assumptions.reach
        self._net = np.cumsum(gains)
        self._save_rate = assumptions.save_rate

    @classmethod
    def of(cls, planner: Planner, assumptions: Assumptions) -> Ranked:
        """All customers of a planner."""
        order = planner.ranking(assumptions)
        savable, gains = planner.savable(assumptions)[order], planner.gains(assumptions)[order]
        return cls(planner.p_churn[order], savable, gains, assumptions)

    @classmethod
    def of_members(cls, members: pd.DataFrame, assumptions: Assumptions) -> Ranked:
        """The members of a plan."""
        p_churn, savable, gains = (
            members[c].to_numpy(dtype=float) for c in ("p_churn", "savable", "expected_gain")
        )
        return cls(p_churn, savable, gains, assumptions)

    def power(self, size: int, holdout_share: float) -> float:
        """How often the readout of the best ``size`` shows the assumed save rate, in [0, 1]; 0 without two arms."""
        if size < 2 or not 0 < holdout_share < 1:
            return 0.0
        base, per_rate = self._rates(size)
        arms = Sizes.of(size, holdout_share)
        if per_rate * self._save_rate == 0:
            return 0.0
        target = min(base + per_rate * self._save_rate, 1.0)
        return power_of(base, target, arms.treated, arms.held_out, alpha=_ERROR)

    def readable(self, holdout_share: float) -> ReadableSize:
        """The fewest customers who can be read out, with such a share held out."""
        size, shows = self._fewest(holdout_share)
        if size == 0:
            return ReadableSize(self._save_rate, holdout_share, None, 0, 0.0, 0.0, None)
        half = None
        if not shows and holdout_share < HALF:
            wider, seen = self._fewest(HALF)
            half = wider if seen and self._net[wider - 1] > 0 else None
        return self._told(size, holdout_share, readable=shows, half=half)

    def _fewest(self, holdout_share: float) -> tuple[int, bool]:
        """The fewest who show the save rate, and True; else the number that shows it most often (0: none), and False."""
        best, most, before = 0, 0.0, 1
        for size in _sizes(len(self._net)):
            power = self.power(size, holdout_share)
            if power >= USUAL_POWER:
                return self._between(before, size, holdout_share), True
            best, most = (size, power) if power > most else (best, most)
            before = size
        return best, False

    def _between(self, low: int, high: int, holdout_share: float) -> int:
        """The fewest who show it, where ``low`` do not and ``high`` do."""
        while high - low > 1:
            middle = (low + high) // 2
            shows = self.power(middle, holdout_share) >= USUAL_POWER
            low, high = (low, middle) if shows else (middle, high)
        return high

    def _told(self, size: int, holdout_share: float, *, readable: bool, half: int | None) -> ReadableSize:
        base, per_rate = self._rates(size)
        arms = Sizes.of(size, holdout_share)
        rate = detectable_rate(base, arms.treated, arms.held_out, alpha=_ERROR)
        least = None if rate is None else (rate - base) / per_rate
        return ReadableSize(
            save_rate=self._save_rate,
            holdout_share=holdout_share,
            customers=size if readable else None,
            strongest=size,
            power=self.power(size, holdout_share),
            net=(1 - holdout_share) * float(self._net[size - 1]),
            detectable_save_rate=least if least is not None and least <= 1 else None,
            with_half=half,
        )

    def _rates(self, size: int) -> tuple[float, float]:
        """Share of the best ``size`` that buys without a contact, and by how much a save rate of 1 raises it."""
        return 1 - float(self._leaving[size - 1]) / size, float(self._savable[size - 1]) / size


def readout_words(planner: Planner, assumptions: Assumptions, size: int, currency: str | None) -> str:
    """What a readout of the best ``size`` with the usual holdout could show, and how many it takes to show it."""
    ranked = Ranked.of(planner, assumptions)
    power = ranked.power(size, DEFAULT_HOLDOUT_SHARE)
    text = (
        f"A campaign with {figures.counted(size, 'customer')}, {figures.percent(DEFAULT_HOLDOUT_SHARE)} of them left out for"
        f" comparison, would show that success rate in {figures.percent(power)} of cases"
    )
    if power >= USUAL_POWER:
        return f"{text}."
    return f"{text}. {ranked.readable(DEFAULT_HOLDOUT_SHARE).words(currency)}"


def _sizes(count: int) -> list[int]:
    """Numbers of customers from few to all."""
    if count < 2:
        return []
    steps = max(0, int(np.log(max(count / _FIRST_TRIED, 1)) / np.log(_STEP)))
    grown = (_FIRST_TRIED * _STEP ** np.arange(steps + 1)).astype(int)
    return sorted({*grown[grown <= count].tolist(), count})
