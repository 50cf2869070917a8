"""How many customers a campaign needs to show its effect, and which effect so many can show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from churnkit.errors import SettingsError

ALPHA = 0.05
POWER = 0.8


@dataclass(frozen=True)
class Sizes:
    """Customers in each arm."""

    treated: int
    held_out: int

    @property
    def total(self) -> int:
        """Both arms."""
        return self.treated + self.held_out


def sizes(
    base_rate: float,
    target_rate: float,
    holdout_share: float,
    *,
    alpha: float = ALPHA,
    power: float = POWER,
) -> Sizes:
    """Customers in arms that show ``target_rate`` against ``base_rate``, a share ``holdout_share`` in (0, 1) held out.

    With equal arms ``(z_{1-alpha/2} + z_power)^2 [p1 (1 - p1) + p2 (1 - p2)] / (p1 - p2)^2`` in each, rounded up: a
    two-sided test of two proportions (Fleiss, Levin and Paik 2003, section 4.2, without continuity correction).
    Otherwise the variance of each arm is divided by its share of the total.

    Raises
    ------
    SettingsError
        If a rate lies outside [0, 1], the rates are equal, or ``holdout_share``, ``alpha`` or ``power`` lies
        outside (0, 1).

    Examples
    --------
    >>> sizes(0.20, 0.25, holdout_share=0.5)
    Sizes(treated=1091, held_out=1091)
    """
    _require_share("the base rate", base_rate)
    _require_share("the target rate", target_rate)
    if base_rate == target_rate:
        raise SettingsError(
            f"Planning an experiment: base rate and target rate must differ, both are {base_rate!r}.",
            "Give the rate that the campaign should reach.",
        )
    if not 0 < holdout_share < 1:
        raise SettingsError(
            f"Planning an experiment: the share held out must be between 0 and 1, found {holdout_share!r}."
        )
    variance = _spread(base_rate) / holdout_share + _spread(target_rate) / (1 - holdout_share)
    total = _z(alpha, power) ** 2 * variance / (target_rate - base_rate) ** 2
    return Sizes(_up(total * (1 - holdout_share)), _up(total * holdout_share))


def detectable_rate(
    base_rate: float, treated: int, held_out: int, *, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """The smallest rate above ``base_rate`` that arms of these sizes show; None when even a rate of 1 is too little.

    The positive root of :func:`sizes`' formula in the difference d: ``d^2 = z^2 [p (1 - p) / n_c + (p + d)
    (1 - p - d) / n_t]`` is quadratic in d.
    """
    _require_share("the base rate", base_rate)
    if treated < 1 or held_out < 1:
        raise SettingsError(
            f"Planning an experiment: each arm must have 1 customer or more, found {treated} and {held_out}.",
            "Hold some customers out, and contact some.",
        )
    z2 = _z(alpha, power) ** 2
    a = 1 + z2 / treated
    b = -z2 * (1 - 2 * base_rate) / treated
    c = -z2 * _spread(base_rate) * (1 / treated + 1 / held_out)
    rate = base_rate + (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)
    return rate if rate <= 1 else None


def power_of(
    base_rate: float, target_rate: float, treated: int, held_out: int, *, alpha: float = ALPHA
) -> float:
    """Probability that arms of these sizes show ``target_rate`` against ``base_rate``, in [0, 1]."""
    _require_share("the base rate", base_rate)
    _require_share("the target rate", target_rate)
    error = math.sqrt(_spread(target_rate) / treated + _spread(base_rate) / held_out)
    if error == 0:
        return 1.0 if target_rate != base_rate else alpha
    quantile = NormalDist().inv_cdf(1 - alpha / 2)
    shift = abs(target_rate - base_rate) / error
    return NormalDist().cdf(shift - quantile) + NormalDist().cdf(-shift - quantile)


def _z(alpha: float, power: float) -> float:
    for name, value in (("alpha", alpha), ("power", power)):
        if not 0 < value < 1:
            raise SettingsError(f"Planning an experiment: {name} must be between 0 and 1, found {value!r}.")
    return NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)


def _spread(rate: float) -> float:
    return rate * (1 - rate)


def _up(count: float) -> int:
    # 49.9999999 and 50.0000001 are 50; at least one customer stands in each arm.
    return max(1, math.ceil(count - 1e-9))


def _require_share(what: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise SettingsError(f"Planning an experiment: {what} must be between 0 and 1, found {value!r}.")
