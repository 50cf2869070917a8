"""Feature selection inside a fold, and the run-time screen for leakage."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from churnkit.metrics import normalised_gini

KEY_COLUMNS = ("customer_id", "cutoff")
OUTCOME_COLUMNS = ("churned", "orders_next", "spend_next")
CATEGORY_COLUMNS = ("favourite_category",)
SEASON_COLUMNS = ("cutoff_month_sin", "cutoff_month_cos")

SUSPICIOUS_GINI = 0.85
EXCLUDED_GINI = 0.975
_CORRELATION_ROWS = 5000


def feature_columns(panel: pd.DataFrame) -> list[str]:
    """Columns of the panel that may be features, in panel order."""
    return [c for c in panel.columns if c not in KEY_COLUMNS and c not in OUTCOME_COLUMNS]


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
                self.dropped_[column] = f"{nulls[column]:.0%} missing"
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
                    f"correlation {correlation[position, twins[0]]:.2f} with {numeric.columns[twins[0]]}"
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
    return np.abs(scaled.T @ scaled)


def leakage_screen(panel: pd.DataFrame) -> pd.DataFrame:
    """Single-feature normalised Gini against ``churned`` on labelled rows.

    A feature that separates churners almost alone knows the outcome, be it by its values or by where it has
    none: the larger of the two counts. Thresholds after DataRobot: 0.85 is suspicious, 0.975 is excluded.

    Returns
    -------
    pandas.DataFrame
        Columns ``feature``, ``gini`` (0..1, sign removed), ``verdict`` ("ok", "suspicious", "excluded"), strongest first.
    """
    labelled = panel[panel["churned"].notna()]
    outcome = labelled["churned"].to_numpy(dtype=float)
    if len(np.unique(outcome)) < 2:
        return pd.DataFrame(columns=["feature", "gini", "verdict"])
    rows = []
    for column in feature_columns(labelled):
        if column in CATEGORY_COLUMNS:
            continue
        gini = _separation(outcome, labelled[column].to_numpy(dtype=float))
        verdict = "excluded" if gini >= EXCLUDED_GINI else "suspicious" if gini >= SUSPICIOUS_GINI else "ok"
        rows.append((column, gini, verdict))
    frame = pd.DataFrame(rows, columns=["feature", "gini", "verdict"])
    return frame.sort_values(["gini", "feature"], ascending=[False, True], ignore_index=True)


def _separation(outcome: np.ndarray, values: np.ndarray) -> float:
    present = ~np.isnan(values)
    by_gaps = abs(normalised_gini(outcome, present.astype(float)))
    if len(np.unique(outcome[present])) < 2:
        return by_gaps
    return max(by_gaps, abs(normalised_gini(outcome[present], values[present])))
