"""Spend in the horizon of a customer who does buy in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline

from churnkit.features.scaling import linear_pipeline

SPEND_COLUMNS = (
    "btyd_expected_spend",
    "btyd_order_value",
    "monetary_mean",
    "last_order_value",
    "order_value_max",
    "spend_per_month",
    "spend_decay_90d",
    "spend_decay_180d",
    "orders_decay_90d",
    "orders_decay_180d",
    "order_count",
    "recency_days",
    "tenure_days",
    "lines_per_order",
)
REGRESSION_PRIOR_WINDOWS = 12.0
MIN_BUYERS = 30
_RIDGE_PENALTY = 10.0


@dataclass(frozen=True)
class ConditionalSpend:
    """Spend in the horizon, given a purchase: what the process implies, and a regression, weighted by experience.

    Attributes
    ----------
    pipeline, smearing
        Ridge regression of the logarithm of spend, and the factor that makes its totals right; None without
        buyers enough, then ``fallback`` (money) stands in.
    regression_weight
        0 to 1: w / (w + 12) for w past windows that the regression has learned from. With few of them it knows
        a shop's first months only, when customers were young and eager.
    lowest, highest
        The smallest and the largest spend of a buyer in training, in money: the regression answers inside them, for a
        straight line in logarithms has no end. Models of earlier versions knew no limits.
    """

    columns: tuple[str, ...]
    pipeline: Pipeline | None
    smearing: float
    fallback: float
    regression_weight: float
    lowest: float = 0.0
    highest: float = 1e15

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Money, 0 at least, shape (n,)."""
        regression = self._regression(rows)
        process_buys = np.maximum(1 - rows["btyd_p_no_purchase"].to_numpy(dtype=float), 1e-6)
        process = rows["btyd_expected_spend"].to_numpy(dtype=float) / process_buys
        process = np.where(np.isnan(process), regression, process)
        return self.regression_weight * regression + (1 - self.regression_weight) * process

    def _regression(self, rows: pd.DataFrame) -> np.ndarray:
        if self.pipeline is None:
            return np.full(len(rows), self.fallback)
        logs = self.pipeline.predict(rows[list(self.columns)].to_numpy(dtype=float))
        spend = np.exp(np.clip(logs, -20.0, 30.0)) * self.smearing
        inside: np.ndarray = np.clip(spend, self.lowest, self.highest)
        return inside


def fit_conditional_spend(train: pd.DataFrame) -> ConditionalSpend:
    """Fit on panel rows with a purchase in their window; with fewer than 30 of them, their plain mean.

    The smearing factor (Duan 1983) is the ratio of totals, so that a few large buyers are not lost in the logs.
    """
    bought = train[(train["churned"] == 0) & (train["spend_next"] > 0)]
    spend = bought["spend_next"].to_numpy(dtype=float)
    mean = float(spend.mean()) if len(spend) else 0.0
    columns = tuple(c for c in SPEND_COLUMNS if c in train.columns)
    windows = train["cutoff"].nunique()
    weight = windows / (windows + REGRESSION_PRIOR_WINDOWS)
    if len(bought) < MIN_BUYERS:
        return ConditionalSpend(columns, None, 1.0, mean, weight)
    x = bought[list(columns)].to_numpy(dtype=float)
    pipeline = linear_pipeline(Ridge(alpha=_RIDGE_PENALTY)).fit(x, np.log(spend))
    smearing = float(spend.sum() / np.exp(pipeline.predict(x)).sum())
    return ConditionalSpend(
        columns, pipeline, smearing, mean, weight, lowest=float(spend.min()), highest=float(spend.max())
    )
