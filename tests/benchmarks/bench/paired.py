"""Differences between two answers with their standard error over customers, cell by cell: both are of the same people.

Log loss is a mean over customers; AUC is one over pairs, and what each customer adds to its error are the structural
components of DeLong, DeLong and Clarke-Pearson (1988). A customer at several dates counts as one: what they add is summed
before it is squared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit import metrics
from churnkit.metrics.probabilities import LOG_LOSS_CLIP

COMPARED = ("auc", "log_loss")


@dataclass(frozen=True)
class Answered:
    """What one idea said of the customers at one freeze; arrays of shape (n,), in the same order for every idea."""

    cell: str
    data_set: str
    freeze: str
    idea: str
    among: str
    customers: np.ndarray
    churned: np.ndarray
    p_churn: np.ndarray

    def measured(self, measure: str) -> tuple[float, np.ndarray]:
        """The measure, and what each customer adds to its deviation, shape (n,), which sums to 0."""
        if measure == "auc":
            return _auc(self.churned, self.p_churn)
        p = np.clip(self.p_churn, LOG_LOSS_CLIP, 1 - LOG_LOSS_CLIP)
        losses = -np.where(self.churned == 1, np.log(p), np.log1p(-p))
        return float(losses.mean()), (losses - losses.mean()) / len(losses)


def _auc(churned: np.ndarray, p_churn: np.ndarray) -> tuple[float, np.ndarray]:
    left, stayed = p_churn[churned == 1], p_churn[churned == 0]
    auc = metrics.roc_auc(churned, p_churn)
    parts = np.empty(len(churned))
    parts[churned == 1] = (_share_below(stayed, left) - auc) / len(left)
    parts[churned == 0] = (1 - _share_below(left, stayed) - auc) / len(stayed)
    return auc, parts


def _share_below(others: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Share of ``others`` below each score, those that are equal by half."""
    ordered = np.sort(others)
    sides = [np.searchsorted(ordered, scores, side=side) for side in ("left", "right")]
    shares: np.ndarray = (sides[0] + sides[1]) / 2 / len(ordered)
    return shares


def difference(pairs: Sequence[tuple[Answered, Answered]], measure: str) -> tuple[float, float]:
    """First minus second, mean over the pairs, and its standard error over customers."""
    gap, parts, share = 0.0, [], 1 / len(pairs)
    for one, other in pairs:
        (mine, my_parts), (theirs, their_parts) = one.measured(measure), other.measured(measure)
        gap += share * (mine - theirs)
        parts.append(pd.Series(share * (my_parts - their_parts), index=one.customers))
    by_customer = pd.concat(parts).groupby(level=0).sum()
    return float(gap), float(np.sqrt((by_customer**2).sum()))


def paired(answers: Sequence[Answered], base: str, other: str) -> pd.DataFrame:
    """``base`` minus ``other``: one row per cell and ``among``, and one of all data sets (cell "mean": over the freezes
    of each, then over data sets).

    Columns: ``cell``, ``among``, then ``auc``, ``auc_error``, ``log_loss`` and ``log_loss_error``. Dates that only one of
    the two has an answer for, or at which all did the same, are left out.
    """
    keyed = {(a.cell, a.freeze, a.among, a.idea): a for a in answers}
    pairs = [
        (one, keyed[cell, freeze, among, other])
        for (cell, freeze, among, idea), one in keyed.items()
        if idea == base and (cell, freeze, among, other) in keyed and 0 < one.churned.mean() < 1
    ]
    rows = []
    for among in dict.fromkeys(one.among for one, _ in pairs):
        inside = [pair for pair in pairs if pair[0].among == among]
        for cell in dict.fromkeys(one.cell for one, _ in inside):
            of_cell = [pair for pair in inside if pair[0].cell == cell]
            rows.append({"cell": cell, "among": among, **_row([of_cell])})
        sets = dict.fromkeys(one.data_set for one, _ in inside)
        by_set = [[pair for pair in inside if pair[0].data_set == name] for name in sets]
        rows.append({"cell": "mean", "among": among, **_row(by_set)})
    return pd.DataFrame(rows)


def _row(groups: Sequence[Sequence[tuple[Answered, Answered]]]) -> dict[str, float]:
    """Mean over groups of pairs whose customers have nothing to do with one another."""
    found = {}
    for measure in COMPARED:
        gaps, errors = zip(*(difference(pairs, measure) for pairs in groups), strict=True)
        found[measure] = float(np.mean(gaps))
        found[f"{measure}_error"] = float(np.sqrt(np.sum(np.square(errors))) / len(errors))
    return found


def paired_table(answers: Sequence[Answered], base: str, other: str) -> str:
    """:func:`paired` in Markdown; a difference beyond one standard error says who is ahead."""
    head = f"| cell | among | AUC, {base} minus {other} | log loss |\n|---|---|---|---|"
    lines = [
        f"| {row['cell']} | {row['among']} | {_said(row, 'auc', base, other)} | {_said(row, 'log_loss', base, other)} |"
        for row in paired(answers, base, other).to_dict("records")
    ]
    return "\n".join([head, *lines])


def _said(row: dict, measure: str, base: str, other: str) -> str:
    gap, error = row[measure], row[f"{measure}_error"]
    better = gap if measure == "auc" else -gap
    ahead = "" if abs(gap) <= error else f" ({base if better > 0 else other} ahead)"
    return f"{gap:+.4f} ± {error:.4f}{ahead}"
