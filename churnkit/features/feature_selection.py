"""Feature selection inside a fold, and the run-time screen for leakage."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from churnkit.features.column_names import CATEGORY_COLUMNS, feature_columns
from churnkit.metrics import normalised_gini
from churnkit.text.figures import percent, score

SEASON_REASON = "less than two years of history"

SUSPICIOUS_GINI = 0.85
EXCLUDED_GINI = 0.975
_CORRELATION_ROWS = 5000
_MIN_RECENT_OUTCOMES = 5
_STAYER_SHARE = 0.9


class FeatureSelector(TransformerMixin, BaseEstimator):
    """Drop features that are mostly missing, constant, or nearly a copy of an earlier one.

    Fit on training rows only. Of a correlated pair the later column goes, so the panel's order (plain counts
    before ratios) decides, not the outcome.

    Parameters
    ----------
    max_null_share
        A column with a larger share of missing values is dropped.
    max_correlation
        A column whose absolute rank correlation with a kept one is larger is dropped.

    Attributes
    ----------
    kept_ : list of str
        Surviving columns.
    dropped_ : dict of str to str
        Reason for every other column.
    """

    def __init__(self, max_null_share: float = 0.8, max_correlation: float = 0.95) -> None:
        self.max_null_share = max_null_share
        self.max_correlation = max_correlation

    def fit(self, X: pd.DataFrame, y: object = None) -> FeatureSelector:
        self.dropped_: dict[str, str] = {}
        numeric: list[str] = []
        text: list[str] = []
        nulls = X.isna().mean()
        for column in X.columns:
            if nulls[column] > self.max_null_share:
                self.dropped_[column] = f"{percent(nulls[column])} missing"
            elif X[column].nunique(dropna=False) <= 1:
                self.dropped_[column] = "no variance"
            elif column in CATEGORY_COLUMNS:
                text.append(column)
            else:
                numeric.append(column)
        self.kept_ = [*self._uncorrelated(X[numeric]), *text]
        return self

    def _uncorrelated(self, numeric: pd.DataFrame) -> list[str]:
        step = max(1, len(numeric) // _CORRELATION_ROWS)
        correlation = _rank_correlation(numeric.iloc[::step])
        kept: list[int] = []
        for position, column in enumerate(numeric.columns):
            twins = [k for k in kept if correlation[position, k] > self.max_correlation]
            if twins:
                self.dropped_[column] = (
                    f"correlation {score(correlation[position, twins[0]], 2)} with {numeric.columns[twins[0]]}"
                )
            else:
                kept.append(position)
        return [numeric.columns[k] for k in kept]

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X[self.kept_]


def _rank_correlation(numeric: pd.DataFrame) -> np.ndarray:
    """Absolute Spearman correlations; missing values take the middle rank."""
    ranks = numeric.rank(pct=True).fillna(0.5).to_numpy()
    ranks = ranks - ranks.mean(axis=0)
    norm = np.sqrt((ranks**2).sum(axis=0))
    norm[norm == 0] = 1.0
    scaled = ranks / norm
    strength: np.ndarray = np.abs(scaled.T @ scaled)
    return strength


def leakage_screen(panel: pd.DataFrame) -> pd.DataFrame:
    """Single-feature normalised Gini against ``churned`` on labelled rows.

    A feature that separates churners almost alone knows the outcome, be it by its values or by where it has
    none: the larger of the two counts. Thresholds after DataRobot: 0.85 is suspicious, 0.975 is excluded. In an
    old subscription shop, though, most churners left long ago and recency alone tells them from the rest; so a
    feature must also separate those who bought as lately as nine in ten of the stayers did.

    Returns
    -------
    pandas.DataFrame
        Columns ``feature``; ``gini`` and, among the recent buyers, ``gini_recent`` (0..1, sign removed; equal where
        they have too few of either outcome); ``verdict`` ("ok", "suspicious", "excluded") by the smaller of the
        two. Strongest first; no rows when all outcomes are the same.
    """
    labelled = panel[panel["churned"].notna()]
    outcome = labelled["churned"].to_numpy(dtype=float)
    recent = _recent_buyers(labelled, outcome)
    rows = []
    for column in feature_columns(labelled) if _two_classes(outcome) else ():
        if column in CATEGORY_COLUMNS:
            continue
        values = labelled[column].to_numpy(dtype=float)
        gini = _separation(outcome, values)
        gini_recent = _separation(outcome[recent], values[recent])
        rows.append((column, gini, gini_recent, _verdict(min(gini, gini_recent))))
    frame = pd.DataFrame(rows, columns=["feature", "gini", "gini_recent", "verdict"])
    return frame.sort_values(["gini", "feature"], ascending=[False, True], ignore_index=True)


def _two_classes(outcome: np.ndarray, least: int = 1) -> bool:
    return bool(least <= outcome.sum() <= len(outcome) - least)


def _recent_buyers(labelled: pd.DataFrame, outcome: np.ndarray) -> np.ndarray:
    """Mask of the rows that bought as lately as most stayers; of all rows where too few of either outcome did."""
    everybody = np.ones(len(labelled), dtype=bool)
    if "recency_days" not in labelled or not _two_classes(outcome):
        return everybody
    recency = labelled["recency_days"].to_numpy(dtype=float)
    recent = recency <= np.quantile(recency[outcome == 0], _STAYER_SHARE)
    return recent if _two_classes(outcome[recent], _MIN_RECENT_OUTCOMES) else everybody


def _separation(outcome: np.ndarray, values: np.ndarray) -> float:
    present = ~np.isnan(values)
    by_gaps = abs(normalised_gini(outcome, present.astype(float)))
    if not _two_classes(outcome[present]):
        return by_gaps
    return max(by_gaps, abs(normalised_gini(outcome[present], values[present])))


def _verdict(gini: float) -> str:
    return "excluded" if gini >= EXCLUDED_GINI else "suspicious" if gini >= SUSPICIOUS_GINI else "ok"
