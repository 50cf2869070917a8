"""Scorecards, drift and the log of a shop, as the API tells of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from churnkit.api.models.figures import Currency, Figure, Instant, Range, Share, range_of
from churnkit.results.drift import DriftDocument
from churnkit.results.found import Found, Missing
from churnkit.results.scorecards import (
    ListFigures,
    PopulationCard,
    RunningForecast,
    Scorecard,
    ScorecardsDocument,
    Verdict,
)
from churnkit.results.shop_events import EventKind
from churnkit.store import ShopEvent

_RANGE: JsonDict = {"value": 0.31, "low": 0.29, "high": 0.33}
_POPULATION: JsonDict = {
    "customers": 1921,
    "expected_churn_rate": 0.33,
    "actual_churn_rate": _RANGE,
    "roc_auc": {"value": 0.76, "low": 0.74, "high": 0.79},
    "log_loss": {"value": 0.52, "low": 0.5, "high": 0.54},
    "ece": 0.03,
    "ece_by_chance": 0.034,
    "lift": {"value": 1.6, "low": 1.5, "high": 1.7},
    "lift_size": 384,
    "expected_spend": 1313254.0,
    "actual_spend": {"value": 1402755.0, "low": 1208708.0, "high": 1596801.0},
}
SCORECARD_EXAMPLE: JsonDict = {
    "run_id": "77d1b6a3b0e24b0d8a4a8a3f1f0b2c4d",
    "scored_by": "77d1b6a3b0e24b0d8a4a8a3f1f0b2c4d",
    "champion": "blend",
    "cutoff": "2026-01-01T00:00:00Z",
    "until": "2026-04-01T00:00:00Z",
    "horizon_days": 90,
    "verdict": "held",
    "words": "Of 1,921 active customers on 1 Jan 2026, 634 (33 %) were expected to buy nothing until 31 Mar 2026.",
    "advice": "Nothing needs to be done: go on using it.",
    "promised_auc": 0.74,
    "active": _POPULATION,
    "lapsed": None,
    "listed": {
        "contacted": 240,
        "expected_leavers": 131.0,
        "left": 128,
        "brought": {"value": 9120.0, "low": 7800.0, "high": 10440.0},
        "at_random": 3010.0,
        "longest_silent": 4120.0,
        "save_rate": 0.35,
    },
}
SCORECARDS_EXAMPLE: JsonDict = {
    "shop_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
    "known_until": "2026-04-05T00:00:00Z",
    "currency": "EUR",
    "scorecards": [SCORECARD_EXAMPLE],
    "running": [],
    "notes": [],
}
DRIFT_EXAMPLE: JsonDict = {
    "shop_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
    "reference_run": "77d1b6a3b0e24b0d8a4a8a3f1f0b2c4d",
    "reference_cutoff": "2026-01-01T00:00:00Z",
    "cutoff": "2026-04-05T00:00:00Z",
    "headline": "Nothing that matters has moved since 1 Jan 2026, beyond chance and what is usual in this shop.",
    "score_psi": 0.03,
    "score_moved": False,
    "features": [
        {
            "feature": "recency_days",
            "label": "Days since the last purchase",
            "importance": 0.12,
            "psi": 0.05,
            "chance": 0.02,
            "usual": 0.09,
            "moved": False,
        }
    ],
    "movements": [
        {
            "kind": "prices",
            "before": 1.0,
            "now": 1.02,
            "change": {"value": 0.02, "low": -0.01, "high": 0.05},
            "moved": False,
            "words": "Prices of the same products: +2 % in the mean.",
            "advice": "",
        }
    ],
    "reasons": [],
    "advice": "",
}
EVENT_EXAMPLE: JsonDict = {
    "event_id": "0d8a4a8a3f1f0b2c4d77d1b6a3b0e24b",
    "kind": "scorecard_ready",
    "words": "The forecast held.",
    "happened_at": "2026-04-05T08:16:40Z",
}


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class PopulationAnswer(_Told):
    """A forecast against what came, for some customers; ranges are 95 % intervals."""

    customers: int
    expected_churn_rate: Share
    actual_churn_rate: Range
    roc_auc: Range | None = Field(description="Null where all left or all stayed.")
    log_loss: Range
    ece: Figure
    ece_by_chance: Figure = Field(
        description="What exactly right probabilities stay below in 19 of 20 cases."
    )
    lift: Range | None = Field(description="Of the `lift_size` riskiest.")
    lift_size: int
    expected_spend: Figure
    actual_spend: Range

    @classmethod
    def of(cls, part: Found[PopulationCard] | Missing) -> PopulationAnswer | None:
        """The answer about customers; null where there were too few."""
        return None if isinstance(part, Missing) else cls.model_validate(part.value)


class ListAnswer(_Told):
    """What contacting the recommended customers would have brought, by who then left, at the assumed success rate."""

    contacted: int
    expected_leavers: Figure
    left: int
    brought: Range
    at_random: Figure
    longest_silent: Figure
    save_rate: Share

    @classmethod
    def of(cls, part: Found[ListFigures] | Missing) -> ListAnswer | None:
        """The answer about a list; null where nobody was recommended."""
        return None if isinstance(part, Missing) else cls.model_validate(part.value)


class ScorecardAnswer(_Told):
    """A past forecast against what came."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SCORECARD_EXAMPLE]})

    run_id: str
    scored_by: str = Field(description="The run whose model scored it.")
    champion: str
    cutoff: Instant
    until: Instant
    horizon_days: int
    verdict: Verdict
    words: str
    advice: str
    promised_auc: Figure = Field(description="Of the active at past dates, as the run itself told.")
    active: PopulationAnswer | None
    lapsed: PopulationAnswer | None
    listed: ListAnswer | None

    @classmethod
    def of(cls, card: Scorecard) -> ScorecardAnswer:
        """The answer about a scorecard."""
        plain = (
            "run_id",
            "scored_by",
            "champion",
            "cutoff",
            "until",
            "horizon_days",
            "verdict",
            "words",
            "advice",
        )
        return cls(
            **{name: getattr(card, name) for name in plain},
            promised_auc=card.promised_auc,
            active=PopulationAnswer.of(card.active),
            lapsed=PopulationAnswer.of(card.lapsed),
            listed=ListAnswer.of(card.listed),
        )


class RunningAnswer(_Told):
    """A forecast whose window still runs: true only if its model still is."""

    run_id: str
    cutoff: Instant
    until: Instant
    days_left: int
    customers: int
    expected_churn_rate: Share
    expected_auc: Figure
    words: str

    @classmethod
    def of(cls, one: RunningForecast) -> RunningAnswer:
        """The answer about a forecast that runs."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class ScorecardsAnswer(_Told):
    """All forecasts of a shop, newest first."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SCORECARDS_EXAMPLE]})

    shop_id: str
    known_until: Instant
    currency: Currency
    scorecards: list[ScorecardAnswer]
    running: list[RunningAnswer]
    notes: list[str]

    @classmethod
    def of(cls, shop_id: str, found: ScorecardsDocument, currency: str | None) -> ScorecardsAnswer:
        """The answer about a shop."""
        return cls(
            shop_id=shop_id,
            known_until=found.known_until,
            currency=currency,
            scorecards=[ScorecardAnswer.of(one) for one in found.scorecards],
            running=[RunningAnswer.of(one) for one in found.running],
            notes=list(found.notes),
        )


class FeatureShiftAnswer(_Told):
    """How far the values of a feature have moved among the active customers."""

    feature: str
    label: str
    importance: Share
    psi: Figure
    chance: Figure = Field(description="What PSI stays below in 999 of 1,000 cases if nothing moved.")
    usual: Figure = Field(description="The largest between earlier dates as far apart; null where unknown.")
    moved: bool


class MovementAnswer(_Told):
    """A figure of the orders before both dates."""

    kind: Literal["orders_per_day", "order_value", "prices", "new_products", "returned_share", "first_buyers"]
    before: Figure
    now: Figure
    change: Range | None
    moved: bool
    words: str
    advice: str


class DriftAnswer(_Told):
    """What has changed since the model was trained, or since the run before."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [DRIFT_EXAMPLE]})

    shop_id: str
    reference_run: str
    reference_cutoff: Instant
    cutoff: Instant
    headline: str
    score_psi: Figure
    score_moved: bool
    features: list[FeatureShiftAnswer]
    movements: list[MovementAnswer]
    reasons: list[str] = Field(description="To train again; none where nothing speaks for it.")
    advice: str

    @classmethod
    def of(cls, shop_id: str, found: DriftDocument) -> DriftAnswer:
        """The answer about a shop."""
        movements = found.movements.value if isinstance(found.movements, Found) else ()
        return cls(
            shop_id=shop_id,
            reference_run=found.reference_run,
            reference_cutoff=found.reference_cutoff,
            cutoff=found.cutoff,
            headline=found.headline,
            score_psi=found.score.psi,
            score_moved=found.score.moved,
            features=[
                FeatureShiftAnswer(**{name: getattr(one, name) for name in FeatureShiftAnswer.model_fields})
                for one in found.features
            ],
            movements=[
                MovementAnswer(
                    kind=one.kind,
                    before=one.before,
                    now=one.now,
                    change=range_of(one.change),
                    moved=one.moved,
                    words=one.words,
                    advice=one.advice,
                )
                for one in movements
            ],
            reasons=[one.words for one in found.triggers],
            advice=found.retrain_words,
        )


class ShopEventAnswer(_Told):
    """Something that happened to a shop."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EVENT_EXAMPLE]})

    event_id: str
    kind: EventKind
    words: str
    happened_at: datetime

    @classmethod
    def of(cls, event: ShopEvent) -> ShopEventAnswer:
        """The answer about an event."""
        return cls(
            event_id=event.event_id, kind=event.kind, words=event.sentence, happened_at=event.happened_at
        )
