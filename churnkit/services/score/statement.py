"""For those who oversee a model: who answers for it, until when, and how its scores are explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from churnkit.results.evidence.proof import ModelCard
from churnkit.text import figures

NOBODY = "nobody is named yet"


@dataclass(frozen=True)
class Stewardship:
    """Who answers for a model, and when it has to be looked at again.

    Attributes
    ----------
    owner
        A name or a role; empty where nobody is named.
    review_on
        The day on which the outcome of its forecast is known.
    """

    owner: str
    review_on: date

    @property
    def owner_words(self) -> str:
        """The owner, or that nobody is named."""
        return self.owner or NOBODY

    def review_words(self, today: date | None = None) -> str:
        """Until when the model has to be reviewed, why then, and how; with ``today``, whether that day has gone by."""
        late = ""
        if today is not None and today > self.review_on:
            late = f" That was {figures.days((today - self.review_on).days)} ago."
        return (
            f"By {figures.day(self.review_on)}, when what was forecast has come or not.{late} Analyse an export up to then,"
            " and hold the forecast against it; sooner after a change of range, prices or customers."
        )


def stewardship(scored_at: datetime, horizon_days: int, owner: str = "") -> Stewardship:
    """For a model that scored customers at an instant, ``horizon_days`` ahead.

    Examples
    --------
    >>> stewardship(datetime(2026, 3, 1), 60, "Ms Weaver").review_on
    datetime.date(2026, 4, 30)
    """
    return Stewardship(owner.strip(), (scored_at + timedelta(days=horizon_days)).date())


def statement(card: ModelCard, steward: Stewardship) -> tuple[tuple[str, str], ...]:
    """The statement on explainability as titles and paragraphs, for a regulator or whoever asks how a score came about."""
    return (
        ("What it is used for", _use(card)),
        ("What it reads", _inputs(card)),
        ("How it works", _method(card)),
        ("How a single score is explained", _SINGLE),
        ("How it was checked", checked_words(card)),
        ("Who oversees it", _oversight(card, steward)),
    )


def _use(card: ModelCard) -> str:
    return (
        f"It answers one question about each customer: “{card.question}” {card.intended_use} A person decides whom to"
        " contact and what to offer. Nothing is decided about a person by the score alone, and it must not be used where a"
        " decision has legal or similarly grave effects for somebody (Article 22 of the GDPR)."
    )


def _inputs(card: ModelCard) -> str:
    groups = "; ".join(f"{group}: {figures.count(number)}" for group, number in card.feature_groups.items())
    return (
        f"{figures.counted(card.features, 'figure')} about a customer's own orders before the day of the forecast"
        f" ({groups}). Names, addresses, e-mail, telephone, country and sales channel are not read. What happened after that"
        " day cannot be read either: the same holds at every earlier date on which it was tested."
    )


def _method(card: ModelCard) -> str:
    meaning = f": {card.meaning}" if card.meaning else ""
    members = f" Its members: {', '.join(card.members)}." if len(card.members) > 1 else ""
    learned = (
        "It is a fixed rule of this shop's past, not a trained model."
        if card.is_rule
        else "Its probabilities are calibrated on later dates than those it learned from, so that of 100 customers at 70 %"
        " about 70 should leave."
    )
    return f"{card.label}{meaning}.{members} {learned} {card.training}"


_SINGLE = (
    "Every score can be taken apart into what each figure adds to it (Shapley values, in log-odds); the parts add up to the"
    " score. The customer's page shows them by theme, names the strongest in plain words, sets a second explanation made"
    " another way (LIME) beside them with how well it fits, and says what the score would be if something were different."
    " These explain how the score came about. They are no causes: what makes people stay is measured by campaigns with a"
    " control group."
)


def checked_words(card: ModelCard) -> str:
    """How it did on the test window, or that it was not tested."""
    if card.test is None or card.test_cutoff is None:
        return (
            "No past window was left to test it on: take its scores as a rough order, not as probabilities."
        )
    test = card.test
    return (
        f"Once, on the window from {figures.day(card.test_cutoff)}, which it had not seen; of all customers: AUC"
        f" {figures.score(test.roc_auc)}, log loss {figures.score(test.log_loss, 4)}, expected calibration error"
        f" {figures.score(test.ece)}; of those it called leavers {figures.percent(test.precision)} left, and it found"
        f" {figures.percent(test.recall)} of those who left. In the app stand the same figures of the active customers"
        " alone, on which its grade rests, all past dates beside simple rules, and groups of customers"
        " compared under Fairness."
    )


def _oversight(card: ModelCard, steward: Stewardship) -> str:
    return (
        f"Owner: {steward.owner_words}. Review: {steward.review_words()} Every version is kept with its day, settings, seed"
        f" ({card.seed}) and library versions: the same file and settings give the same scores."
    )
