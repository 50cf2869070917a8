"""How many customers a campaign needs to show its effect, and which effect so many can show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

from churnkit.errors import SettingsError
from churnkit.experiments.intervals import ALPHA
from churnkit.experiments.power import power_of, require_arms, require_share

POWER = 0.8
# A rate is found to within this.
_RATE_STEP = 1e-6
# An effect that takes more customers than any shop has needs no exact number.
_MOST_COUNTED = 100_000_000


@dataclass(frozen=True)
class Sizes:
    """Customers in each arm."""

    treated: int
    held_out: int

    @property
    def total(self) -> int:
        """Both arms."""
        return self.treated + self.held_out

    @classmethod
    def of(cls, total: int, holdout_share: float) -> Sizes:
        """So many customers with a share held out, one in each arm at least."""
        held_out = min(max(round(total * holdout_share), 1), total - 1)
        return cls(total - held_out, held_out)


def sizes(
    base_rate: float,
    target_rate: float,
    holdout_share: float,
    *,
    alpha: float = ALPHA,
    power: float = POWER,
) -> Sizes:
    """Customers in arms that show ``target_rate`` against ``base_rate``, a share ``holdout_share`` in (0, 1) held out.

    The power of these arms by :func:`~churnkit.experiments.power.power_of` is ``power`` at least, and that of one
    customer fewer is not. Where the normal formula for two proportions asks for more than a hundred million customers
    (Fleiss, Levin and Paik 2003, section 4.2), its answer stands, though it is a little too small where buyers are rare.

    Raises
    ------
    SettingsError
        If a rate lies outside [0, 1], the rates are equal, or ``holdout_share``, ``alpha`` or ``power`` lies
        outside (0, 1).

    Examples
    --------
    >>> sizes(0.20, 0.25, holdout_share=0.5)
    Sizes(treated=1093, held_out=1094)
    """
    require_share("the base rate", base_rate)
    require_share("the target rate", target_rate)
    if base_rate == target_rate:
        raise SettingsError(
            f"Planning an experiment: base rate and target rate must differ, both are {base_rate!r}.",
            "Give the rate that the campaign should reach.",
        )
    for name, share in (("the share held out", holdout_share), ("alpha", alpha), ("power", power)):
        if not 0 < share < 1:
            raise SettingsError(f"Planning an experiment: {name} must be between 0 and 1, found {share!r}.")
    usual = _by_formula(base_rate, target_rate, holdout_share, alpha, power)
    if usual > _MOST_COUNTED:
        return Sizes.of(usual, holdout_share)

    def shows(total: int) -> bool:
        arms = Sizes.of(total, holdout_share)
        return power_of(base_rate, target_rate, arms.treated, arms.held_out, alpha=alpha) >= power

    return Sizes.of(_least(shows, usual), holdout_share)


def detectable_rate(
    base_rate: float, treated: int, held_out: int, *, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """The smallest rate above ``base_rate`` that arms of these sizes show; None when even a rate of 1 is too little.

    At that rate :func:`~churnkit.experiments.power.power_of` is ``power``; found to within a millionth.
    """
    require_share("the base rate", base_rate)
    require_arms(treated, held_out)

    def shows(rate: float) -> bool:
        return power_of(base_rate, rate, treated, held_out, alpha=alpha) >= power

    if not shows(1.0):
        return None
    low, high = base_rate, 1.0
    while high - low > _RATE_STEP:
        middle = (low + high) / 2
        low, high = (low, middle) if shows(middle) else (middle, high)
    return high


def _by_formula(
    base_rate: float, target_rate: float, holdout_share: float, alpha: float, power: float
) -> int:
    """Customers in all by the normal approximation, two at least."""
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    variance = base_rate * (1 - base_rate) / holdout_share + target_rate * (1 - target_rate) / (
        1 - holdout_share
    )
    return max(2, math.ceil(z**2 * variance / (target_rate - base_rate) ** 2))


def _least(holds: Callable[[int], bool], start: int) -> int:
    """A number of 2 or more that holds while the one before it does not, near ``start``."""
    high = start
    while not holds(high):
        high = high * 3 // 2 + 1
    low = 1 if high == start else start
    while low > 1 and holds(low):
        low //= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
