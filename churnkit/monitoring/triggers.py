"""Reasons to train again: what of a drift and of realised forecasts is more than chance, habit and season."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from churnkit.monitoring.stability import LARGE
from churnkit.monitoring.verdicts import is_calibration_gone, is_weaker
from churnkit.results.drift import ColumnGap, FeatureShift, ScoreShift, Trigger
from churnkit.results.found import Found
from churnkit.results.scorecards import Scorecard
from churnkit.text.figures import count, day, days, percent, score

MATTERS = 0.05
"""A feature matters if it makes at least this share of all pushes."""
GAP = 0.10
"""Values missing for ten points more of the customers are no longer the feature that was learned."""
AGE_DAYS = 180


def triggers(
    score_shift: ScoreShift,
    features: Sequence[FeatureShift],
    gaps: Sequence[ColumnGap],
    cards: Sequence[Scorecard],
    trained: datetime,
    now: datetime,
) -> tuple[Trigger, ...]:
    """Every reason there is, the gravest first.

    Parameters
    ----------
    cards
        Of runs that the same model scored, newest first.
    trained, now
        The date that the model was trained at, and the present one.
    """
    return (
        *_of_cards(cards),
        *_of_score(score_shift),
        *_of_features(features),
        *(Trigger(kind="gaps", words=one.words) for one in gaps),
        *_of_age(trained, now),
    )


def words_for(found: Sequence[Trigger], trained: datetime, now: datetime, step_days: int) -> str:
    """What to do about the reasons; empty without any.

    Parameters
    ----------
    step_days
        Distance between the past dates that a model learns from.
    """
    if not found:
        return ""
    if not is_worth_it(trained, now, step_days):
        ready = trained + timedelta(days=step_days)
        return (
            "Training again now would learn from the same outcomes as before: wait until the orders reach"
            f" {day(ready)}, and look at the reasons until then."
        )
    return (
        "Train again on the newer orders. The new model takes over only if it does better than the present one on the"
        " last windows that are over."
    )


def is_worth_it(trained: datetime, now: datetime, step_days: int) -> bool:
    """Whether another past date with its outcome is known by now, that the model has not learned from."""
    return now - trained >= timedelta(days=step_days)


def _of_cards(cards: Sequence[Scorecard]) -> Iterator[Trigger]:
    """Of the newest forecast that could be judged."""
    for one in cards:
        if one.verdict == "few" or not isinstance(one.active, Found):
            continue
        card = one.active.value
        if card.roc_auc is not None and (one.verdict == "order_lost" or is_weaker(card, one.promised_auc)):
            promised = f" instead of {score(one.promised_auc, 2)}" if one.promised_auc else ""
            yield Trigger(
                kind="auc",
                words=f"The forecast of {day(one.cutoff)} ranked the active customers worse than promised: AUC"
                f" {score(card.roc_auc.value, 2)}{promised}, beyond chance.",
            )
        if is_calibration_gone(card, one.promised_ece):
            yield Trigger(
                kind="calibration",
                words=f"The probabilities of {day(one.cutoff)} were off by {percent(card.ece)} on average, where past"
                f" dates had promised {percent(one.promised_ece)} and chance explains {percent(card.ece_by_chance)}.",
            )
        return


def _of_score(found: ScoreShift) -> Iterator[Trigger]:
    if found.moved:
        yield Trigger(
            kind="score",
            words=f"The probabilities of the active customers are spread otherwise than when the model was trained (PSI"
            f" {score(found.psi, 2)}, {score(LARGE, 1)} is large): {percent(found.mean_before)} in the mean then,"
            f" {percent(found.mean_now)} now.",
        )


def _of_features(features: Sequence[FeatureShift]) -> Iterator[Trigger]:
    moved = [one for one in features if one.moved and one.importance >= MATTERS]
    if moved:
        names = ", ".join(f"“{one.label}” (PSI {score(one.psi, 2)})" for one in moved[:3])
        more = f" and {count(len(moved) - 3)} others" if len(moved) > 3 else ""
        yield Trigger(kind="features", words=f"What the forecast hangs on has moved: {names}{more}.")
    empty = [
        one for one in features if one.unknown_now - one.unknown_before >= GAP and one.importance >= MATTERS
    ]
    for one in empty:
        yield Trigger(
            kind="gaps",
            words=f"“{one.label}” is not known for {percent(one.unknown_now)} of the active customers, when the model was"
            f" trained for {percent(one.unknown_before)}.",
        )


def _of_age(trained: datetime, now: datetime) -> Iterator[Trigger]:
    if now - trained > timedelta(days=AGE_DAYS):
        yield Trigger(
            kind="age",
            words=f"The model was trained on orders up to {day(trained)}, {days((now - trained).days)} ago.",
        )
