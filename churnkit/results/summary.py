"""``summary.json``: what was read, decided, proven and found; what a run and ``churnkit analyze`` write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from churnkit.config import ReturnsTreatment
from churnkit.results.codec import JsonObject, Step
from churnkit.results.found import Found, Missing
from churnkit.results.look_facts import MonthTotal
from churnkit.results.measures import ChosenBy, Measures
from churnkit.results.money_strip import MoneyStrip
from churnkit.results.past_dates import PastDate, without_active
from churnkit.results.profile import Profile
from churnkit.results.quality import QualityByStatus
from churnkit.results.run_settings import RunSettings
from churnkit.results.year_forecast import YearForecast

Method = Literal["models", "btyd", "rules"]
"""The rung that scored the customers: trained models, the purchase process alone, or simple rules."""


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """The file that was read.

    Attributes
    ----------
    format
        How it was read, in words.
    preset
        Name of the known export that it was recognised as.
    mapping
        Canonical column -> header in the file.
    currency
        Code of the currency; None where the file names none.
    returns
        "net": returns are negative rows; "ignore": they were dropped.
    has_time
        Whether its dates carry a time of the day.
    notes
        What had to be decided in reading, in sentences.
    """

    format: str
    preset: str | None
    mapping: Mapping[str, str]
    rows_in: int
    rows_kept: int
    currency: str | None
    returns: ReturnsTreatment
    has_order_id: bool
    has_time: bool
    notes: tuple[str, ...]
    monthly_totals: tuple[MonthTotal, ...]


@dataclass(frozen=True, kw_only=True)
class ChurnQuestion:
    """What was asked of every customer: no purchase in ``horizon_days`` from ``cutoff``?

    Attributes
    ----------
    horizon_reason
        Why so many days, in a sentence.
    return_share
        Of the customers silent for so long, the share who came back all the same within the history seen; None where
        it cannot be told.
    labelled_cutoffs
        Earlier cutoffs whose outcome is known, ascending.
    population
        Who is meant by every customer.
    """

    cutoff: datetime
    horizon_days: int
    horizon_reason: str
    return_share: float | None
    labelled_cutoffs: tuple[datetime, ...]
    population: str


@dataclass(frozen=True, kw_only=True)
class TierTotal:
    """Sums over the active customers of a risk tier, in money; ``value_at_risk`` as everywhere (see ``MoneyStrip``)."""

    customers: int
    expected_spend: float
    clv: float
    value_at_risk: float


@dataclass(frozen=True, kw_only=True)
class TierTotals:
    """The three risk tiers; nobody stands in one where nothing is proven."""

    high: TierTotal
    medium: TierTotal
    low: TierTotal


@dataclass(frozen=True, kw_only=True)
class StatusTotal:
    """Sums over the active or the lapsed customers.

    Attributes
    ----------
    mean_p_churn
        None where there is nobody.
    expected_leavers
        Sum of p_churn: who buys nothing within the horizon. Of the lapsed, the others are those who come back.
    expected_orders, expected_spend
        Over the horizon, the latter in money; ``clv`` over the next year.
    """

    customers: int
    mean_p_churn: float | None
    expected_leavers: float
    expected_orders: float
    expected_spend: float
    clv: float
    value_at_risk: float


@dataclass(frozen=True, kw_only=True)
class CustomerTotals:
    """All scored customers; expected orders and spend (money) over the horizon, ``clv`` over the next year."""

    count: int
    active: StatusTotal
    lapsed: StatusTotal
    mean_p_churn: float
    tiers: TierTotals
    expected_orders: float
    expected_spend: float
    clv: float


@dataclass(frozen=True, kw_only=True)
class SpendErrors:
    """Errors of a method's spend forecasts at past cutoffs, in money; ``total_ratio`` is forecast over actual total."""

    method: str
    mae: float
    rmse: float
    deviance: float
    total_ratio: float


@dataclass(frozen=True, kw_only=True)
class ValueForecast:
    """How spend was forecast: the horizon's method, the factor on it, what the methods missed by; and the year."""

    method: str
    scale: float
    past_errors: tuple[SpendErrors, ...]
    year: Found[YearForecast] | Missing


@dataclass(frozen=True, kw_only=True)
class FoldSize:
    """One fold of the validation."""

    validation_cutoff: datetime
    train_rows: int
    valid_rows: int


@dataclass(frozen=True, kw_only=True)
class SuspectFeature:
    """A feature that tells the outcome suspiciously well; ``gini`` in 0..1, ``gini_recent`` among recent buyers."""

    feature: str
    gini: float
    gini_recent: float
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Contest:
    """How the champion was found.

    Attributes
    ----------
    champion
        Its name in the leaderboard.
    verdict
        Why it won, in words.
    members
        Names of a blend's members, joined by " + "; empty for others.
    threshold
        Probability at or above which it calls a customer a leaver.
    test
        On the last complete window, which no choice has seen; None where the history has none.
    level
        How the level of all probabilities was moved, in words.
    outcomes_kept_apart
        Whether every training outcome was over before the date that it was validated on.
    features_dropped
        Feature -> why it was left out.
    leakage_screen
        Only features with a doubt.
    """

    champion: str
    verdict: str
    members: str
    threshold: float
    validation: ChosenBy
    test: Measures | None
    level: str
    folds: tuple[FoldSize, ...]
    outcomes_kept_apart: bool
    features_kept: tuple[str, ...]
    features_dropped: Mapping[str, str]
    leakage_screen: tuple[SuspectFeature, ...]


@dataclass(frozen=True, kw_only=True)
class ScoredBy:
    """The run that trained what scored the customers of this one.

    Attributes
    ----------
    cutoff
        The date that it was trained at: everything before it was known.
    trained_on
        The day on which that was done.
    fallback
        Why its model could not score, so that a rule did; None where it could.
    level
        By how much the model moved everybody's log-odds at this run's date; None where a rule scored, and in runs from
        before a model moved with the date.
    """

    run_id: str
    cutoff: datetime
    trained_on: date
    fallback: str | None
    level: float | None = None


def _of_the_active(content: JsonObject) -> JsonObject:
    """Version 2 counted everybody in its tiers, knew no status and no last year: what cannot be known now is NaN."""
    customers = content["customers"]
    unknown = dict.fromkeys(("expected_leavers", "expected_orders", "expected_spend", "clv", "value_at_risk"))
    nobody = {"customers": 0, "mean_p_churn": None, **unknown}
    tiers = {
        name: {**{key: value for key, value in tier.items() if key != "clv_at_risk"}, "value_at_risk": None}
        for name, tier in customers["tiers"].items()
    }
    untested = {
        "missing": "This analysis was made before the quality for the active was kept: start it again."
    }
    reason = "This analysis was made before money at risk was told for the active alone: start it again."
    figure = {"value": None, "low": None, "high": None, "kind": "measured", "words": reason}
    names = ("revenue", "revenue_active", "forecast", "forecast_lapsed")
    money = content["settings"]["money"]
    cutoff = content["question"]["cutoff"]
    return {
        **content,
        "customers": {**customers, "active": nobody, "lapsed": nobody, "tiers": tiers},
        "question": {**content["question"], "return_share": None},
        "money": {
            "days": 0,
            **dict.fromkeys(names, figure),
            "at_risk": {"missing": reason},
            "margin": money["margin"],
        },
        "quality": {"active": untested, "all": untested},
        "data_ends": cutoff[:10],
        "analysed_on": cutoff[:10],
        "data_age_days": 0,
    }


def _with_year(content: JsonObject) -> JsonObject:
    """Version 4 stretched the horizon's forecast to a year, and never tested it."""
    reason = "This analysis was made before the value of a year was learned and tested: start it again."
    return {**content, "value": {**content["value"], "year": {"missing": reason}}}


def _without_empty_test(content: JsonObject) -> JsonObject:
    """Where nothing could be tested, version 1 has a test without figures."""
    contest = content["tournament"]
    if contest is None:
        return content
    return {**content, "tournament": {**contest, "test": contest["test"] or None}}


def _with_active_dates(content: JsonObject) -> JsonObject:
    """Version 2 knows of past dates what became of all customers only."""
    return {**content, "backtest": without_active(content["backtest"])}


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A finished analysis. It holds no clock readings but the day it was made: the same run gives the same file that day.

    Attributes
    ----------
    notes
        What weakens the result, in sentences; below the rung "models" also why nothing was trained.
    tournament
        None below the rung "models".
    backtest
        Ascending; empty where no earlier date could be forecast.
    data_ends, analysed_on, data_age_days
        The day before the scoring date, the day of the analysis, and the days between.
    scored_by
        Of a run without training: whose model it is that scored. Everything measured (``quality``, ``tournament``,
        ``backtest``) was measured then. None where the run trained its own.
    """

    title: ClassVar[str] = "the summary of an analysis"
    steps: ClassVar[tuple[Step, ...]] = (_without_empty_test, _with_active_dates, _of_the_active, _with_year)
    churnkit_version: str
    file: SourceFile
    question: ChurnQuestion
    method: Method
    notes: tuple[str, ...]
    data_ends: date
    analysed_on: date
    data_age_days: int
    customers: CustomerTotals
    money: MoneyStrip
    quality: QualityByStatus
    value: ValueForecast
    tournament: Contest | None
    backtest: tuple[PastDate, ...]
    settings: RunSettings
    profile: Profile
    scored_by: ScoredBy | None = None

    @property
    def champion(self) -> str:
        """The name of what scored the customers: a candidate's, else the rung's."""
        return self.tournament.champion if self.tournament else self.method
