"""What was known at a cutoff, and which cutoffs a year can be learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from churnkit.clv.spend import SpendPast, fit_value_model
from churnkit.windows import CutoffPlan

YEAR_DAYS = 365
MIN_OBSERVED_DAYS = 90
"""Least history before a cutoff that a whole year is learned from: below it, customers are hardly known."""
MIN_SHORT_OBSERVED_DAYS = 30
_WINDOWS_DAYS = (30, 60, 90, 180, 365)


@dataclass(frozen=True)
class KnownThen:
    """Customers at a cutoff as they were known then.

    Attributes
    ----------
    rows
        Panel rows, sorted by customer; ``churned`` is used only by what is later than its window.
    p_churn, spend_if_buying
        Forecasts made then, of the horizon; shape (n,).
    """

    cutoff: datetime
    rows: pd.DataFrame = field(repr=False)
    p_churn: np.ndarray = field(repr=False)
    spend_if_buying: np.ndarray = field(repr=False)


def known_then(
    panel: pd.DataFrame, plan: CutoffPlan, cutoff: datetime, past: Sequence[SpendPast] = ()
) -> KnownThen:
    """The customers of one earlier cutoff.

    Forecasts of leaving are those of ``past`` where there is one for that cutoff, else the purchase process's (and of
    everybody the half where there is none); forecasts of spend have seen the windows that were over by then.
    """
    before = plan.known_before(cutoff)
    rows = panel[panel["cutoff"] == cutoff].sort_values("customer_id", ignore_index=True)
    made = next((step.p_churn for step in past if step.cutoff == cutoff), None)
    p = rows["btyd_p_no_purchase"].fillna(0.5).to_numpy(dtype=float) if made is None else made
    model = fit_value_model(
        panel[panel["cutoff"].isin(before) & panel["churned"].notna()],
        [step for step in past if step.cutoff in before],
    )
    return KnownThen(cutoff, rows, p, model.spend_if_buying(rows))


@dataclass(frozen=True)
class Lesson:
    """Cutoffs to learn from, ascending, and how many days after each are looked at; ``whole_year`` if all of them."""

    cutoffs: tuple[datetime, ...]
    days: int
    whole_stretch: bool

    def windows(self) -> list[tuple[datetime, datetime]]:
        """Outcome windows ``[start, end)``."""
        return [(cutoff, cutoff + timedelta(days=self.days)) for cutoff in self.cutoffs]


def lesson(
    cutoffs: Sequence[datetime], history_start: datetime, as_of: datetime, horizon_days: int, days: int
) -> Lesson | None:
    """What a stretch of ``days`` after ``as_of`` can be learned from; None where there is nothing.

    The latest cutoff whose whole stretch was over by then: a year ago it was the same season, and others of another season,
    learned from beside it, made totals worse on nearly every shop. Else the cutoff nearest to the middle of the history: as
    many days to know customers by as to see what they brought, and never less than the horizon of the latter.
    """
    observed = {c: (c - history_start).days for c in cutoffs}
    enough = max(horizon_days, MIN_OBSERVED_DAYS)
    whole = [c for c in cutoffs if (as_of - c).days >= days and observed[c] >= enough]
    if whole:
        return Lesson((max(whole),), days, True)
    short = [
        c for c in cutoffs if (as_of - c).days >= horizon_days and observed[c] >= MIN_SHORT_OBSERVED_DAYS
    ]
    if not short:
        return None
    middle = history_start + (as_of - history_start) / 2
    chosen = min(short, key=lambda c: (abs(c - middle), c))
    return Lesson((chosen,), min(days, (as_of - chosen).days), False)


def trial_cutoffs(
    cutoffs: Sequence[datetime], history_start: datetime, scoring: datetime, horizon_days: int
) -> tuple[tuple[datetime, int], ...]:
    """Cutoffs to test at, with the days to forecast: a whole year ago, and a third of the history ago.

    A test needs something that could be learned from by then, and a stretch of the horizon at least.
    """
    found: list[tuple[datetime, int]] = []
    year_ago = [c for c in cutoffs if (scoring - c).days >= YEAR_DAYS]
    if year_ago:
        found.append((max(year_ago), YEAR_DAYS))
    third = scoring - (scoring - history_start) / 3
    later = [c for c in cutoffs if horizon_days <= (scoring - c).days < YEAR_DAYS]
    # With three years the test of a whole year rests on a whole year itself.
    if later and (scoring - third).days < YEAR_DAYS:
        chosen = min(later, key=lambda c: (abs(c - third), c))
        found.append((chosen, (scoring - chosen).days))
    return tuple(
        (c, days)
        for c, days in found
        if lesson([k for k in cutoffs if k < c], history_start, c, horizon_days, days) is not None
    )


def own_window(observed_days: int) -> int:
    """The panel's longest window within ``observed_days``; all of them below the shortest."""
    return max((days for days in _WINDOWS_DAYS if days <= observed_days), default=max(1, observed_days))
