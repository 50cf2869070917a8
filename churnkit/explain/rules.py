"""Readable IF-THEN rules: learned on earlier windows, measured on a later one that they have not seen."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from churnkit.explain.conditions import Condition
from churnkit.explain.rule_search import RuleSearch, meets, sampled

MAX_TRAIN_ROWS = 8_000
MAX_RULES = 6


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
    train = sampled(train, MAX_TRAIN_ROWS, seed)
    left = train["churned"].to_numpy(dtype=float)
    if not 0 < left.sum() < len(left) or test.empty:
        return []
    chosen = RuleSearch.of(train, test.columns).cover(left, count)
    return [_measured(rule, train, test) for rule in chosen]


def _measured(rule: tuple[Condition, ...], train: pd.DataFrame, test: pd.DataFrame) -> Rule:
    outcomes = []
    for rows in (train, test):
        met = meets(rule, rows)
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
