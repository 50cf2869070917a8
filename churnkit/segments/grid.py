"""Risk against value: nine fields, and what each of them asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.errors import SettingsError
from churnkit.segments.standing import ACTIVE

TIERS = ("high", "medium", "low")
VALUES = ("high", "middle", "low")
ADVICE = {
    ("high", "high"): "Act first: a personal contact, then the best offer.",
    ("high", "middle"): "Make a comeback offer.",
    ("high", "low"): "An automatic message at most: little is at stake with each of them.",
    ("medium", "high"): "Look after them before they cool off: a call, or something they have not tried yet.",
    ("medium", "middle"): "Suggest a product that fits, with a small offer.",
    ("medium", "low"): "Leave them in the newsletter.",
    ("low", "high"): "Keep them happy without a discount: service, first access, thanks.",
    ("low", "middle"): "Suggest a product that fits, without a discount.",
    ("low", "low"): "Nothing to do now.",
}


@dataclass(frozen=True)
class ValueBands:
    """Shares of the customers that count as high and as middle value; the others are low."""

    high: float = 0.2
    middle: float = 0.3

    def __post_init__(self) -> None:
        if not (self.high > 0 and self.middle > 0 and self.high + self.middle < 1):
            raise SettingsError(
                f"Bands of value: both shares must be above 0 and add up to less than 1, found {self.high} and"
                f" {self.middle}.",
                "Leave some customers for the low band.",
            )


def value_band(value: np.ndarray, bands: ValueBands | None = None) -> np.ndarray:
    """ "high", "middle" or "low" for each customer, shape (n,), by the share of customers worth strictly more.

    Equal values get equal bands, so a band can be larger or smaller than its share.
    """
    bands = bands or ValueBands()
    values = np.asarray(value, dtype=float)
    above = len(values) - np.searchsorted(np.sort(values), values, side="right")
    share = above / max(1, len(values))
    return np.select([share < bands.high, share < bands.high + bands.middle], ["high", "middle"], "low")


def risk_value_grid(customers: pd.DataFrame, bands: ValueBands | None = None) -> pd.DataFrame:
    """Nine rows, of the active customers.

    Columns: ``tier``, ``value`` (band of the value if kept), ``customers``, ``share``, ``mean_p_churn``,
    ``expected_leavers``, ``clv``, ``value_at_risk`` (money), ``value_from`` (least value if kept of the band), ``advice``.

    Parameters
    ----------
    customers
        ``status``, ``risk_tier``, ``p_churn``, ``clv``, ``clv_if_kept`` and ``value_at_risk``. Means of empty
        fields are NaN.
    """
    there = customers[customers["status"] == ACTIVE]
    band = value_band(there["clv_if_kept"].to_numpy(dtype=float), bands)
    tier = there["risk_tier"].to_numpy(dtype=object)
    rows = []
    for one_tier in TIERS:
        for one_band in VALUES:
            some = there[(tier == one_tier) & (band == one_band)]
            rows.append(
                {
                    "tier": one_tier,
                    "value": one_band,
                    "customers": len(some),
                    "share": len(some) / max(1, len(there)),
                    "mean_p_churn": some["p_churn"].mean(),
                    "expected_leavers": some["p_churn"].sum(),
                    "clv": some["clv"].sum(),
                    "value_at_risk": some["value_at_risk"].sum(),
                    "value_from": there["clv_if_kept"][band == one_band].min(),
                    "advice": ADVICE[one_tier, one_band],
                }
            )
    return pd.DataFrame(rows)
