"""What a scorecard comes to, in a word, in a sentence, and as advice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from churnkit.results.found import Found, Missing
from churnkit.results.scorecards import PopulationCard, Verdict
from churnkit.text.figures import count, day, percent, score
from churnkit.windows import last_day

MIN_OF_EACH = 10
"""So many leavers and so many stayers are needed before an order is judged."""
LEVEL_TOLERANCE = 0.05
"""A level that is off by less than this share of the customers matters to no campaign."""
AUC_LOSS = 0.10
"""Relative loss of AUC from which on a forecast counts as weaker than promised."""


@dataclass(frozen=True)
class Judgement:
    """A verdict with its sentences."""

    verdict: Verdict
    words: str
    advice: str


def judge(
    active: Found[PopulationCard] | Missing,
    promised_auc: float | None,
    cutoff: datetime,
    until: datetime,
) -> Judgement:
    """The verdict on a run by its active customers.

    Parameters
    ----------
    promised_auc
        Of the active customers at past dates, as the run told; None where it could not.
    """
    if isinstance(active, Missing):
        return Judgement("few", active.reason, "Wait for a later forecast.")
    card = active.value
    came = card.actual_churn_rate
    told = (
        f"Of {count(card.customers)} active customers on {day(cutoff)},"
        f" {count(card.expected_churn_rate * card.customers)} ({percent(card.expected_churn_rate)}) were expected to buy"
        f" nothing until {day(last_day(until))}; {count(card.left)} ({percent(came.value)}) bought nothing."
    )
    if min(card.left, card.customers - card.left) < MIN_OF_EACH or card.roc_auc is None:
        return Judgement(
            "few", f"{told} That is too few to judge how they were ranked.", "Wait for later forecasts."
        )
    auc = card.roc_auc
    ranked = (
        f" A leaver stood above a stayer in {percent(auc.value)} of all pairs, by chance it is 50\u202f%."
    )
    if auc.low <= 0.5:
        return Judgement(
            "order_lost",
            f"{told}{ranked} That is no better than chance.",
            "Do not act on this ranking: train again, and compare before the next list is used.",
        )
    if is_weaker(card, promised_auc):
        return Judgement(
            "weaker",
            f"{told}{ranked} Past dates had promised {score(promised_auc, 2)}, now it is {score(auc.value, 2)}.",
            "Train again on the newer orders; until then use the list, but expect less of it.",
        )
    off = card.expected_churn_rate - came.value
    if is_level_off(card):
        more = "Fewer" if off > 0 else "More"
        return Judgement(
            "level_off",
            f"{told}{ranked} {more} left than was said, beyond chance.",
            "The order of the list held: go on using it. Take the probabilities as too "
            + ("high" if off > 0 else "low")
            + ", and train again so that the money is right.",
        )
    return Judgement(
        "held", f"{told}{ranked} The forecast held.", "Nothing needs to be done: go on using it."
    )


def is_level_off(card: PopulationCard) -> bool:
    """Whether the share who left lies beyond chance, and beyond what matters, from the forecast."""
    came = card.actual_churn_rate
    outside = not came.low <= card.expected_churn_rate <= came.high
    return outside and abs(card.expected_churn_rate - came.value) > LEVEL_TOLERANCE


def is_weaker(card: PopulationCard, promised_auc: float | None) -> bool:
    """Whether the AUC is a tenth or more below what was promised, and its interval lies below that too."""
    if promised_auc is None or card.roc_auc is None:
        return False
    return card.roc_auc.value <= (1 - AUC_LOSS) * promised_auc and card.roc_auc.high < promised_auc


def is_calibration_gone(card: PopulationCard, promised_ece: float | None) -> bool:
    """Whether the calibration error is twice what was promised, above chance, and large enough to matter."""
    floor = max(card.ece_by_chance, LEVEL_TOLERANCE)
    return card.ece > max(floor, 2 * (promised_ece or 0.0))
