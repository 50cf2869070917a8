"""The purchase process taken apart into what it judges by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from churnkit.btyd import MbgNbd
from churnkit.features.purchase_process import fit_process
from churnkit.tournament.margins import to_logit
from churnkit.tournament.residuals import PROCESS_COLUMN

PROCESS_INPUTS = ("recency_days", "repeat_count", "tenure_days")
_SAME_FIT = 1e-6


@dataclass(frozen=True)
class ProcessOfAll:
    """Of all customers of a cutoff, for some to be held against: their process, and the medians of ``PROCESS_INPUTS``."""

    process: MbgNbd
    typical: np.ndarray

    @classmethod
    def of(cls, rows: pd.DataFrame) -> ProcessOfAll | None:
        """Fitted on all customers of a cutoff; None where too few bought twice, or a column is missing."""
        if not {*PROCESS_INPUTS, "t_x_days"} <= set(rows.columns):
            return None
        process = fit_process(rows)
        if process is None:
            return None
        inputs = rows[list(PROCESS_INPUTS)].to_numpy(dtype=float)
        return cls(process, np.quantile(inputs, 0.5, axis=0, method="lower"))


def process_contributions(
    rows: pd.DataFrame, horizon_days: int, known: ProcessOfAll | None = None
) -> tuple[pd.DataFrame, float] | None:
    """Shapley values of the process's log-odds of no purchase over its three inputs, against the typical customer.

    With three inputs all eight coalitions are evaluated, so the values are exact. A history put together from two
    customers may be one that cannot be: then the last purchase is moved to the nearest day that can.

    Parameters
    ----------
    rows
        All customers of a cutoff, for the process is fitted on them once more; any where it is ``known``.
    horizon_days
        Days without a purchase.

    Returns
    -------
    tuple or None
        Contributions (n, 3) with columns ``PROCESS_INPUTS``, and the log-odds of the typical customer (medians).
        None where that fit does not give the panel's own probabilities, as when the rows are some of the customers only.
    """
    known = known or ProcessOfAll.of(rows)
    if known is None:
        return None
    process, typical = known.process, known.typical
    customers = rows[list(PROCESS_INPUTS)].to_numpy(dtype=float)

    def margin(inputs: np.ndarray) -> np.ndarray:
        return to_logit(_p_no_purchase(process, inputs, horizon_days))

    if not np.allclose(
        margin(customers), to_logit(rows[PROCESS_COLUMN].to_numpy(dtype=float)), atol=_SAME_FIT
    ):
        return None
    values = exact_shapley(margin, customers, typical)
    return pd.DataFrame(values, columns=list(PROCESS_INPUTS)), float(margin(typical[None, :])[0])


def _p_no_purchase(process: MbgNbd, inputs: np.ndarray, horizon_days: int) -> np.ndarray:
    """Probability of no purchase for ``PROCESS_INPUTS``, shape (n, 3); an impossible last purchase is moved."""
    recency, repeats, tenure = inputs.T
    last = np.where(repeats > 0, np.maximum(tenure - recency, 1.0), 0.0)
    return process.p_silent(horizon_days, repeats, last, np.maximum(tenure, last))


def with_process(rows: pd.DataFrame, process: MbgNbd, horizon_days: int) -> pd.DataFrame:
    """Panel rows with the process's probability of no purchase worked out anew from ``PROCESS_INPUTS``."""
    inputs = rows[list(PROCESS_INPUTS)].to_numpy(dtype=float)
    return rows.assign(**{PROCESS_COLUMN: _p_no_purchase(process, inputs, horizon_days)})


def exact_shapley(
    margin: Callable[[np.ndarray], np.ndarray], customers: np.ndarray, reference: np.ndarray
) -> np.ndarray:
    """Shapley values by their definition over all coalitions of a few inputs, shape (n, inputs).

    Absent inputs stand at ``reference`` (inputs,); ``margin`` takes (n, inputs) and returns (n,).
    """
    count = customers.shape[1]
    worth = {
        present: margin(np.where(present, customers, reference))
        for present in product((False, True), repeat=count)
    }
    values = np.zeros(customers.shape)
    for present, with_all in worth.items():
        size = sum(present)
        for player in range(count):
            if present[player]:
                without = worth[(*present[:player], False, *present[player + 1 :])]
                values[:, player] += (with_all - without) * _share_of_orders(size - 1, count)
    return values


def _share_of_orders(before: int, count: int) -> float:
    """Share of the orders of ``count`` players in which a given set of ``before`` players comes just before a given one."""
    share = 1.0 / count
    for k in range(before):
        share *= (k + 1) / (count - 1 - k)
    return share
