"""Readable IF-THEN rules: learned on earlier windows, measured on a later one that they have not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.explain.conditions import Condition, can_be_said, conditions

MAX_TRAIN_ROWS = 8_000
MIN_TRAIN_CUSTOMERS = 20
MIN_COVERAGE = 0.05
MAX_RULES = 6
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


@dataclass(frozen=True)
class Rule:
    """One or two conditions and what became of the customers who met them in the test window.

    Attributes
    ----------
    customers
        Customers of the test window who met all conditions.
    precision
        Share of them who left, 0..1; NaN when there was nobody.
    coverage
        Share of all customers of the window who met them, 0..1.
    base_rate
        Share of all customers of the window who left, 0..1.
    train_precision
        Share who left among the rows that the rule was learned on, 0..1.
    """

    conditions: tuple[Condition, ...]
    customers: int
    precision: float
    coverage: float
    base_rate: float
    train_precision: float

    @property
    def lift(self) -> float:
        """Precision over the base rate."""
        return self.precision / self.base_rate if self.base_rate > 0 else float("nan")

    def words(self, currency: str | None) -> str:
        """``IF a customer has not bought for 60 days or more AND has ordered once only THEN expect churn``."""
        parts = " AND ".join(c.words(currency, of_one=True) for c in self.conditions)
        return f"IF a customer {parts} THEN expect churn"


def learn_rules(train: pd.DataFrame, test: pd.DataFrame, *, seed: int, count: int = MAX_RULES) -> list[Rule]:
    """Rules for leaving, found in ``train`` and measured in ``test``.

    All pairs of conditions at round values are tried. One after the other the rule is taken whose customers left most in
    excess of the average, coverage x (share who left - average) (weighted relative accuracy; Lavrac, Flach and Zupan
    1999); leavers who are explained already count less for the next one (weighted covering; Lavrac et al. 2004, with weights
    1 / (1 + rules that cover them)). A rule that is met by much the same customers as an earlier one is
    passed over.

    Parameters
    ----------
    train, test
        Labelled panel rows; ``test`` of later cutoffs, used for nothing but the figures of the rules that were chosen.
    seed
        Draws the sample where ``train`` has more than ``MAX_TRAIN_ROWS``.

    Returns
    -------
    list of Rule
        In the order found; empty where an outcome is missing or nothing exceeds the average by a tenth.
    """
    train = _sample(train, seed)
    left = train["churned"].to_numpy(dtype=float)
    if not 0 < left.sum() < len(left) or test.empty:
        return []
    candidates = conditions(
        train, [name for name in train.columns if can_be_said(name) and name in test.columns]
    )
    masks = np.array([c.holds(train) for c in candidates], dtype=np.float32).reshape(
        len(candidates), len(train)
    )
    common = masks.sum(axis=1) < 0.97 * len(train)
    candidates = [c for c, keep in zip(candidates, common, strict=True) if keep]
    repeats = len(train) / train["customer_id"].nunique() if "customer_id" in train.columns else 1.0
    chosen = _cover(candidates, masks[common], left, repeats, count)
    return [_measured(rule, train, test) for rule in chosen]


def _sample(train: pd.DataFrame, seed: int) -> pd.DataFrame:
    if len(train) <= MAX_TRAIN_ROWS:
        return train
    rng = np.random.default_rng(seed)
    return train.iloc[np.sort(rng.choice(len(train), MAX_TRAIN_ROWS, replace=False))]


def _cover(
    candidates: Sequence[Condition], masks: np.ndarray, left: np.ndarray, repeats: float, count: int
) -> list[tuple[Condition, ...]]:
    """Weighted covering over all single conditions and pairs; ``repeats`` rows of a customer tell as much as one."""
    chosen: list[tuple[Condition, ...]] = []
    if not candidates:
        return chosen
    size = masks @ masks.T
    allowed = (size >= max(MIN_TRAIN_CUSTOMERS, MIN_COVERAGE * len(left))) & _different_features(candidates)
    rate = left.mean()
    found = (masks * left) @ masks.T
    allowed &= found >= _MIN_LIFT * rate * size
    allowed &= found - rate * size >= _MIN_STANDARD_ERRORS * np.sqrt(rate * (1 - rate) * size * repeats)
    weight = np.ones(len(left))
    taken: list[np.ndarray] = []
    first_excess = 0.0
    while len(chosen) < count and allowed.any():
        excess = (masks * (weight * (left - rate))) @ masks.T / len(left)
        alone = np.diag(excess)
        better = np.maximum(alone[:, None], alone[None, :])
        pays = (excess > _WORTH_ANOTHER * better) | np.eye(len(candidates), dtype=bool)
        score = np.where(allowed & pays, excess, -np.inf)
        for a, b in _best_first(score):
            allowed[a, b] = allowed[b, a] = False
            met = masks[a] * masks[b] == 1
            if all(_overlap(met, other) < _SAME_CUSTOMERS for other in taken):
                break
        else:
            break
        first_excess = first_excess or score[a, b]
        if score[a, b] < _MIN_SHARE_OF_FIRST * first_excess:
            break
        chosen.append((candidates[a],) if a == b else (candidates[a], candidates[b]))
        taken.append(met)
        weight = np.where(met & (left == 1), 1.0 / (1.0 + 1.0 / weight), weight)
    return chosen


def _best_first(score: np.ndarray, at_most: int = 2000) -> Iterator[tuple[int, int]]:
    """Positions (a, b), a <= b, of the highest finite scores above 0, descending."""
    upper = np.triu(np.where(score > 0, score, 0.0))
    for position in np.argsort(-upper, axis=None, kind="stable")[:at_most]:
        a, b = divmod(int(position), len(score))
        if upper[a, b] <= 0:
            return
        yield a, b


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Rows that meet both over those that meet either, 0..1."""
    return float((a & b).sum() / max(1, (a | b).sum()))


def _different_features(candidates: Sequence[Condition]) -> np.ndarray:
    """Pairs (k, k) that may form a rule: two features, or a condition with itself."""
    names = np.array([c.feature for c in candidates])
    allowed: np.ndarray = (names[:, None] != names[None, :]) | np.eye(len(candidates), dtype=bool)
    return allowed


def _measured(rule: tuple[Condition, ...], train: pd.DataFrame, test: pd.DataFrame) -> Rule:
    outcomes = []
    for rows in (train, test):
        met = np.logical_and.reduce([c.holds(rows) for c in rule])
        outcomes.append((met, rows["churned"].to_numpy(dtype=float)))
    (train_met, train_left), (met, left) = outcomes
    return Rule(
        conditions=rule,
        customers=int(met.sum()),
        precision=float(left[met].mean()) if met.any() else float("nan"),
        coverage=float(met.mean()),
        base_rate=float(left.mean()),
        train_precision=float(train_left[train_met].mean()),
    )
