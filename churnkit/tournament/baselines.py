"""The simple rules that every model must beat. Fitted on training rows, they answer in log-odds of churn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from churnkit.tournament.margins import to_logit
from churnkit.tournament.residuals import PROCESS_COLUMN

BASE_RATE = "base_rate"
RECENCY_RULE = "recency_rule"
RECENCY_FREQUENCY = "recency_frequency_logistic"
PURCHASE_PROCESS = "mbg_nbd"
RETURN_CURVE = "return_curve"
BASELINES = (BASE_RATE, RECENCY_RULE, RECENCY_FREQUENCY, PURCHASE_PROCESS)
BASELINE_COLUMNS = ("recency_days", "order_count", PROCESS_COLUMN)
"""Columns of the panel that some rule here reads."""

# A rate from a handful of rows is neither 0 nor 1: one imaginary churner and one who stays.
_PSEUDO_COUNT = 1.0


@dataclass(frozen=True)
class FittedBaseline:
    """One baseline, fitted.

    - ``base_rate``: everybody at the churn rate of the latest training cutoff.
    - ``recency_rule``: bought within the last ``horizon_days`` or not; each group at its rate in training.
    - ``recency_frequency_logistic``: logistic regression on the logs of recency and order count.
    - ``mbg_nbd``: probability of no purchase in the horizon; learns from purchases, not from labels.
    """

    name: str
    horizon_days: int
    base: float
    active: float
    lapsed: float
    logistic: Pipeline | None

    def margin(self, rows: pd.DataFrame) -> np.ndarray:
        """Log-odds of churn, shape (n,)."""
        if self.name == RECENCY_RULE:
            return np.where(rows["recency_days"] > self.horizon_days, self.lapsed, self.active)
        if self.name == RECENCY_FREQUENCY and self.logistic is not None:
            return np.asarray(self.logistic.decision_function(_recency_frequency(rows)), dtype=float)
        if self.name == PURCHASE_PROCESS:
            p = rows[PROCESS_COLUMN].to_numpy(dtype=float)
            return np.where(np.isnan(p), self.base, to_logit(np.nan_to_num(p, nan=0.5)))
        return np.full(len(rows), self.base)


@dataclass(frozen=True)
class ReturnCurveRule:
    """Probability of ``horizon_days`` more of silence by the shop's return curve: S(r + h) / S(r) at recency r.

    S (``silent``, S[t] for day t) is the Kaplan-Meier curve of the gaps between purchases, open ones included.
    Beyond its last day the last value stands: nobody was seen to come back from there. Not a competitor: it
    scores shops that are too small for anything else.
    """

    silent: np.ndarray
    horizon_days: int
    name: str = RETURN_CURVE
    base: float = 0.0
    logistic: None = None

    def margin(self, rows: pd.DataFrame) -> np.ndarray:
        """Log-odds of churn, shape (n,), between those of 1 % and 99 %."""
        recency = rows["recency_days"].to_numpy(dtype=int)
        last = len(self.silent) - 1
        silent = np.maximum(self.silent, 1e-6)
        later = silent[np.minimum(recency + self.horizon_days, last)]
        return to_logit(np.clip(later / silent[np.minimum(recency, last)], 0.01, 0.99))


def fit_baseline(name: str, train: pd.DataFrame, horizon_days: int) -> FittedBaseline:
    """Fit the baseline called ``name`` (one of ``BASELINES``) on labelled panel rows."""
    churned = train["churned"].to_numpy(dtype=float)
    lapsed = (train["recency_days"] > horizon_days).to_numpy()
    latest = (train["cutoff"] == train["cutoff"].max()).to_numpy()
    logistic = None
    if name == RECENCY_FREQUENCY and 0 < churned.sum() < len(churned):
        logistic = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))
        logistic.fit(_recency_frequency(train), churned.astype(int))
    return FittedBaseline(
        name,
        horizon_days,
        rate_of(churned[latest]),
        rate_of(churned[~lapsed]),
        rate_of(churned[lapsed]),
        logistic,
    )


def rate_of(churned: np.ndarray) -> float:
    """Log-odds of the churn rate of outcomes, shape (n,)."""
    return float(to_logit((churned.sum() + _PSEUDO_COUNT) / (len(churned) + 2 * _PSEUDO_COUNT)))


def _recency_frequency(rows: pd.DataFrame) -> np.ndarray:
    logs: np.ndarray = np.log1p(rows[["recency_days", "order_count"]].to_numpy(dtype=float))
    return logs
