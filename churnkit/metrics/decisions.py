"""What comes of acting on scores: counts at a threshold, and money from contacting the top k."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from churnkit.errors import ModelError
from churnkit.metrics.inputs import (
    FloatArray,
    by_descending_score,
    read_columns,
    read_labels,
    read_probabilities,
    require,
)
from churnkit.metrics.ranking import base_rate


@dataclass(frozen=True)
class Confusion:
    """Counts of customers when those with ``p >= threshold`` are called churners."""

    threshold: float
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def count(self) -> int:
        """All customers."""
        return self.true_positives + self.false_positives + self.false_negatives + self.true_negatives

    @property
    def accuracy(self) -> float:
        """Share called rightly, in [0, 1]."""
        return (self.true_positives + self.true_negatives) / self.count

    @property
    def precision(self) -> float:
        """Share of those called who churned, in [0, 1]; 0 when nobody is called."""
        called = self.true_positives + self.false_positives
        return self.true_positives / called if called else 0.0

    @property
    def recall(self) -> float:
        """Share of churners who are called, in [0, 1]; NaN when nobody churned."""
        churners = self.true_positives + self.false_negatives
        return self.true_positives / churners if churners else math.nan

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in [0, 1]; NaN when nobody churned."""
        churners = self.true_positives + self.false_negatives
        called = self.true_positives + self.false_positives
        return 2 * self.true_positives / (churners + called) if churners else math.nan


def confusion(y: ArrayLike, p: ArrayLike, threshold: float) -> Confusion:
    """Counts at ``threshold``: a customer is called a churner when ``p >= threshold``.

    Raises
    ------
    ModelError
        As ``roc_auc``, and when ``threshold`` is NaN.

    Examples
    --------
    >>> found = confusion([1, 0, 1, 0], [0.9, 0.6, 0.4, 0.1], threshold=0.6)
    >>> (found.true_positives, found.false_positives, found.precision, found.recall)
    (1, 1, 0.5, 0.5)
    """
    if math.isnan(threshold):
        raise ModelError("Counting churners at a threshold: the threshold must be a number, found NaN.")
    labels, scores = read_labels(y, p=p)
    called = scores >= threshold
    churned = labels == 1
    return Confusion(
        threshold=float(threshold),
        true_positives=int(np.sum(called & churned)),
        false_positives=int(np.sum(called & ~churned)),
        false_negatives=int(np.sum(~called & churned)),
        true_negatives=int(np.sum(~called & ~churned)),
    )


def best_f1_threshold(y: ArrayLike, p: ArrayLike) -> float:
    """The value of ``p`` that as a threshold (``p >= threshold``) gives the highest F1.

    Of equally good ones the highest, which calls the fewest. Choose it on validation data, never on the data
    that it is reported on. NaN when nobody churned, as no threshold is then better than another.

    Examples
    --------
    >>> best_f1_threshold([1, 0, 1, 0], [0.9, 0.6, 0.4, 0.1])
    0.4
    """
    labels, scores = read_labels(y, p=p)
    churners = labels.sum()
    if churners == 0:
        return math.nan
    negated, tie, size = np.unique(-scores, return_inverse=True, return_counts=True)
    found = np.cumsum(np.bincount(tie, weights=labels))
    f1 = 2 * found / (np.cumsum(size) + churners)
    return float(-negated[np.argmax(f1)])


def f1_of_everybody(y: ArrayLike) -> float:
    """F1 of calling everybody a churner, ``2 b / (1 + b)`` at base rate b: what any F1 must beat."""
    rate = base_rate(y)
    return 2 * rate / (1 + rate) if rate > 0 else math.nan


def profit_curve(
    outcome: ArrayLike, score: ArrayLike, value: ArrayLike, *, contact_cost: float, save_rate: float
) -> FloatArray:
    """Profit of contacting the k customers with the highest scores, for every k.

    Each contact costs ``contact_cost``; a churner who is contacted is kept with probability ``save_rate`` and
    is then worth ``value``. Tied scores count with their mean, see ``by_descending_score``.

    Parameters
    ----------
    outcome
        Shape (n,), in [0, 1]: what happened (0 or 1) gives the realised profit, calibrated probabilities give
        the expected one. Keep the two apart: the best k of the realised curve is hindsight.
    score
        Shape (n,): any finite numbers; the highest is contacted first.
    value
        Shape (n,): money that a kept customer brings.
    contact_cost
        Money, >= 0.
    save_rate
        In [0, 1].

    Returns
    -------
    FloatArray
        Shape (n + 1,), in money; position k is the profit of the top k, so position 0 is 0.

    Examples
    --------
    >>> profit_curve([1, 0], [0.9, 0.1], [100, 100], contact_cost=10, save_rate=0.5).tolist()
    [0.0, 40.0, 30.0]
    """
    if not (math.isfinite(contact_cost) and contact_cost >= 0 and 0 <= save_rate <= 1):
        raise ModelError(
            "Computing profit: contact_cost must be at least 0 and save_rate between 0 and 1, found"
            f" contact_cost={contact_cost!r}, save_rate={save_rate!r}."
        )
    churn, scores, money = read_columns(outcome=outcome, score=score, value=value)
    require("outcome", churn, (churn >= 0) & (churn <= 1), "between 0 and 1")
    (gain,) = by_descending_score(scores, churn * save_rate * money - contact_cost)
    return np.concatenate([[0.0], np.cumsum(gain)])


@dataclass(frozen=True)
class TargetChoice:
    """How many to contact, decided before the outcome is known, and what came of it, in money."""

    k: int
    realised_profit: float


def choose_targets(
    y: ArrayLike,
    p: ArrayLike,
    value: ArrayLike,
    *,
    contact_cost: float,
    save_rate: float,
    score: ArrayLike | None = None,
) -> TargetChoice:
    """Contact the top k where k maximises the expected profit; the outcome ``y`` only settles what it earned.

    Parameters
    ----------
    y, p, value
        Shape (n,): outcome 0 or 1, calibrated probability, money that a kept customer brings.
    contact_cost, save_rate
        As in ``profit_curve``.
    score
        Shape (n,): order of contact, ``p`` when None; ``p * value`` contacts the most worth first.

    Returns
    -------
    TargetChoice
        The smallest k of the highest expected profit; 0 when no contact is expected to pay.
    """
    labels, probability = read_probabilities(y, p)
    order = probability if score is None else score
    expected = profit_curve(probability, order, value, contact_cost=contact_cost, save_rate=save_rate)
    realised = profit_curve(labels, order, value, contact_cost=contact_cost, save_rate=save_rate)
    k = int(np.argmax(expected))
    return TargetChoice(k=k, realised_profit=float(realised[k]))
