"""What stands to be lost if nobody acts, by group of customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.results.campaign_money import Assumptions
from churnkit.results.interval import Interval
from churnkit.roi.planner import Planner

# What leaves with the leavers is what a campaign would bring that saves everybody for nothing.
_EVERYBODY = Assumptions(contact_cost=0.0, save_rate=1.0, gone_success=1.0, discount=0.0)


def value_at_risk(planner: Planner, chosen: np.ndarray, margin: float = 1.0) -> Interval:
    """Sum of p_churn x (value if kept - value if lost) over ``chosen``, booleans of shape (n,); money after margin."""
    found = planner.alike().outcome_of(_EVERYBODY, chosen).revenue_protected
    return Interval(margin * found.value, margin * found.low, margin * found.high)


def at_risk_by(planner: Planner, groups: pd.Series, margin: float = 1.0) -> pd.DataFrame:
    """Value at risk by group, the largest first.

    Parameters
    ----------
    groups
        Shape (n,), in the planner's order: a tier or a segment for each customer.

    Returns
    -------
    DataFrame
        ``group``, ``customers``, ``leavers`` and ``value_at_risk`` (expected), the latter two with ``_low`` and
        ``_high`` of the 80 % interval, and ``share`` of the value at risk of all.
    """
    names, planner = groups.to_numpy(), planner.alike()
    rows = []
    for name in pd.unique(groups):
        chosen = names == name
        found = planner.outcome_of(_EVERYBODY, chosen)
        money = found.revenue_protected
        rows.append(
            {
                "group": name,
                "customers": int(chosen.sum()),
                "leavers": found.saves.value,
                "leavers_low": found.saves.low,
                "leavers_high": found.saves.high,
                "value_at_risk": margin * money.value,
                "value_at_risk_low": margin * money.low,
                "value_at_risk_high": margin * money.high,
            }
        )
    columns = ["group", "customers", "leavers", "leavers_low", "leavers_high"]
    columns += ["value_at_risk", "value_at_risk_low", "value_at_risk_high"]
    table = pd.DataFrame(rows, columns=columns)
    total = table["value_at_risk"].sum()
    table["share"] = table["value_at_risk"] / total if total > 0 else 0.0
    return table.sort_values(["value_at_risk", "group"], ascending=[False, True], ignore_index=True)
