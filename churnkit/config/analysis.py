"""How a file is read and analysed: validated once, when built, and stored with every analysis."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Literal, get_args

from churnkit.config.checks import require
from churnkit.config.indicators import Indicators
from churnkit.config.money import Money
from churnkit.config.server import max_file_bytes

ReturnsTreatment = Literal["net", "ignore"]
DuplicatesTreatment = Literal["drop", "keep"]
Imbalance = Literal["class_weight", "smote", "undersample", "none"]
Search = Literal["random", "grid", "optuna"]
OnDemand = Literal["decision_tree", "small_network", "weighted_blend", "stacking"]
IMBALANCES: tuple[Imbalance, ...] = get_args(Imbalance)
SEARCHES: tuple[Search, ...] = get_args(Search)
ON_DEMAND: tuple[OnDemand, ...] = get_args(OnDemand)
MAX_TRAINING_MONTHS = 240
SMALL_CLASS_SHARE = 0.2
"""Rows are made up or dropped only where the smaller class is below this share; otherwise class weights serve."""
MAX_HORIZON_DAYS = 3650


@dataclass(frozen=True)
class IngestSettings:
    """How a file is read. ``None`` means: decide from the file, and report what was decided."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: Literal[".", ","] | None = None
    day_first: bool | None = None
    currency: str | None = None
    returns: ReturnsTreatment = "net"
    duplicates: DuplicatesTreatment = "drop"
    max_bytes: int = field(default_factory=max_file_bytes)
    preview_rows: int = 100

    def __post_init__(self) -> None:
        require(self.decimal in (None, ".", ","), "decimal", self.decimal, "'.' or ','")
        require(self.returns in ("net", "ignore"), "returns", self.returns, "'net' or 'ignore'")
        require(self.duplicates in ("drop", "keep"), "duplicates", self.duplicates, "'drop' or 'keep'")
        require(self.max_bytes > 0, "max_bytes", self.max_bytes, "above 0")


@dataclass(frozen=True)
class Gates:
    """Rungs of the ladder: below the first the engine uses rules, below the second BG/NBD, above it models."""

    min_rows: int = 500
    min_customers: int = 100
    min_history_days: int = 180
    btyd_min_customers: int = 30
    btyd_min_history_days: int = 60


@dataclass(frozen=True)
class ThresholdSettings:
    """How the churn threshold in days, which is the horizon of every forecast, is found and chosen.

    Attributes
    ----------
    low_days
        No shorter threshold is proposed where the history carries this one.
    high_days
        Where the slider ends, unless the shop needs a longer threshold.
    max_return_share
        A threshold separates a pause from a loss if at most this share of those silent for longer come back.
    """

    low_days: int = 30
    high_days: int = 180
    max_return_share: float = 0.20

    def __post_init__(self) -> None:
        require(0 < self.low_days <= self.high_days, "low_days", self.low_days, "1 .. high_days")
        require(
            0 < self.max_return_share < 1,
            "max_return_share",
            self.max_return_share,
            "between 0 and 1, both excluded",
        )


@dataclass(frozen=True)
class Tiers:
    """Risk tiers: high above ``high``, low up to ``medium``, medium between.

    Examples
    --------
    >>> Tiers(high=0.8).medium
    0.4
    >>> Tiers(high=0.3)
    Traceback (most recent call last):
        ...
    churnkit.errors.SettingsError: Setting tiers = Tiers(high=0.3, medium=0.4): it must be 0 < medium < high < 1.
    """

    high: float = 0.7
    medium: float = 0.4

    def __post_init__(self) -> None:
        require(0 < self.medium < self.high < 1, "tiers", self, "0 < medium < high < 1")


@dataclass(frozen=True)
class ScoreWeights:
    """Weights of the visible selection score; they need not sum to one."""

    f1: float = 0.4
    recall: float = 0.3
    profit: float = 0.2
    stability: float = 0.1

    def __post_init__(self) -> None:
        values = (self.f1, self.recall, self.profit, self.stability)
        require(min(values) >= 0 and 0 < sum(values) < float("inf"), "weights", values, ">= 0 and not all 0")


@dataclass(frozen=True)
class TournamentSettings:
    """Who competes, for how long, and how the winner is chosen.

    Attributes
    ----------
    budget_seconds
        Time that tuning, test and backtest are planned for.
    imbalance
        How few leavers or few stayers are made up for, see ``tournament.rebalancing``.
    search
        How sets of parameters are proposed, see ``tournament.search``.
    extras
        Who competes beside those that always do.
    training_months
        Models learn from the outcomes of this many months before the date that they speak of; None: of all.
    """

    budget_seconds: float = 60.0
    seed: int = 42
    folds: int = 5
    imbalance: Imbalance = "class_weight"
    search: Search = "random"
    extras: tuple[OnDemand, ...] = ()
    training_months: int | None = None
    log_loss_tolerance: float = 0.01
    weights: ScoreWeights = field(default_factory=ScoreWeights)
    jobs: int | None = None

    def __post_init__(self) -> None:
        require(self.budget_seconds > 0, "budget_seconds", self.budget_seconds, "above 0")
        require(self.folds >= 2, "folds", self.folds, "2 or more")
        require(self.imbalance in IMBALANCES, "imbalance", self.imbalance, f"one of {', '.join(IMBALANCES)}")
        require(self.search in SEARCHES, "search", self.search, f"one of {', '.join(SEARCHES)}")
        require(
            set(self.extras) <= set(ON_DEMAND) and len(set(self.extras)) == len(self.extras),
            "extras",
            self.extras,
            f"some of {', '.join(ON_DEMAND)}, each once",
        )
        months = self.training_months
        require(
            months is None or 1 <= months <= MAX_TRAINING_MONTHS,
            "training_months",
            months,
            f"between 1 and {MAX_TRAINING_MONTHS}, or none for all",
        )
        require(self.jobs is None or self.jobs >= 1, "jobs", self.jobs, "1 or more")

    @property
    def job_count(self) -> int:
        """Number of worker processes or threads, at least one."""
        return self.jobs or max(1, os.cpu_count() or 1)


@dataclass(frozen=True)
class AnalysisSettings:
    """One analysis of what was read; how the file is read is an ``ingest.Reading``."""

    horizon_days: int | None = None
    gates: Gates = field(default_factory=Gates)
    threshold: ThresholdSettings = field(default_factory=ThresholdSettings)
    tiers: Tiers = field(default_factory=Tiers)
    money: Money = field(default_factory=Money)
    tournament: TournamentSettings = field(default_factory=TournamentSettings)
    indicators: Indicators | None = None

    def __post_init__(self) -> None:
        require(
            self.horizon_days is None or 1 <= self.horizon_days <= MAX_HORIZON_DAYS,
            "horizon_days",
            self.horizon_days,
            f"between 1 and {MAX_HORIZON_DAYS}",
        )
