"""Who is contacted and who is held out: a stratified random draw in which everybody has the same chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from churnkit.errors import DataError, SettingsError
from churnkit.results.campaign_facts import MAX_HOLDOUT_SHARE
from churnkit.text.figures import count

TREATMENT = "treatment"
HOLDOUT = "holdout"
FIFTHS = 5
TIER_ORDER = ("high", "medium", "low")
NO_TIER = "no tier"


def value_fifths(value: ArrayLike) -> NDArray[np.int64]:
    """Fifth of each value among all, 1 (lowest) to 5; equal values share a fifth. Shape (n,)."""
    values = np.asarray(value, dtype=float)
    below = np.searchsorted(np.sort(values), values, side="left")
    return 1 + FIFTHS * below // max(1, len(values))


def strata(risk_tier: pd.Series, value: pd.Series) -> pd.Series:
    """Stratum of each customer, e.g. ``1 high, value 5 of 5``: risk tier by fifth of value.

    The text sorts by tier, then value, so that neighbours in the draw are alike; who has no tier (the lapsed, and
    everybody where nothing is proven) comes last. Shape (n,), index kept.
    """
    known = {tier: f"{rank} {tier}" for rank, tier in enumerate((*TIER_ORDER, NO_TIER), start=1)}
    tier = risk_tier.astype(object).where(risk_tier.notna(), NO_TIER).map(known)
    if tier.isna().any():
        odd = risk_tier[tier.isna()].iloc[0]
        raise DataError(
            f"Planning a campaign: a risk tier must be one of {', '.join(TIER_ORDER)}, but"
            f" {count(int(tier.isna().sum()))} customers have another, first {odd!r}.",
            "Start the analysis again.",
        )
    fifth = pd.Series(value_fifths(value), index=risk_tier.index).astype(str)
    return tier + ", value " + fifth + f" of {FIFTHS}"


def assign_arms(
    customer_ids: pd.Series, stratum: pd.Series, holdout_share: float, seed: int
) -> NDArray[np.object_]:
    """``treatment`` or ``holdout`` for each customer, shape (n,), in the order given.

    Systematic sampling from a random start (Madow and Madow 1944, section on stratified order): customers stand in
    random order within their stratum and the strata in order of their names; the running sum of ``holdout_share``
    plus a random start counts up, and whoever takes it past a whole number is held out. So everybody is held out
    with probability ``holdout_share`` exactly, a stratum of n with n x share rounded up or down, all of them
    together likewise, and strata too small for a holdout of their own share one with their neighbours.

    The result depends on the set of customers, their strata, the share and the seed, not on the order of rows.

    Parameters
    ----------
    customer_ids, stratum
        Shape (n,); ids must be unique.
    holdout_share
        0 (nobody is held out, and nothing can be measured) to ``MAX_HOLDOUT_SHARE``.

    Raises
    ------
    SettingsError
        If the share lies outside its range.
    DataError
        If a customer occurs twice.
    """
    if not 0 <= holdout_share <= MAX_HOLDOUT_SHARE:
        raise SettingsError(
            f"Leaving customers out for comparison: the share must be between 0 and {MAX_HOLDOUT_SHARE}, found"
            f" {holdout_share!r}.",
            "Usual are 0.1 to 0.2; one half tells most.",
        )
    ids = customer_ids.to_numpy(dtype=object)
    if len(set(ids)) < len(ids):
        twice = customer_ids[customer_ids.duplicated()].iloc[0]
        raise DataError(
            f"Holding customers out: each must occur once, but {count(len(ids) - len(set(ids)))} rows repeat a customer,"
            f" first {twice!r}.",
            "Start the analysis again.",
        )
    rng = np.random.default_rng(seed)
    by_id = np.argsort(ids, kind="stable")
    lottery = np.empty(len(ids))
    lottery[by_id] = rng.random(len(ids))
    start = rng.random()
    order = np.lexsort((lottery, stratum.to_numpy(dtype=str)))
    # Multiples, not a running sum: thousands of additions would drift past a whole number.
    counted = np.floor(holdout_share * np.arange(len(ids) + 1) + start)
    arms = np.full(len(ids), TREATMENT, dtype=object)
    arms[order[np.diff(counted) > 0]] = HOLDOUT
    return arms
