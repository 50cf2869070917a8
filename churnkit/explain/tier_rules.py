"""IF-THEN rules for each risk tier: whom the forecast calls high, medium or low risk, in conditions a person can say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.explain.conditions import Condition
from churnkit.explain.rule_search import RuleSearch, meets, sampled
from churnkit.results.customer import Tier

TIERS: tuple[Tier, ...] = ("high", "medium", "low")
RULES_OF_TIER = 3
MIN_IN_TIER = 0.6
"""A rule that fewer than three in five of those who met it bore out is wrong too often to be one."""

_MAX_TRAIN_ROWS = 2_500
# Figures that decide nothing here: what is to be found, and the outcome.
_NO_FIGURES = ("tier", "churned")


@dataclass(frozen=True)
class TierRule:
    """One or two conditions, and what the customers who met them on the test date were called and did.

    Attributes
    ----------
    customers
        Customers of the test date who met all conditions.
    in_tier, tier_share
        Share of them, and of all customers of the date, whom the forecast put into the tier, 0..1.
    found
        Share of the tier's customers who met them, 0..1.
    left, left_of_all
        Share of them, and of all, who bought nothing in the window that followed, 0..1.
    """

    tier: Tier
    conditions: tuple[Condition, ...]
    customers: int
    in_tier: float
    tier_share: float
    found: float
    left: float
    left_of_all: float

    def words(self, currency: str | None) -> str:
        """``IF a customer has ordered once only AND has not bought for 90 days or more THEN high risk``."""
        return f"IF a customer {self.who(currency)} THEN {self.tier} risk"

    def who(self, currency: str | None) -> str:
        """The conditions alone: ``has ordered once only AND has not bought for 90 days or more``."""
        return " AND ".join(c.words(currency, of_one=True) for c in self.conditions)


def learn_tier_rules(train: pd.DataFrame, test: pd.DataFrame, *, seed: int) -> list[TierRule]:
    """Rules for the tiers, found at earlier dates and measured at a later one, up to three a tier, the high tier first.

    They say in short whom the forecast means (a global surrogate); the outcome beside them says whether it was right to.
    Found as :func:`churnkit.explain.rules.learn_rules` finds leavers, among rules that bear out ``MIN_IN_TIER`` of who
    meets them; kept where they do so at the later date too.

    Parameters
    ----------
    train, test
        Panel rows of active customers with ``tier`` and ``churned`` (0 or 1); ``test`` of one later cutoff.
    seed
        Draws the sample where ``train`` is large.
    """
    if train.empty or test.empty:
        return []
    train = sampled(train, _MAX_TRAIN_ROWS, seed)
    search = RuleSearch.of(train.drop(columns=list(_NO_FIGURES)), test.columns)
    found = []
    for tier in TIERS:
        wanted = (train["tier"] == tier).to_numpy(dtype=float)
        if 0 < wanted.sum() < len(wanted):
            chosen = search.cover(wanted, RULES_OF_TIER, min_rate=MIN_IN_TIER, bands=True)
            found += [_measured(tier, conditions, test) for conditions in chosen]
    return [rule for rule in found if rule.in_tier >= MIN_IN_TIER]


def _measured(tier: Tier, conditions: Sequence[Condition], test: pd.DataFrame) -> TierRule:
    met = meets(conditions, test)
    inside = (test["tier"] == tier).to_numpy(dtype=float)
    left = test["churned"].to_numpy(dtype=float)
    return TierRule(
        tier=tier,
        conditions=tuple(conditions),
        customers=int(met.sum()),
        in_tier=_share(inside[met]),
        tier_share=_share(inside),
        found=_share(met[inside == 1].astype(float)),
        left=_share(left[met]),
        left_of_all=_share(left),
    )


def _share(flags: np.ndarray) -> float:
    """Mean of 0s and 1s; NaN of nobody."""
    return float(flags.mean()) if len(flags) else float("nan")
