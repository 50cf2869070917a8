"""Who is still there and who is about to leave: status and risk tier of each customer."""

from __future__ import annotations

import numpy as np

from churnkit.config import Tiers

ACTIVE, LAPSED = "active", "lapsed"
STATUSES = (ACTIVE, LAPSED)


def is_active(recency_days: np.ndarray, horizon_days: int) -> np.ndarray:
    """Silent no longer than the churn threshold, booleans of shape (n,).

    Examples
    --------
    >>> is_active(np.array([0, 60, 61]), 60).tolist()
    [True, True, False]
    """
    active: np.ndarray = np.asarray(recency_days) <= horizon_days
    return active


def status(recency_days: np.ndarray, horizon_days: int) -> np.ndarray:
    """ "active" or "lapsed" for each customer, shape (n,)."""
    return np.where(is_active(recency_days, horizon_days), ACTIVE, LAPSED).astype(object)


def risk_tier(p_churn: np.ndarray, active: np.ndarray, tiers: Tiers, *, proven: bool = True) -> np.ndarray:
    """ "high", "medium" or "low" for each active customer and None for the lapsed, objects of shape (n,).

    Whoever lapsed has left by the threshold's own rule: there is no risk of it any more. Where nothing proves that
    the probabilities tell the active apart (``proven`` False), nobody has a tier.
    """
    found = np.full(len(p_churn), None, dtype=object)
    if proven:
        named = np.select([p_churn > tiers.high, p_churn > tiers.medium], ["high", "medium"], "low")
        found[active] = named[active]
    return found
