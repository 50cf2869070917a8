"""Where the customers stand: tiers, the totals at stake, who moved up, and what sets those at risk apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from churnkit.results.customer import Tier

FEW_AT_RISK = 10
"""Fewer customers in a tier have nothing in common that another day would not undo."""


@dataclass(frozen=True, kw_only=True)
class TierFigures:
    """Customers of a risk tier, sums and means; money over a year. Means are NaN in an empty tier."""

    tier: Tier
    customers: int
    share: float
    mean_p_churn: float
    clv: float
    value_at_risk: float
    mean_clv: float
    mean_recency_days: float
    mean_order_count: float
    mean_order_value: float
    expected_churners: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its 80 % interval, which is None where no past window could be tested; the words say why."""

    value: float
    low: float | None
    high: float | None
    interval_words: str


@dataclass(frozen=True, kw_only=True)
class TierMoves:
    """Customers in a higher tier than one threshold earlier, among those ``known_before``; value at risk in money."""

    cutoff_before: datetime
    known_before: int
    moved_up: int
    value_at_risk: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Driver:
    """A condition that customers at high risk meet more often than the others.

    Attributes
    ----------
    words, condition
        The sentence with both shares, and the condition alone.
    feature, operator, value
        The condition itself; ``label`` is the feature's name on screen.
    share_high, share_rest
        Shares that meet it among the customers at high risk and among the others.
    customers
        How many at high risk meet it.
    figure_definition
        What the shares are shares of.
    """

    words: str
    condition: str
    feature: str
    label: str
    operator: Literal[">=", "<="]
    value: float
    share_high: float
    share_rest: float
    customers: int
    figure_definition: str


@dataclass(frozen=True, kw_only=True)
class LearnedRule:
    """A rule for leaving, measured at ``test_cutoff`` on customers whom it had not seen.

    Attributes
    ----------
    population
        Among whom it was learned and measured, in words.
    customers, coverage
        Who met it, and their share of the population.
    precision, base_rate, lift
        Share who left among them and in the population, and the one over the other.
    train_precision
        Share who left among those it was learned from.
    """

    words: str
    conditions: tuple[str, ...]
    population: str
    customers: int
    precision: float
    coverage: float
    base_rate: float
    lift: float
    train_precision: float
    test_cutoff: datetime
