"""How far to trust an analysis, and its model card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Grade = Literal["strong", "fair", "weak", "none"]


@dataclass(frozen=True, kw_only=True)
class TrackRecord:
    """What the forecasts at past dates came to, all windows together.

    Attributes
    ----------
    windows
        Windows that do not overlap.
    roc_auc
        Mean over the windows of the chance that a leaver was ranked above a stayer.
    left_among_riskiest, left_among_longest_silent, left_among_all
        Share who left among the fifth called riskiest, the fifth who had been silent longest, and all.
    level_miss
        Mean distance between expected and actual churn rate, in shares.
    """

    windows: int
    roc_auc: float
    left_among_riskiest: float
    left_among_longest_silent: float
    left_among_all: float
    level_miss: float


@dataclass(frozen=True, kw_only=True)
class Trust:
    """A verdict with its reasons; ``figures`` is None where there is no record."""

    grade: Grade
    headline: str
    sentences: tuple[str, ...]
    figures: TrackRecord | None


@dataclass(frozen=True, kw_only=True)
class CardMeasures:
    """The champion on the test cutoff, as ``results.measures``."""

    roc_auc: float
    log_loss: float
    ece: float
    precision: float
    recall: float
    f1: float
    f1_everybody: float
    lift_at_20: float
    churn_rate: float


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """Sections after Mitchell et al. 2019 ("Model cards for model reporting"), in sentences where they are texts.

    Attributes
    ----------
    name, label, meaning
        What scores the customers: in the leaderboard, on screen, and what it does.
    is_rule
        Whether that is a simple rule or the purchase process alone.
    members
        Names on screen of what a blend, or a single model, is made of.
    features, feature_groups, dropped_features
        How many it looks at, in all and by group, and how many were left out.
    level
        How the level of all probabilities was moved; None where nothing was trained.
    test, test_cutoff
        None where there was no test.
    versions
        Of the libraries, by name.
    """

    name: str
    label: str
    meaning: str
    is_rule: bool
    members: tuple[str, ...]
    question: str
    population: str
    data: str
    cutoffs: tuple[datetime, ...]
    training: str
    features: int
    feature_groups: Mapping[str, int]
    dropped_features: int
    level: str | None
    test: CardMeasures | None
    test_cutoff: datetime | None
    seed: int
    versions: Mapping[str, str]
    intended_use: str
    not_for: tuple[str, ...]
    limits: tuple[str, ...]
