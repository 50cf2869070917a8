"""The search for rules of one or two conditions: which of all pairs tell a kind of customers from the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from churnkit.explain.conditions import Condition, can_be_said, conditions

MIN_TRAIN_CUSTOMERS = 20
MIN_COVERAGE = 0.05
# A condition that nearly everybody meets says nothing.
_MOST_COVERAGE = 0.97
# A second condition must improve on the better of the two alone by this factor to be worth reading.
_WORTH_ANOTHER = 1.05
_MIN_LIFT = 1.1
# Standard errors by which a rule must exceed the average: thousands of pairs are tried, and the best of them would
# exceed it by three without meaning anything.
_MIN_STANDARD_ERRORS = 3.5
# Rules that are met by so much the same customers say the same.
_SAME_CUSTOMERS = 0.6
# A rule that explains less than this share of what the first one does is not worth reading.
_MIN_SHARE_OF_FIRST = 0.05

Conditions = tuple[Condition, ...]


def meets(rule: Sequence[Condition], rows: pd.DataFrame) -> np.ndarray:
    """Mask of the panel rows that meet all conditions, shape (n,)."""
    met: np.ndarray = np.logical_and.reduce([c.holds(rows) for c in rule])
    return met


def sampled(rows: pd.DataFrame, at_most: int, seed: int) -> pd.DataFrame:
    """``at_most`` rows drawn at random, in their order; all where there are no more."""
    if len(rows) <= at_most:
        return rows
    rng = np.random.default_rng(seed)
    return rows.iloc[np.sort(rng.choice(len(rows), at_most, replace=False))]


@dataclass(frozen=True)
class RuleSearch:
    """Conditions at round values on some customers, to be searched for one kind of them after the other.

    Attributes
    ----------
    candidates
        Conditions that some of the rows meet and others do not.
    masks
        Who meets each, 0 or 1, shape (candidates, rows).
    repeats
        Rows of a customer: together they tell as much as one.
    """

    candidates: tuple[Condition, ...]
    masks: np.ndarray
    repeats: float

    @classmethod
    def of(cls, rows: pd.DataFrame, known: Collection[str]) -> RuleSearch:
        """Every condition that can be said on columns of the rows that are ``known`` elsewhere too."""
        found = conditions(rows, [name for name in rows.columns if can_be_said(name) and name in known])
        masks = np.array([c.holds(rows) for c in found], dtype=np.float32).reshape(len(found), len(rows))
        telling = masks.sum(axis=1) < _MOST_COVERAGE * len(rows)
        repeats = len(rows) / rows["customer_id"].nunique() if "customer_id" in rows.columns else 1.0
        kept = tuple(c for c, keep in zip(found, telling, strict=True) if keep)
        return cls(kept, masks[telling], repeats)

    def cover(
        self, wanted: np.ndarray, count: int, *, min_rate: float = 0.0, bands: bool = False
    ) -> list[Conditions]:
        """Up to ``count`` rules for the wanted customers by weighted covering (see ``rules.learn_rules``).

        Parameters
        ----------
        wanted
            1 for the customers to be found, else 0, shape (rows,).
        min_rate
            Share of wanted ones among those who meet a rule, at least, 0..1.
        bands
            Whether both conditions may be on one figure, from a value to another.
        """
        if not self.candidates:
            return []
        allowed = self._allowed(wanted, min_rate, bands=bands)
        return list(self._chosen(wanted, allowed, count))

    @cached_property
    def _size(self) -> np.ndarray:
        """Rows that meet both conditions of each pair."""
        size: np.ndarray = self.masks @ self.masks.T
        return size

    def _allowed(self, wanted: np.ndarray, min_rate: float, *, bands: bool) -> np.ndarray:
        """Pairs (a, b) that enough customers meet and that find clearly more than chance; (a, a) is one condition."""
        masks, size, rate = self.masks, self._size, wanted.mean()
        # Sums of 0s and 1s are exact in single precision too, and a third of the work.
        found = (masks * wanted.astype(np.float32)) @ masks.T
        allowed: np.ndarray = size >= max(MIN_TRAIN_CUSTOMERS, MIN_COVERAGE * len(wanted))
        allowed &= _pairs(self.candidates, bands=bands)
        allowed &= found >= max(_MIN_LIFT * rate, min_rate) * size
        error = np.sqrt(rate * (1 - rate) * size * self.repeats)
        allowed &= found - rate * size >= _MIN_STANDARD_ERRORS * error
        return allowed

    def _chosen(self, wanted: np.ndarray, allowed: np.ndarray, count: int) -> Iterator[Conditions]:
        masks, rate = self.masks, wanted.mean()
        weight = np.ones(len(wanted))
        taken: list[np.ndarray] = []
        first_excess = 0.0
        while len(taken) < count and allowed.any():
            excess = (masks * (weight * (wanted - rate))) @ masks.T / len(wanted)
            alone = np.diag(excess)
            better = np.maximum(alone[:, None], alone[None, :])
            pays = (excess > _WORTH_ANOTHER * better) | np.eye(len(masks), dtype=bool)
            score = np.where(allowed & pays, excess, -np.inf)
            for a, b in _best_first(score):
                allowed[a, b] = allowed[b, a] = False
                met = masks[a] * masks[b] == 1
                if all(_overlap(met, other) < _SAME_CUSTOMERS for other in taken):
                    break
            else:
                return
            first_excess = first_excess or score[a, b]
            if score[a, b] < _MIN_SHARE_OF_FIRST * first_excess:
                return
            yield (self.candidates[a],) if a == b else (self.candidates[a], self.candidates[b])
            taken.append(met)
            weight = np.where(met & (wanted == 1), 1.0 / (1.0 + 1.0 / weight), weight)


def _best_first(score: np.ndarray, at_most: int = 2000) -> Iterator[tuple[int, int]]:
    """Positions (a, b), a <= b, of the highest finite scores above 0, descending."""
    # Few pairs are above 0, and to sort them all takes longer than to find these.
    upper = np.triu(np.where(score > 0, score, 0.0)).ravel()
    above = np.flatnonzero(upper)
    for position in above[np.argsort(-upper[above], kind="stable")][:at_most]:
        a, b = divmod(int(position), len(score))
        yield a, b


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Rows that meet both over those that meet either, 0..1."""
    return float((a & b).sum() / max(1, (a | b).sum()))


def _pairs(candidates: Sequence[Condition], *, bands: bool) -> np.ndarray:
    """Pairs that may form a rule: two figures, a condition with itself, and with ``bands`` both ends of one figure."""
    names = np.array([c.feature for c in candidates])
    allowed: np.ndarray = (names[:, None] != names[None, :]) | np.eye(len(candidates), dtype=bool)
    if bands:
        at_least = np.array([c.operator == ">=" for c in candidates])
        allowed |= at_least[:, None] != at_least[None, :]
    return allowed
