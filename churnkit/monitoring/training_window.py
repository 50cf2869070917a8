"""How far back a model should learn from: whichever window forecasts the shop's own last dates best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from churnkit.features.column_names import feature_columns
from churnkit.monitoring.challenge import Paired, paired_gain
from churnkit.text.figures import counted, signed
from churnkit.windows import CutoffPlan, non_overlapping

MONTHS = (12, 18)
_DATES = 3
_ROWS = 40_000


def best_window(panel: pd.DataFrame, plan: CutoffPlan, seed: int = 0) -> tuple[int | None, str]:
    """Months before a date that a model for it learns best from, None for all; and why, in a sentence.

    A small model of trees learns from each window and forecasts the last three dates that do not overlap. A shorter window
    than all is taken only if it forecasts better beyond chance, of two such the better.
    """
    if plan.training_months is not None:
        return (
            plan.training_months,
            f"Trained on the last {counted(plan.training_months, 'month')}, as was set.",
        )
    dates = [
        one for one in non_overlapping(plan.labelled, plan.horizon_days)[-_DATES:] if plan.known_before(one)
    ]
    useful = [
        months
        for months in MONTHS
        if any(replace(plan, training_months=months).trains_on(one) != plan.trains_on(one) for one in dates)
    ]
    if not useful:
        return None, "Trained on the whole history: it is too short for a shorter window to differ."
    whole = _forecasts(panel, plan, dates, None, seed)
    gains = {}
    for months in useful:
        shorter = _forecasts(panel, plan, dates, months, seed)
        pair = Paired(
            customer=whole["customer_id"].to_numpy(dtype=str),
            churned=whole["churned"].to_numpy(),
            champion=whole["p"].to_numpy(),
            challenger=shorter["p"].to_numpy(),
        )
        gains[months] = paired_gain(pair, seed)
    best = max(gains, key=lambda months: gains[months].value)
    if gains[best].low <= 0:
        return None, (
            f"Trained on the whole history: on the last {counted(len(dates), 'date')} no shorter window forecast better"
            " beyond chance."
        )
    return best, (
        f"Trained on the last {counted(best, 'month')}: on the last {counted(len(dates), 'date')} that forecast better than"
        f" the whole history, by {signed(gains[best].value, 4)} in log loss, beyond chance."
    )


def _forecasts(
    panel: pd.DataFrame, plan: CutoffPlan, dates: Sequence[datetime], months: int | None, seed: int
) -> pd.DataFrame:
    """``customer_id, churned, p`` of every customer at the dates."""
    window = replace(plan, training_months=months)
    numbers = [name for name in feature_columns(panel) if pd.api.types.is_numeric_dtype(panel[name])]
    found = []
    for date in dates:
        learned = panel[panel["cutoff"].isin(window.trains_on(date)) & panel["churned"].notna()]
        asked = panel[panel["cutoff"] == date]
        if len(learned) > _ROWS:
            learned = learned.sample(_ROWS, random_state=seed)
        found.append(
            pd.DataFrame(
                {
                    "customer_id": asked["customer_id"].to_numpy(),
                    "churned": asked["churned"].to_numpy(dtype=float),
                    "p": _fit(learned[numbers], learned["churned"], asked[numbers], seed),
                }
            )
        )
    return pd.concat(found, ignore_index=True)


def _fit(known: pd.DataFrame, churned: pd.Series, asked: pd.DataFrame, seed: int) -> np.ndarray:
    outcome = churned.to_numpy(dtype=int)
    if len(np.unique(outcome)) < 2:
        return np.full(len(asked), float(outcome.mean()) if len(outcome) else 0.5)
    model = HistGradientBoostingClassifier(
        max_iter=80, max_leaf_nodes=15, learning_rate=0.08, early_stopping=False, random_state=seed
    )
    model.fit(known.to_numpy(dtype=float), outcome)
    p: np.ndarray = model.predict_proba(asked.to_numpy(dtype=float))[:, 1]
    return p
