"""Time-ordered, customer-grouped folds over the panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.errors import ModelError, WindowError
from churnkit.text import figures
from churnkit.text.figures import day, days
from churnkit.windows import CutoffPlan

# Churners and stayers that a training set must hold before a model may learn from it.
MIN_CLASS_ROWS = 20


@dataclass(frozen=True)
class Fold:
    """Row positions of one fold in the labelled panel, and the cutoff it validates on."""

    train: np.ndarray
    valid: np.ndarray
    valid_cutoff: datetime


@dataclass(frozen=True)
class Folds:
    """The folds of a tournament.

    Attributes
    ----------
    folds
        In order of their validation cutoff. Together they validate every customer at most once.
    purged
        True when every training outcome was over before the validation cutoff. False when the history is too
        short for that: then training uses other customers at cutoffs up to the validation cutoff, which
        flatters the level (not the ranking) and is said so.
    reserves_test
        True when the last labelled cutoff took no part, so that it can serve as the untouched test.
    """

    folds: tuple[Fold, ...]
    purged: bool
    reserves_test: bool


def customer_groups(customer_ids: pd.Series, count: int) -> np.ndarray:
    """Group 0..count-1 of each customer: by a hash of the id, so independent of row order and of other customers."""
    hashed = pd.util.hash_array(customer_ids.to_numpy(dtype=object).astype(str))
    return (hashed % np.uint64(count)).astype(int)


def make_folds(panel: pd.DataFrame, plan: CutoffPlan, count: int) -> Folds:
    """Folds over the labelled rows of ``panel`` (``customer_id``, ``cutoff``, ``churned``; positions are the frame's).

    Fold j validates customer group j at one of the latest validation cutoffs and trains on the other groups at
    cutoffs whose outcome was over by then. Cutoffs before which too few of either outcome were known are not
    used, nor are folds that end up without a row to validate on; so there may be fewer than ``count``.

    Raises
    ------
    WindowError
        If no labelled cutoff exists.
    ModelError
        If no cutoff has enough outcomes before it.
    """
    if not plan.labelled:
        raise WindowError(
            f"Splitting the history: no cutoff has {days(plan.horizon_days)} of outcome after it;"
            f" the history starts {day(plan.history_start)} and is scored at {day(plan.scoring)}.",
            "Choose a shorter horizon or a longer export.",
        )
    last = plan.labelled[-1]
    designs = (
        (plan.known_before(last), True, True),
        (plan.labelled[:-1], False, True),
        (plan.labelled, False, False),
    )
    for cutoffs, purged, reserves_test in designs:
        usable = [c for c in cutoffs if _enough_outcomes(panel[_trains(panel, plan, c, purged)])]
        folds = _build(panel, usable[-count:], count, plan, purged) if usable else ()
        if folds:
            return Folds(folds, purged=purged, reserves_test=reserves_test)
    raise ModelError(
        f"Splitting the history: no cutoff has {MIN_CLASS_ROWS} outcomes of customers who left and"
        f" {MIN_CLASS_ROWS} of customers who stayed to learn from; the panel holds {figures.count(len(panel))}, of which"
        f" {figures.count(panel['churned'].sum())} left.",
        "Choose another horizon or a longer export.",
    )


def _enough_outcomes(rows: pd.DataFrame) -> bool:
    churners = rows["churned"].sum()
    return bool(MIN_CLASS_ROWS <= churners <= len(rows) - MIN_CLASS_ROWS)


def _trains(panel: pd.DataFrame, plan: CutoffPlan, valid_cutoff: datetime, purged: bool) -> np.ndarray:
    """Mask of the rows that may be trained on when ``valid_cutoff`` is validated, before customers are set apart."""
    if purged:
        known = plan.trains_on(valid_cutoff)
    else:
        known = plan.recent([c for c in plan.labelled if c <= valid_cutoff], valid_cutoff)
    cutoffs = panel["cutoff"].to_numpy()
    return np.isin(cutoffs, np.array(known, dtype=cutoffs.dtype))


def _build(
    panel: pd.DataFrame, valid_cutoffs: Sequence[datetime], count: int, plan: CutoffPlan, purged: bool
) -> tuple[Fold, ...]:
    groups = customer_groups(panel["customer_id"], count)
    cutoffs = panel["cutoff"].to_numpy()
    folds = []
    for group in range(count):
        valid_cutoff = valid_cutoffs[group * len(valid_cutoffs) // count]
        train = np.flatnonzero(_trains(panel, plan, valid_cutoff, purged) & (groups != group))
        valid = np.flatnonzero((cutoffs == np.datetime64(valid_cutoff)) & (groups == group))
        if len(valid) and panel["churned"].iloc[train].nunique() == 2:
            folds.append(Fold(train, valid, valid_cutoff))
    return tuple(folds)
