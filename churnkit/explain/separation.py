"""What a group of customers has in common, in figures: one condition per topic, with its share inside and outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import feature
from churnkit.explain.conditions import Condition, can_be_said, conditions, preference

MIN_DIFFERENCE = 0.2
# Differences of shares this close tell as much.
_AS_GOOD = 0.05
_SAME_CUSTOMERS = 0.7


@dataclass(frozen=True)
class Difference:
    """A condition that is met more often inside a group than outside; shares in 0..1, ``customers`` inside meet it."""

    condition: Condition
    share_inside: float
    share_outside: float
    customers: int

    @property
    def size(self) -> float:
        """Share inside less share outside."""
        return round(self.share_inside - self.share_outside, 9)


def differences(
    rows: pd.DataFrame, inside: np.ndarray, topics: Sequence[str], count: int = 5
) -> list[Difference]:
    """For each topic the condition that tells the group best from the rest, in the order of the topics.

    The best one has the largest difference of shares, at least ``MIN_DIFFERENCE``. One that is met by nearly the same
    customers as an earlier one says nothing new and is passed over.

    Parameters
    ----------
    rows
        Panel rows, shape (n, columns).
    inside
        Mask of the group, shape (n,); nothing is found where it holds nobody or everybody.
    topics
        Groups of features (see ``catalogue.GROUPS``), most important first.
    count
        Most differences to name.
    """
    if not inside.any() or inside.all():
        return []
    found: list[Difference] = []
    masks: list[np.ndarray] = []
    names = [name for name in rows.columns if can_be_said(name)]
    for topic in topics:
        if len(found) == count:
            break
        candidates = conditions(rows, [name for name in names if feature(name).group == topic])
        described = [_difference(rows, inside, c) for c in candidates]
        telling = [d for d in described if d.size >= MIN_DIFFERENCE]
        while telling:
            best = _easiest(telling)
            mask = best.condition.holds(rows)
            if all(_overlap(mask, other) < _SAME_CUSTOMERS for other in masks):
                found.append(best)
                masks.append(mask)
                break
            telling.remove(best)
    return found


def _easiest(telling: Sequence[Difference]) -> Difference:
    """Of the differences that are about as large as the largest, the one that reads most easily."""
    largest = max(d.size for d in telling)
    good = [d for d in telling if d.size >= largest - _AS_GOOD]
    return min(good, key=lambda d: (preference(d.condition.feature), -d.size))


def _difference(rows: pd.DataFrame, inside: np.ndarray, condition: Condition) -> Difference:
    met = condition.holds(rows)
    return Difference(
        condition, float(met[inside].mean()), float(met[~inside].mean()), int(met[inside].sum())
    )


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Customers who meet both over those who meet either, 0..1."""
    return float((a & b).sum() / max(1, (a | b).sum()))
