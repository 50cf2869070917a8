"""Purchase-process models as features, fitted on each cutoff's own history only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from churnkit.btyd import GammaGamma, MbgNbd, fit_gamma_gamma, fit_mbgnbd, own_shape
from churnkit.btyd.histories import FloatArray
from churnkit.btyd.remembered import Remembered
from churnkit.btyd.rhythm import fit_rhythm, regularity

PURCHASE_PROCESS_COLUMNS = (
    "p_alive",
    "btyd_p_no_purchase",
    "btyd_expected_orders",
    "btyd_order_value",
    "btyd_expected_spend",
)
HISTORY_COLUMNS = ("repeat_count", "t_x_days", "tenure_days", "gap_last_days")
MIN_REPEAT_CUSTOMERS = 10


def _fit_process(
    repeat_count: FloatArray, t_x_days: FloatArray, age_days: FloatArray, gap_last_days: FloatArray
) -> MbgNbd:
    """MBG/NBD, with a rhythm where the customers' last gaps show one."""
    chance = fit_mbgnbd(repeat_count, t_x_days, age_days)
    k = regularity(repeat_count, t_x_days, gap_last_days)
    if k == 1:
        return chance
    start = np.array([chance.r, chance.alpha_days, chance.a, chance.b])
    return replace(chance, rhythm=fit_rhythm(repeat_count, t_x_days, age_days, k, start))


def _fit_order_value(days: FloatArray, value: FloatArray, shape: FloatArray) -> GammaGamma:
    """With the shape that the customers' own orders show (``shape``, one number), NaN where they show none."""
    told = float(shape[0])
    return fit_gamma_gamma(days, value, p=None if np.isnan(told) else told)


_process_of = Remembered(_fit_process)
_order_value_of = Remembered(_fit_order_value)


def add_purchase_process(panel: pd.DataFrame, horizon_days: int, *, with_money: bool = True) -> pd.DataFrame:
    """The panel with the columns of ``PURCHASE_PROCESS_COLUMNS``; missing where a history is too thin to fit.

    ``p_alive`` is missing, too, where the histories do not tell who dropped out from who is slow: it would then be
    near 1 for everybody. Without money only ``HISTORY_COLUMNS`` are needed, and what an order is worth stays missing.

    The MBG/NBD rather than the BG/NBD, because the latter calls every one-time buyer alive for ever; with regular gaps
    where the shop's customers have them (``btyd.rhythm``), which says more of who is late. Each cutoff gets a fit of its
    own on the customers known then, so that no later purchase enters.
    """
    parts = [
        _describe(at_cutoff, horizon_days, with_money) for _, at_cutoff in panel.groupby("cutoff", sort=True)
    ]
    return (
        panel.join(pd.concat(parts))
        if parts
        else panel.assign(**dict.fromkeys(PURCHASE_PROCESS_COLUMNS, np.nan))
    )


def fit_process(at_cutoff: pd.DataFrame) -> MbgNbd | None:
    """MBG/NBD of the customers in ``at_cutoff`` (``HISTORY_COLUMNS``), or None with fewer than ten repeat customers.

    Rows without ``gap_last_days`` do not tell how regular gaps are: the process is then that of chance.
    """
    if (at_cutoff["repeat_count"] > 0).sum() < MIN_REPEAT_CUSTOMERS:
        return None
    is_told = "gap_last_days" in at_cutoff
    last = at_cutoff["gap_last_days"].to_numpy(dtype=float) if is_told else np.full(len(at_cutoff), np.nan)
    return _process_of(*histories(at_cutoff), last)


def histories(at_cutoff: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``repeat_count``, ``t_x_days`` and age (``tenure_days``) as float arrays."""
    return (
        at_cutoff["repeat_count"].to_numpy(dtype=float),
        at_cutoff["t_x_days"].to_numpy(dtype=float),
        at_cutoff["tenure_days"].to_numpy(dtype=float),
    )


def without_net_spend(at_cutoff: pd.DataFrame) -> np.ndarray:
    """Mask, shape (n,), of customers who have brought nothing: all that they bought, or more, was given back.

    Nothing is known of what their orders are worth, so they are worth a newcomer's at most.
    """
    brought: np.ndarray = at_cutoff["monetary_total"].to_numpy(dtype=float) <= 0
    return brought


def day_values(at_cutoff: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Purchase days and mean net spend per purchase day: what Gamma-Gamma calls count and mean of the orders.

    The first purchase counts too: leaving it out, as the papers do, would throw away the only amount that is
    known of a one-time buyer. Days and mean are 0 without net spend.
    """
    days = at_cutoff["purchase_days"].to_numpy(dtype=float)
    spend = at_cutoff["monetary_total"].to_numpy(dtype=float)
    has_spend = ~without_net_spend(at_cutoff)
    return np.where(has_spend, days, 0.0), np.where(has_spend, spend / days, 0.0)


def fit_order_value(at_cutoff: pd.DataFrame) -> GammaGamma | None:
    """Gamma-Gamma of ``at_cutoff``, or None with fewer than ten customers who bought on two days.

    How much one customer's orders differ is seen in the orders; the other two parameters are fitted to everybody's mean
    then, one-time buyers' too. From means alone one large first order passes for a customer who will always spend as much.
    Where too few have two orders to show it, or rows do not tell the spread, all three are fitted to the means of the
    repeat customers.
    """
    days, value = day_values(at_cutoff)
    repeat = days > 1
    if repeat.sum() < MIN_REPEAT_CUSTOMERS:
        return None
    shape = _shape_of_orders(at_cutoff)
    fitted = repeat if shape is None else days > 0
    return _order_value_of(days[fitted], value[fitted], np.array([np.nan if shape is None else shape]))


def _shape_of_orders(at_cutoff: pd.DataFrame) -> float | None:
    if "order_value_std" not in at_cutoff:
        return None
    orders = at_cutoff["order_count"].to_numpy(dtype=float)
    mean = at_cutoff["monetary_total"].to_numpy(dtype=float) / orders
    return own_shape(orders, mean, at_cutoff["order_value_std"].to_numpy(dtype=float))


def _describe(at_cutoff: pd.DataFrame, horizon_days: int, with_money: bool) -> pd.DataFrame:
    order_value = fit_order_value(at_cutoff) if with_money else None
    return describe_with(at_cutoff, fit_process(at_cutoff), order_value, horizon_days)


def describe_with(
    rows: pd.DataFrame, process: MbgNbd | None, order_value: GammaGamma | None, horizon_days: int
) -> pd.DataFrame:
    """The columns of ``PURCHASE_PROCESS_COLUMNS`` for ``rows`` by models that were fitted on these or on others."""
    result = pd.DataFrame(np.nan, index=rows.index, columns=list(PURCHASE_PROCESS_COLUMNS))
    if process is None:
        return result
    known = histories(rows)
    if process.tells_dropout:
        result["p_alive"] = process.p_alive(*known)
    silent = process.p_silent(horizon_days, *known)
    result["btyd_p_no_purchase"] = silent
    orders = process.expected_orders(horizon_days, *known)
    if process.rhythm is not None:
        # As many orders of whoever buys as before; how many buy follows the rhythm.
        buys = 1 - process.p_no_purchase(horizon_days, *known)
        orders = orders * np.divide(1 - silent, buys, out=np.ones_like(buys), where=buys > 0)
    result["btyd_expected_orders"] = orders
    if order_value is not None:
        result["btyd_order_value"] = order_value.expected_order_value(*day_values(rows))
        result["btyd_expected_spend"] = result["btyd_expected_orders"] * result["btyd_order_value"]
    return result
