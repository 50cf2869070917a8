"""``drift.json``: what has changed in a shop since its model was trained, or since the run before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from churnkit.results.codec import Step
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval

DRIFT_FILE = "drift.json"

MovementKind = Literal[
    "orders_per_day", "order_value", "prices", "new_products", "returned_share", "first_buyers"
]
MovementUnit = Literal["count", "money", "share", "ratio"]
TriggerKind = Literal["score", "features", "gaps", "auc", "calibration", "age"]


@dataclass(frozen=True, kw_only=True)
class Shifted:
    """How far the values of the active customers have moved.

    Attributes
    ----------
    psi
        Population stability index over ten groups of the reference, outer ones open.
    chance
        What it stays below in 999 of 1,000 cases where nothing has moved.
    usual
        The largest between earlier dates of the reference that lie about as far apart; None where there are none.
    moved
        Above 0.2, above chance and above what is usual.
    """

    psi: float
    chance: float
    usual: float | None
    moved: bool


@dataclass(frozen=True, kw_only=True)
class FeatureShift(Shifted):
    """A feature that the model looks at.

    Attributes
    ----------
    importance
        Its share of all pushes, 0 to 1.
    before, now
        Medians; NaN where nobody has a value.
    unknown_before, unknown_now
        Share of customers without a value.
    """

    feature: str
    label: str
    importance: float
    before: float
    now: float
    unknown_before: float
    unknown_now: float


@dataclass(frozen=True, kw_only=True)
class ScoreShift(Shifted):
    """The churn probability of the active: means, and the share of each tier (high, medium, low; None without tiers)."""

    mean_before: float
    mean_now: float
    tiers_before: tuple[float, ...] | None
    tiers_now: tuple[float, ...] | None


@dataclass(frozen=True, kw_only=True)
class Movement:
    """A figure of the shop's orders in the weeks before each of the two dates.

    Attributes
    ----------
    before, now, last_year
        The last in the same weeks of the year before; None where the history does not reach back.
    change
        ``now`` over ``before`` less one, with its 95 % interval.
    moved
        More than matters, beyond chance, and not the season.
    words, advice
        What moved and what to do; the second is empty where nothing needs to be done.
    """

    kind: MovementKind
    unit: MovementUnit
    before: float
    now: float
    last_year: float | None
    change: Interval
    moved: bool
    words: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class ColumnGap:
    """A column of the orders that is empty more often than it was: shares of lines, in the weeks before both dates."""

    column: str
    before: float
    now: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A reason to train again, in a sentence."""

    kind: TriggerKind
    words: str


@dataclass(frozen=True, kw_only=True)
class DriftDocument:
    """Two dates of a shop beside each other.

    Attributes
    ----------
    reference_run, reference_cutoff
        The run that trained the model, or the one before where the run trained its own.
    cutoff
        The date of the run that this belongs to.
    is_training
        Whether the reference trained the model that scored this run.
    weeks_from
        Start of the weeks before ``cutoff`` that ``movements`` are about; None where the dates lie too close.
    features
        Those that matter most for the score first: by PSI times importance.
    triggers
        Reasons to train again; none where the model is of this run.
    retrain_words
        What to do about them; empty where there are none.
    is_worth_it
        Whether enough time has passed that a new model would learn from outcomes that the present one has not seen.
    """

    title: ClassVar[str] = "what has changed since the training"
    steps: ClassVar[tuple[Step, ...]] = ()

    reference_run: str
    reference_cutoff: datetime
    cutoff: datetime
    is_training: bool
    customers_before: int
    customers_now: int
    score: ScoreShift
    features: tuple[FeatureShift, ...]
    weeks_from: datetime | None
    movements: Found[tuple[Movement, ...]] | Missing
    gaps: tuple[ColumnGap, ...]
    triggers: tuple[Trigger, ...]
    headline: str
    retrain_words: str
    is_worth_it: bool
