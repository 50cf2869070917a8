"""The horizon's forecast, stretched to a year along the purchase process."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.btyd import MbgNbd
from churnkit.config import Money
from churnkit.features.purchase_process import fit_process, histories

YEAR_DAYS = 365
_MAX_YEAR_RATIO = 40.0


def lifetime_value(
    rows: pd.DataFrame,
    expected_spend: np.ndarray,
    horizon_days: int,
    money: Money,
    *,
    shop: pd.DataFrame | None = None,
) -> np.ndarray:
    """Expected spend of the next 365 days times the margin, discounted if a rate is set; money, shape (n,).

    The horizon's forecast is stretched to a year along the purchase process, which knows that customers drop
    out; along the calendar where the process could not be fitted. The process is that of ``shop``, panel rows of all
    customers of the cutoff; of ``rows`` themselves unless given.
    """
    process = fit_process(rows if shop is None else shop)
    value: np.ndarray = (
        expected_spend * _year_ratio(rows, process, horizon_days, money, buying=False) * money.margin
    )
    return value


def value_if_kept(
    rows: pd.DataFrame, spend_if_buying: np.ndarray, horizon_days: int, money: Money
) -> np.ndarray:
    """Value of the next 365 days of a customer who buys within the horizon; money, shape (n,).

    What :func:`lifetime_value` averages over, taken on the side where the customer stays: the spend of the horizon
    given a purchase, stretched to a year along the purchase process of a customer who buys within the horizon.
    """
    ratio = _year_ratio(rows, fit_process(rows), horizon_days, money, buying=True)
    value: np.ndarray = spend_if_buying * ratio * money.margin
    return value


def _year_ratio(
    rows: pd.DataFrame, model: MbgNbd | None, horizon_days: int, money: Money, *, buying: bool
) -> np.ndarray:
    """Expected purchases of a year, discounted, over those of the horizon, shape (n,).

    With ``buying``, both given a purchase within the horizon h. N(t) purchases in t days without one in h are
    those of a customer with the same history who has been silent for h more: E[N(t); N(h) > 0] =
    E[N(t)] - P(N(h) = 0) E[N(t - h) | silent for h more].
    """
    if model is None:
        return np.full(len(rows), YEAR_DAYS / horizon_days)
    x, t_x, age = histories(rows)
    months = np.linspace(YEAR_DAYS / 12, YEAR_DAYS, 12)
    cumulative = np.array([model.expected_orders(t, x, t_x, age) for t in months])
    if buying:
        silent = model.p_no_purchase(horizon_days, x, t_x, age)
        for k in np.flatnonzero(months > horizon_days):
            later = model.expected_orders(months[k] - horizon_days, x, t_x, age + horizon_days)
            cumulative[k] -= silent * later
    each = np.diff(cumulative, axis=0, prepend=0.0)
    discount = (1 + money.annual_discount_rate) ** (-(months - YEAR_DAYS / 24) / YEAR_DAYS)
    within = np.maximum(model.expected_orders(horizon_days, x, t_x, age), 1e-12)
    return np.clip(discount @ each / within, 0.0, _MAX_YEAR_RATIO)
