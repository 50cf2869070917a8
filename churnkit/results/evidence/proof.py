"""How far to trust an analysis, and its model card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from churnkit.results.quality import QualityByStatus

Grade = Literal["strong", "fair", "weak", "none"]


@dataclass(frozen=True, kw_only=True)
class Trust:
    """A verdict on the forecast of the active customers, with its reasons and the figures behind it."""

    grade: Grade
    headline: str
    sentences: tuple[str, ...]
    quality: QualityByStatus


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
