"""Whether forecasts at past dates served all groups of customers alike: calibration, calls and errors by group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm

MIN_FORECASTS = 50
"""A smaller group joins the others of its kind."""
MAX_GROUPS = 12
SMALLER = "all smaller groups"
# Fewer customers than this under a share leave nothing to test.
_MIN_TESTED = 10
FALSE_DISCOVERIES = 0.05
"""Of the differences that are flagged, at most this share is expected to be chance (Benjamini and Hochberg 1995)."""


@dataclass(frozen=True, kw_only=True)
class GroupAudit:
    """One group of customers against the others, over past dates.

    Attributes
    ----------
    dimension, group
        What it is a group by, and which.
    forecasts
        Customers, each counted at each date.
    actual, expected, gap
        Share who left, mean probability given, and the first less the second.
    called
        Share called likely leavers: the selection rate.
    missed, false_alarms
        Of those who left, the share not called; of those who stayed, the share called.
    called_others, missed_others, false_alarms_others
        The same of everybody else.
    p_gap, p_called, p_missed, p_false_alarms
        How likely chance alone gives as much, 0 to 1; NaN where there were too few.
    flags
        Which of "calibration", "selection", "missed leavers" and "false alarms" differ beyond chance.
    """

    dimension: str
    group: str
    forecasts: int
    actual: float
    expected: float
    gap: float
    called: float
    missed: float
    false_alarms: float
    called_others: float
    missed_others: float
    false_alarms_others: float
    p_gap: float
    p_called: float
    p_missed: float
    p_false_alarms: float
    flags: tuple[str, ...] = ()


CALIBRATION = "calibration"
_TESTS = (
    (CALIBRATION, "p_gap"),
    ("selection", "p_called"),
    ("missed leavers", "p_missed"),
    ("false alarms", "p_false_alarms"),
)


def fairness_audit(
    p_churn: np.ndarray, churned: np.ndarray, called: np.ndarray, groups: Mapping[str, pd.Series]
) -> tuple[GroupAudit, ...]:
    """Every group of every dimension with at least 50 forecasts, the largest first, and its flags.

    Calibration is tested against the forecast itself: given right probabilities, leavers minus their sum has variance
    sum p (1 - p) (Spiegelhalter 1986). Calls and errors are tested against the other groups (two proportions, pooled).
    All tests of the audit are judged together, so that many groups do not make flags by their number.

    Parameters
    ----------
    p_churn, churned, called
        Shape (n,): probability given, outcome 0 or 1, and whether the customer was called a likely leaver.
    groups
        By dimension: the group of each row, shape (n,); missing where it is not known, which is no group.
    """
    found = [
        _of_group(dimension, str(group), mask, p_churn, churned, called)
        for dimension, column in groups.items()
        for group, mask in _masks(column)
    ]
    return _flagged(found)


def _masks(column: pd.Series) -> list[tuple[str, np.ndarray]]:
    """Rows of each group that is large enough, and of all the smaller ones; nothing where there is one group only."""
    sizes = column.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    large = list(sizes[sizes >= MIN_FORECASTS].index[:MAX_GROUPS])
    masks = [(str(name), (column == name).to_numpy(dtype=bool)) for name in large]
    rest = (column.notna() & ~column.isin(large)).to_numpy(dtype=bool)
    if rest.sum() >= MIN_FORECASTS:
        masks.append((SMALLER, rest))
    return masks if len(masks) > 1 else []


def _of_group(
    dimension: str,
    group: str,
    mask: np.ndarray,
    p_churn: np.ndarray,
    churned: np.ndarray,
    called: np.ndarray,
) -> GroupAudit:
    p, y = p_churn[mask], churned[mask]
    noise = float((p * (1 - p)).sum())
    z = float((y - p).sum()) / math.sqrt(noise) if noise > 0 else math.nan
    left, stayed = churned == 1, churned == 0
    everybody = np.ones(len(churned), dtype=bool)
    called_here, called_there, p_called = _against_others(called, mask, everybody)
    missed_here, missed_there, p_missed = _against_others(~called, mask, left)
    alarms_here, alarms_there, p_alarms = _against_others(called, mask, stayed)
    return GroupAudit(
        dimension=dimension,
        group=group,
        forecasts=int(mask.sum()),
        actual=float(y.mean()),
        expected=float(p.mean()),
        gap=float(y.mean() - p.mean()),
        p_gap=_two_sided(z),
        called=called_here,
        called_others=called_there,
        p_called=p_called,
        missed=missed_here,
        missed_others=missed_there,
        p_missed=p_missed,
        false_alarms=alarms_here,
        false_alarms_others=alarms_there,
        p_false_alarms=p_alarms,
    )


def _against_others(
    event: np.ndarray, mask: np.ndarray, population: np.ndarray
) -> tuple[float, float, float]:
    """Share of an event in the group and in the others of a population, and how likely chance alone gives as much."""
    inside, outside = event[population & mask], event[population & ~mask]
    if not len(inside) or not len(outside):
        return (float(inside.mean()) if len(inside) else math.nan), math.nan, math.nan
    here, there = float(inside.mean()), float(outside.mean())
    if min(len(inside), len(outside)) < _MIN_TESTED:
        return here, there, math.nan
    pooled = float(event[population].mean())
    variance = pooled * (1 - pooled) * (1 / len(inside) + 1 / len(outside))
    return here, there, _two_sided((here - there) / math.sqrt(variance)) if variance > 0 else math.nan


def _two_sided(z: float) -> float:
    return float(2 * norm.sf(abs(z)))


def _flagged(found: Sequence[GroupAudit]) -> tuple[GroupAudit, ...]:
    limit = _largest_accepted([getattr(one, name) for one in found for _, name in _TESTS])
    return tuple(
        replace(one, flags=tuple(words for words, name in _TESTS if getattr(one, name) <= limit))
        for one in found
    )


def _largest_accepted(chances: Sequence[float]) -> float:
    """The largest p-value that Benjamini and Hochberg's procedure rejects at; below 0 where it rejects none."""
    known = np.sort([one for one in chances if not math.isnan(one)])
    below = known <= FALSE_DISCOVERIES * np.arange(1, len(known) + 1) / max(1, len(known))
    return float(known[np.flatnonzero(below)[-1]]) if below.any() else -1.0
