"""What an answer was worth: measures of one freeze, and paired differences over freezes and data sets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit import metrics
from tests.benchmarks.bench.engine import Said

MEASURES = ("auc", "log_loss", "ece", "level", "spend", "mae", "covers", "buyers", "deciles")
"""Columns: AUC; log loss; ECE; |mean p - rate|; |log(forecast / actual)| of total spend; mean absolute error of spend,
as a share of the mean spend; coverage of the 80 % intervals, of all and of who bought; how far coverage lies from
80 % in tenths of the forecast, on average."""
CENT = 0.01


def measures(
    churned: np.ndarray, spend: np.ndarray, said: Said, among: np.ndarray | None = None
) -> dict[str, float]:
    """Of the customers in the mask ``among``, all without it; NaN where a measure has no meaning."""
    among = np.ones(len(churned), dtype=bool) if among is None else among
    y, p, actual = churned[among], said.p_churn[among], spend[among]
    both = 0 < y.sum() < len(y)
    found = {
        "auc": metrics.roc_auc(y, p) if both else float("nan"),
        "log_loss": metrics.log_loss(y, p),
        "ece": metrics.ece(y, p),
        "level": abs(float(p.mean() - y.mean())),
    }
    if said.spend is None:
        return found
    forecast = said.spend[among]
    found["spend"] = _log_ratio(forecast.sum(), actual.sum())
    found["mae"] = float(np.abs(forecast - actual).mean() / max(actual.mean(), 1e-9))
    if said.low is None or said.high is None:
        return found
    inside = (actual >= said.low[among] - CENT) & (actual <= said.high[among] + CENT)
    tenths = np.array_split(np.argsort(forecast, kind="stable"), 10)
    found["covers"] = float(inside.mean())
    found["buyers"] = float(inside[y == 0].mean()) if (y == 0).any() else float("nan")
    found["deciles"] = float(np.mean([abs(inside[part].mean() - 0.8) for part in tenths if len(part)]))
    return found


def _log_ratio(forecast: float, actual: float) -> float:
    return abs(float(np.log(forecast / actual))) if forecast > 0 and actual > 0 else float("nan")


def means(results: pd.DataFrame) -> pd.DataFrame:
    """Mean of each measure over the freezes of each data set, then over data sets; one row per idea and ``among``."""
    by_set = results.groupby(["idea", "among", "data_set"], sort=False)[list(MEASURES)].mean()
    return by_set.groupby(["idea", "among"], sort=False).mean()


def differences(results: pd.DataFrame, base: str, *, level: str = "data_set") -> pd.DataFrame:
    """Paired differences to ``base``: mean over data sets, standard errors over data sets and over freezes.

    A measure of coverage is compared by its distance from 80 %. One row per idea, ``among`` and measure: ``mean``,
    ``se_sets``, ``se_freezes`` (freezes taken as independent), ``better``, ``worse``: cells (data set and horizon) beyond
    one standard error of their own freezes, or in which all freezes agree where there are fewer than three.
    """
    table = results.copy()
    for name in ("covers", "buyers"):
        table[name] = (table[name] - 0.8).abs()
    table["auc"] = -table["auc"]
    keys = ["among", "data_set", "cell", "freeze"]
    wide = table.set_index([*keys, "idea"])[list(MEASURES)]
    of_base = wide.xs(base, level="idea")
    rows = []
    for idea in [name for name in results["idea"].unique() if name != base]:
        gap = wide.xs(idea, level="idea").subtract(of_base).dropna(how="all")
        for among, inside in gap.groupby(level="among", sort=False):
            for measure in MEASURES:
                one = inside[measure].dropna()
                if len(one):
                    rows.append({"idea": idea, "among": among, "measure": measure, **_summary(one, level)})
    return pd.DataFrame(rows)


def _summary(gaps: pd.Series, level: str) -> dict[str, float]:
    """Of differences that are better when lower, indexed by data set, cell and freeze."""
    sets = gaps.groupby(level=level).mean()
    cells = gaps.groupby(level="cell").agg(["mean", "std", "count", "max", "min"])
    error = cells["std"] / np.sqrt(cells["count"])
    sure = (cells["mean"].abs() > error) if len(cells) else cells["mean"]
    few = cells["count"] < 3
    sure = sure.where(~few, (cells["max"] < 0) | (cells["min"] > 0))
    return {
        "mean": float(sets.mean()),
        "se_sets": float(sets.std(ddof=1) / np.sqrt(len(sets))) if len(sets) > 1 else float("nan"),
        "se_freezes": float(gaps.std(ddof=1) / np.sqrt(len(gaps))) if len(gaps) > 1 else float("nan"),
        "better": int((sure & (cells["mean"] < 0)).sum()),
        "worse": int((sure & (cells["mean"] > 0)).sum()),
    }
