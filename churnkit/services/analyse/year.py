"""The year of today's customers: what of the analysis it is learned from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from churnkit.clv import YEAR_DAYS, KnownThen, YearModel, fit_year_model, known_then, needed_cutoffs
from churnkit.clv.year.known import MIN_OBSERVED_DAYS
from churnkit.services.analyse.history import History, panel_at
from churnkit.windows import CutoffPlan


def year_of(
    history: History,
    panel: pd.DataFrame,
    plan: CutoffPlan,
    replayed: Mapping[datetime, KnownThen],
    p_churn: np.ndarray,
    spend_if_buying: np.ndarray,
) -> YearModel:
    """Learn the 365 days after the scoring date.

    Parameters
    ----------
    replayed
        What the champion knew at past cutoffs; at others the purchase process stands in for it.
    p_churn, spend_if_buying
        Of the panel rows of the scoring cutoff, in their order, shape (n,).
    """
    far = _year_ago(plan)
    if far is not None:
        panel = pd.concat([panel, panel_at(history, plan, [far])], ignore_index=True)
    cutoffs = plan.labelled if far is None else (far, *plan.labelled)
    needed = needed_cutoffs(cutoffs, plan.history_start, plan.scoring, plan.horizon_days)
    known = {cutoff: replayed.get(cutoff) or known_then(panel, plan, cutoff) for cutoff in needed}
    rows = panel[panel["cutoff"] == plan.scoring].reset_index(drop=True)
    today = KnownThen(plan.scoring, rows, p_churn, spend_if_buying)
    return fit_year_model(today, known, history.events, plan.history_start, plan.horizon_days)


def _year_ago(plan: CutoffPlan) -> datetime | None:
    """The cutoff a year back where the plan's, half a short horizon apart, do not reach it and the history does."""
    far = plan.scoring - timedelta(days=YEAR_DAYS)
    reached = bool(plan.labelled) and plan.labelled[0] <= far
    enough = plan.observation_days(far) >= max(plan.horizon_days, MIN_OBSERVED_DAYS)
    return far if enough and not reached else None
