"""Whether a contact keeps more customers of one risk tier than of another, and what the next plan makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.experiments.intervals import FloatArray
from churnkit.experiments.savings import save_rate
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import TierRate

MIN_PER_ARM, MIN_LOST = 30, 10
"""Customers of a tier in either arm, and those lost without a contact, below which a tier is not measured."""
TOLD_BEYOND = 0.05
"""Chance of tiers as far apart where all have the same rate, below which they are told apart."""
_Z = 1.959963984540054


@dataclass(frozen=True)
class _Tier:
    """A tier that was measured: its customers' share of the expected saves at one rate for all, and its rate."""

    tier: str
    treated: int
    held_out: int
    weight: float
    rate: Interval

    @property
    def variance(self) -> float:
        return ((self.rate.high - self.rate.low) / (2 * _Z)) ** 2


def rates_by_tier(
    members: pd.DataFrame, treated: np.ndarray, bought: np.ndarray, reach: float, gone_success: float
) -> tuple[TierRate, ...]:
    """Save rates by tier, the surest difference taken as chance leaves it; empty where chance explains all.

    Cochran's Q over the tiers' rates decides. What the next plan counts with is drawn towards the rate of all by how much
    of the spread between tiers is chance (DerSimonian and Laird 1986), and their mean, by the saves expected at one
    rate, is the rate of the campaign.

    Parameters
    ----------
    members
        Of the plan, shape (n,): ``risk_tier``, ``p_churn``, ``savable`` and, if there, ``p_alive``.
    treated, bought
        Booleans, shape (n,).
    reach, gone_success
        As the plan assumed.
    """
    # Home opens with this package; scipy is not needed for it.
    from scipy.special import chdtrc

    part = part_by_dropout(members, gone_success)
    weights = members["p_churn"].to_numpy(dtype=float) * part
    tiers = members["risk_tier"].to_numpy(dtype=object)
    found = [
        one
        for tier in pd.unique(members["risk_tier"].dropna())
        if (one := _measured(str(tier), tiers == tier, members, treated, bought, reach, part)) is not None
    ]
    if len(found) < 2:
        return ()
    rates, variances = np.array([[one.rate.value, one.variance] for one in found]).T
    precision = 1 / variances
    middle = float(precision @ rates / precision.sum())
    spread = float(precision @ (rates - middle) ** 2)
    if chdtrc(len(found) - 1, spread) > TOLD_BEYOND:
        return ()
    scale = precision.sum() - (precision**2).sum() / precision.sum()
    between = max((spread - (len(found) - 1)) / scale, 0.0)
    drawn = np.clip(middle + between / (between + variances) * (rates - middle), 0.0, 1.0)
    shares = np.array([one.weight for one in found])
    rest = max(float(weights.sum()) - shares.sum(), 0.0)
    mean = float(shares @ drawn + rest * max(middle, 0.0)) / float(shares.sum() + rest)
    if mean <= 0:
        return ()
    return tuple(
        TierRate(
            tier=one.tier,
            treated=one.treated,
            held_out=one.held_out,
            rate=one.rate,
            success=float(kept / mean),
        )
        for one, kept in zip(found, drawn, strict=True)
    )


def part_by_dropout(members: pd.DataFrame, gone_success: float) -> FloatArray:
    """The part of the save rate that holds for each member whatever the tier: less for who may be gone; shape (n,).

    ``savable`` has the success of tiers in it, where an earlier campaign measured that.
    """
    if "p_alive" not in members:
        return members["savable"].to_numpy(dtype=float)
    p = members["p_churn"].to_numpy(dtype=float)
    gone = np.clip(1 - members["p_alive"].fillna(1.0).to_numpy(dtype=float), 0.0, p)
    share = np.divide(gone, p, out=np.zeros_like(p), where=p > 0)
    return np.asarray(1 - (1 - gone_success) * share)


def _measured(
    tier: str,
    inside: np.ndarray,
    members: pd.DataFrame,
    treated: np.ndarray,
    bought: np.ndarray,
    reach: float,
    part: FloatArray,
) -> _Tier | None:
    counts = [(int((inside & arm).sum()), int((inside & arm & bought).sum())) for arm in (treated, ~treated)]
    (one, one_bought), (base, base_bought) = counts
    if min(one, base) < MIN_PER_ARM or base - base_bought < MIN_LOST:
        return None
    p = members["p_churn"].to_numpy(dtype=float)[inside]
    weight = float(p @ part[inside])
    found = save_rate(one_bought, one, base_bought, base, reach=reach, savable=weight / float(p.sum()))
    if found is None or found.rate.high <= found.rate.low:
        return None
    return _Tier(tier, one, base, weight, found.rate)
