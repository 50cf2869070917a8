"""How much of the value at risk a campaign could keep: the usual range, the owner's rate, or the one that was measured."""

from __future__ import annotations

import numpy as np

from churnkit.config import Money
from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import Recoverable
from churnkit.roi.draws import beta_quantiles

USUAL_RATES = (0.3, 0.4)
"""What campaigns of this kind usually keep of those who would have left, low and high."""
NOTHING = "None of their value counts as at risk: who has lapsed is won back, not kept."


def recoverable(
    money: Money, value_at_risk: float, no_risk: str | None = None
) -> Found[Recoverable] | Missing:
    """Money of a year that could be kept of ``value_at_risk``, before the costs of contacting.

    Parameters
    ----------
    no_risk
        Why no money is said to be at risk: where nothing proves the forecast, nothing is said to be kept.
    """
    if no_risk is not None:
        return Missing(no_risk)
    return Found(_of(money, value_at_risk)) if value_at_risk > 0 else Missing(NOTHING)


def _of(money: Money, value_at_risk: float) -> Recoverable:
    kind = money.kind("save_rate")
    if kind == "assumed":
        low, high = USUAL_RATES
        return Recoverable(
            low=low * value_at_risk, high=high * value_at_risk, rate_low=low, rate_high=high, source="typical"
        )
    if kind == "given":
        low = high = money.save_rate
        at = money.save_rate * value_at_risk
        return Recoverable(low=at, high=at, rate_low=low, rate_high=high, source="your setting")
    # 80 %, as every interval of money.
    ends = beta_quantiles(money.save_rate, money.save_rate_weight, np.array([0.1, 0.9]))
    low, high = (float(end) for end in ends)
    return Recoverable(
        low=low * value_at_risk, high=high * value_at_risk, rate_low=low, rate_high=high, source="measured"
    )
