"""``scorecards.json``: what became of the forecasts of a shop's runs, as far as a newer history tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from churnkit.results.codec import Step
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval

SCORECARDS_FILE = "scorecards.json"

Verdict = Literal["held", "level_off", "order_lost", "weaker", "few"]
"""``held``: as good as promised. ``level_off``: the order held, more or fewer left than was said. ``weaker``: the order
was worse than promised, beyond chance. ``order_lost``: no better than chance. ``few``: too few customers to tell."""


@dataclass(frozen=True, kw_only=True)
class Tenth:
    """A tenth of the customers by forecast, the riskiest first."""

    decile: int
    customers: int
    expected_churners: float
    actual_churners: int


@dataclass(frozen=True, kw_only=True)
class PopulationCard:
    """A forecast against what came, for some customers. Intervals are 95 % over customers drawn anew.

    Attributes
    ----------
    expected_churn_rate, actual_churn_rate
        Mean forecast, and the share without a purchase in the window.
    roc_auc
        None where all left or all stayed.
    log_loss_of_base_rate
        Nats a customer, of giving everybody the rate that came.
    ece, ece_by_chance
        Calibration error over ten groups, a share; and what exactly right probabilities stay below in 19 of 20 cases.
    lift
        Share who left among the ``lift_size`` riskiest, over the share of all; None where nobody left.
    expected_spend, actual_spend
        Of all of them in the window, in money, returns taken off.
    """

    customers: int
    expected_churn_rate: float
    actual_churn_rate: Interval
    roc_auc: Interval | None
    log_loss: Interval
    log_loss_of_base_rate: float
    ece: float
    ece_by_chance: float
    lift: Interval | None
    lift_size: int
    expected_spend: float
    actual_spend: Interval
    tenths: tuple[Tenth, ...]

    @property
    def left(self) -> int:
        """How many bought nothing in the window."""
        return sum(one.actual_churners for one in self.tenths)


@dataclass(frozen=True, kw_only=True)
class ListFigures:
    """What contacting the customers whom the run recommended would have brought, by who then left.

    Attributes
    ----------
    contacted, expected_leavers, left
        Customers on the list, how many of them were forecast to leave, and how many left.
    brought
        Money net of costs at the success rate that was assumed then, with its 95 % interval over customers drawn anew.
    at_random, longest_silent
        The same for as many active customers by chance, and for those silent longest.
    save_rate
        Share of contacted leavers who stay, as it was assumed.
    """

    contacted: int
    expected_leavers: float
    left: int
    brought: Interval
    at_random: float
    longest_silent: float
    save_rate: float


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """A past run against what came.

    Attributes
    ----------
    run_id, scored_by
        The run, and the one whose model scored it; the same where it trained its own.
    champion
        Name of what scored it.
    cutoff, until
        The window of the forecast: from the first up to the second instant.
    gone
        Customers whom the present history does not know before ``cutoff`` any more: cancelled or erased. They count
        nowhere.
    promised_auc, promised_ece
        Of the active customers at past dates, as the run itself told; None where it could not.
    words, advice
        What came of it and what to do, a sentence or two each.
    """

    run_id: str
    scored_by: str
    champion: str
    cutoff: datetime
    until: datetime
    horizon_days: int
    active: Found[PopulationCard] | Missing
    lapsed: Found[PopulationCard] | Missing
    listed: Found[ListFigures] | Missing
    gone: int
    promised_auc: float | None
    promised_ece: float | None
    verdict: Verdict
    words: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class RunningForecast:
    """What is to be expected of a run whose window still runs: true only if its model is still right.

    Attributes
    ----------
    customers
        Active at ``cutoff``.
    expected_churn_rate, expected_auc
        Of them; None where they have one probability.
    days_left
        Until the window is over, from the end of the history.
    """

    run_id: str
    scored_by: str
    champion: str
    cutoff: datetime
    until: datetime
    days_left: int
    customers: int
    expected_churn_rate: float
    expected_auc: float | None
    words: str


@dataclass(frozen=True, kw_only=True)
class ScorecardsDocument:
    """The runs of a shop as its history stood, newest forecast first.

    Attributes
    ----------
    known_until
        The instant that the history ends at: windows that end later still run.
    notes
        Runs that could not be judged, and why.
    """

    title: ClassVar[str] = "the scorecards of earlier forecasts"
    steps: ClassVar[tuple[Step, ...]] = ()

    known_until: datetime
    scorecards: tuple[Scorecard, ...]
    running: tuple[RunningForecast, ...]
    notes: tuple[str, ...] = ()
