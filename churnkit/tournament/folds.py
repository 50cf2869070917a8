"""Time-ordered, customer-grouped folds over the panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.errors import WindowError
from churnkit.windows import CutoffPlan


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
    """Folds over the labelled rows of ``panel`` (columns ``customer_id``, ``cutoff``; positions are those of the frame).

    Fold j validates customer group j at one of the latest validation cutoffs and trains on the other groups at
    cutoffs whose outcome was over by then.

    Raises
    ------
    WindowError
        If no labelled cutoff exists.
    """
    if not plan.labelled:
        raise WindowError(
            f"Splitting the history: no cutoff has {plan.horizon_days} days of outcome after it;"
            f" the history starts {plan.history_start:%Y-%m-%d} and is scored at {plan.scoring:%Y-%m-%d}.",
            "Choose a shorter horizon or a longer export.",
        )
    before_test = plan.known_before(plan.labelled[-1])
    strict = [c for c in before_test if plan.known_before(c)]
    if strict:
        return Folds(_build(panel, strict[-count:], count, plan, purge=True), purged=True, reserves_test=True)
    earlier = plan.labelled[:-1]
    if earlier:
        return Folds(
            _build(panel, earlier[-count:], count, plan, purge=False), purged=False, reserves_test=True
        )
    return Folds(_build(panel, plan.labelled, count, plan, purge=False), purged=False, reserves_test=False)


def _build(
    panel: pd.DataFrame, valid_cutoffs: Sequence[datetime], count: int, plan: CutoffPlan, *, purge: bool
) -> tuple[Fold, ...]:
    groups = customer_groups(panel["customer_id"], count)
    cutoffs = panel["cutoff"].to_numpy()
    folds = []
    for group in range(count):
        valid_cutoff = valid_cutoffs[group * len(valid_cutoffs) // count]
        known = plan.known_before(valid_cutoff) if purge else [c for c in plan.labelled if c <= valid_cutoff]
        in_train = np.isin(cutoffs, np.array(known, dtype=cutoffs.dtype)) & (groups != group)
        in_valid = (cutoffs == np.datetime64(valid_cutoff)) & (groups == group)
        folds.append(Fold(np.flatnonzero(in_train), np.flatnonzero(in_valid), valid_cutoff))
    return tuple(folds)
