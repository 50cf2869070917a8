"""Whether an outside figure would have made earlier forecasts better: asked before anything learns from it.

At each past date two logistic regressions are trained on what was known then, one of them with the figure, and both
forecast the window that followed. A figure that is equal for all customers of a date has as many different values as
there are dates, some twenty at most: without this test any series that happens to rise or fall with a shop's customers
would be believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from churnkit import metrics
from churnkit.features.indicators import INDICATOR_PREFIX, indicator_columns
from churnkit.features.scaling import linear_pipeline
from churnkit.results.indicators import IndicatorTrial, IndicatorValue
from churnkit.tournament.residuals import PROCESS_COLUMN
from churnkit.windows import CutoffPlan

MIN_DATES = 8
"""Past dates without which nothing is decided: on four, noise passed for news on a real shop."""

# Windows of neighbouring dates share half their days, so the standard error is nearer to the truth doubled.
_LEAST_GAIN_ERRORS = 2.0

_MIN_VALUES = 3
_MIN_CLASS_ROWS = 20
_MAX_ROWS = 20_000
_KNOWN = ("recency_days", "order_count", "monetary_total", "tenure_days", "overdue_ratio", PROCESS_COLUMN)


def try_indicators(panel: pd.DataFrame, plan: CutoffPlan, *, seed: int) -> tuple[IndicatorTrial, ...]:
    """One trial for each ``indicator_`` column of the panel.

    A figure is used where, over the past dates, the log loss falls on average by more than twice the standard error of
    that average. Dates at which fewer than three different values were known before are left out, and so is the last window
    with all that reach into it: on that one the champion is tested, by outcomes that no choice has seen.
    """
    labelled = panel[panel["churned"].notna()]
    return tuple(_trial(labelled, plan, name, seed) for name in indicator_columns(panel.columns))


def without_unproven(panel: pd.DataFrame, trials: Sequence[IndicatorTrial]) -> pd.DataFrame:
    """The panel without the figures that did not help."""
    return panel.drop(columns=[f"{INDICATOR_PREFIX}{one.name}" for one in trials if not one.used])


def _trial(labelled: pd.DataFrame, plan: CutoffPlan, column: str, seed: int) -> IndicatorTrial:
    dates = plan.known_before(plan.test) if plan.test else ()
    pairs = [pair for at in dates if (pair := _losses(labelled, plan, at, column, seed)) is not None]
    known = labelled.groupby("cutoff", sort=True)[column].first()
    values = tuple(
        IndicatorValue(cutoff=at.to_pydatetime(), value=None if np.isnan(value) else float(value))
        for at, value in zip(pd.DatetimeIndex(known.index), known.to_numpy(dtype=float), strict=True)
    )
    name = column.removeprefix(INDICATOR_PREFIX)
    if len(pairs) < MIN_DATES:
        return IndicatorTrial(
            name=name, used=False, dates=len(pairs), gain=None, gain_se=None, better=0, values=values
        )
    gains = np.array([without - with_it for without, with_it in pairs])
    gain, error = float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains)))
    return IndicatorTrial(
        name=name,
        used=gain > _LEAST_GAIN_ERRORS * error,
        dates=len(pairs),
        gain=gain,
        gain_se=error,
        better=int((gains > 0).sum()),
        values=values,
    )


def _losses(
    labelled: pd.DataFrame, plan: CutoffPlan, at: datetime, column: str, seed: int
) -> tuple[float, float] | None:
    """Log loss of the window after ``at``, without the figure and with it; None where it could not have been learned."""
    train = labelled[labelled["cutoff"].isin(list(plan.known_before(at)))]
    test = labelled[labelled["cutoff"] == at]
    churners = train["churned"].sum()
    if not _MIN_CLASS_ROWS <= churners <= len(train) - _MIN_CLASS_ROWS:
        return None
    if train[column].nunique() < _MIN_VALUES or test[column].isna().all() or test["churned"].nunique() < 2:
        return None
    if len(train) > _MAX_ROWS:
        train = train.sample(_MAX_ROWS, random_state=seed)
    known = [name for name in _KNOWN if name in labelled]
    without, with_it = (_loss(train, test, columns) for columns in (known, [*known, column]))
    return without, with_it


def _loss(train: pd.DataFrame, test: pd.DataFrame, columns: list[str]) -> float:
    model = linear_pipeline(LogisticRegression(solver="newton-cholesky"))
    model.fit(train[columns].to_numpy(dtype=float), train["churned"].to_numpy(dtype=int))
    p = model.predict_proba(test[columns].to_numpy(dtype=float))[:, 1]
    return metrics.log_loss(test["churned"].to_numpy(dtype=float), p)
