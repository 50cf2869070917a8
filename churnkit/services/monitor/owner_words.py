"""What became of forecasts, and whether to train again, in a shop owner's words: counts, no measures of merit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from churnkit.results.challenge import ChallengeDocument, ChallengeVerdict
from churnkit.results.drift import DriftDocument, TriggerKind
from churnkit.results.found import Found, Missing
from churnkit.results.scorecards import (
    PopulationCard,
    RunningForecast,
    Scorecard,
    ScorecardsDocument,
    Verdict,
)
from churnkit.text.figures import count, counted, day, days, percent
from churnkit.windows import last_day

Bar = tuple[str, float]
"""Who is meant, and the share who left."""

# Two tenths of a scorecard are the fifth that a list begins with.
_FIRST_TENTHS = 2
_SAID: Mapping[Verdict, str] = MappingProxyType(
    {
        "held": "It held",
        "weaker": "Weaker than before",
        "order_lost": "No better than chance",
        "few": "Too few to tell",
    }
)
_REASONS: Mapping[TriggerKind, str] = MappingProxyType(
    {
        "auc": "The last forecast that could be checked picked the leavers worse than before.",
        "calibration": "The last forecast that could be checked was too high or too low for many customers.",
        "score": "The customers of today get other probabilities than those it was trained on.",
        "features": "What it looks at most has changed among your customers.",
        "gaps": "Something that it looks at is missing in the newer orders.",
        "age": "It was trained long ago.",
    }
)
_NEW_MODEL: Mapping[ChallengeVerdict, str] = MappingProxyType(
    {
        "better": "On the same customers the new model was nearer to what came, by more than chance.",
        "as_good": "On the same customers the two did equally well, as far as can be told from chance.",
        "worse": "On the same customers the new model did worse than the present one.",
        "unfit": "The new model failed a check of its forecasts.",
        "not_yet": "It cannot be told yet which of the two is better: nothing that both forecast is over.",
    }
)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A forecast whose time is over.

    Attributes
    ----------
    title, verdict, sentences, advice
        In words; ``verdict`` in three or four of them.
    bars
        Of the customers named first, of as many by chance; empty where nobody can be counted.
    """

    run_id: str
    title: str
    verdict: str
    sentences: tuple[str, ...]
    advice: str
    bars: tuple[Bar, ...]

    @property
    def alt(self) -> str:
        """The picture in words."""
        return "Share who left. " + "; ".join(f"{name}: {percent(share)}" for name, share in self.bars)


def checked(card: Scorecard) -> Checked:
    """One forecast for its owner."""
    active = card.active.value if isinstance(card.active, Found) else None
    return Checked(
        run_id=card.run_id,
        title=f"The forecast of {day(card.cutoff)}",
        verdict=_verdict(card, active),
        sentences=_sentences(card, active) if active else (card.words,),
        advice=card.advice,
        bars=_bars(active) if active else (),
    )


def _verdict(card: Scorecard, active: PopulationCard | None) -> str:
    if card.verdict == "level_off" and active is not None:
        fewer = active.actual_churn_rate.value < active.expected_churn_rate
        return "Fewer left than expected" if fewer else "More left than expected"
    return _SAID.get(card.verdict, "Off the mark")


def _sentences(card: Scorecard, active: PopulationCard) -> tuple[str, ...]:
    expected = active.expected_churn_rate * active.customers
    said = [
        f"Of {count(active.customers)} customers who were active on {day(card.cutoff)}, {count(expected)} were expected to"
        f" buy nothing until {day(last_day(card.until))}. {count(active.left)} bought nothing."
    ]
    first = active.tenths[:_FIRST_TENTHS]
    named, left = sum(one.customers for one in first), sum(one.actual_churners for one in first)
    by_chance = named * active.actual_churn_rate.value
    if named and named < active.customers:
        said.append(
            f"Of the {count(named)} whom it named first {count(left)} left; of as many drawn by chance it would have been"
            f" {count(by_chance)}."
        )
    if isinstance(card.listed, Found) and card.listed.value.contacted:
        listed = card.listed.value
        said.append(
            f"The list that was recommended then held {counted(listed.contacted, 'customer')}: {count(listed.left)} of them"
            f" left, {count(listed.expected_leavers)} were expected to."
        )
    return tuple(said)


def _bars(active: PopulationCard) -> tuple[Bar, ...]:
    first = active.tenths[:_FIRST_TENTHS]
    named = sum(one.customers for one in first)
    if not named:
        return ()
    return (
        ("Named first: left", sum(one.actual_churners for one in first) / named),
        ("Named first: expected", sum(one.expected_churners for one in first) / named),
        ("By chance", active.actual_churn_rate.value),
    )


def waiting_words(one: RunningForecast) -> str:
    """What a forecast says whose time is not over, and when it can be checked."""
    left = f"{days(one.days_left)} of orders are missing" if one.days_left else "the next orders will do"
    return (
        f"The forecast of {day(one.cutoff)} expects {count(one.expected_churn_rate * one.customers)} of"
        f" {count(one.customers)} active customers to buy nothing until {day(last_day(one.until))}. It is checked as soon as"
        f" orders reach that far: {left}."
    )


def nothing_checked(found: ScorecardsDocument) -> str:
    """Why nothing stands there, and when it will."""
    if not found.running:
        return "No forecast is old enough to be checked yet."
    first = min(found.running, key=lambda one: one.until)
    return (
        "No forecast is old enough to be checked yet. The first one can be as soon as orders up to"
        f" {day(last_day(first.until))} are here: add them under Orders."
    )


def asks_for_training(found: ScorecardsDocument) -> bool:
    """Whether the newest forecast that could be judged says that the model should be trained again."""
    judged = [one.verdict for one in found.scorecards if one.verdict != "few"]
    return bool(judged) and judged[0] != "held"


def reasons_to_train(drift: DriftDocument) -> tuple[str, ...]:
    """Each kind of reason once, the gravest first; empty where there is none."""
    return tuple(dict.fromkeys(_REASONS[one.kind] for one in drift.triggers))


def moved_orders(drift: DriftDocument) -> tuple[tuple[str, str], ...]:
    """What has moved in the orders beyond chance and season, and what to do about each."""
    if isinstance(drift.movements, Missing):
        return ()
    return tuple((one.words, one.advice) for one in drift.movements.value if one.moved)


def new_model_words(found: ChallengeDocument) -> str:
    """How the model that waits did beside the present one."""
    on = (
        f" Compared on {count(found.customers)} forecasts that neither had learned from."
        if found.windows
        else ""
    )
    return f"{_NEW_MODEL[found.verdict]}{on}"


def score_of(cards: Sequence[Scorecard]) -> str:
    """All forecasts in a sentence; empty for fewer than two."""
    judged = [one for one in cards if one.verdict != "few"]
    if len(judged) < 2:
        return ""
    held = sum(one.verdict in ("held", "level_off") for one in judged)
    return (
        f"Of {count(len(judged))} forecasts whose time is over, {count(held)} named the leavers as well as they were"
        " expected to."
    )
