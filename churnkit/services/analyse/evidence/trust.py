"""How far to trust the forecast, in plain words from what happened at earlier dates to those who were active then."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.results.evidence.proof import Grade, Trust
from churnkit.results.found import Found, Missing
from churnkit.results.quality import Quality, QualityByStatus
from churnkit.text import figures
from churnkit.tournament.names import model_label

HEADLINES: dict[Grade, str] = {
    "strong": "Tested on this shop's past, and it held",
    "fair": "Tested on this shop's past: useful, with misses",
    "weak": "Tested on this shop's past with little success: take it as a hint",
    "none": "Not proven on this shop's past",
}
NO_SIGNAL = "nothing in this file tells which of your active customers will leave"
# Fewer who left, or fewer who stayed, make no test: the interval of an AUC is then some 0.25 wide or more.
MIN_OUTCOMES = 20
CHANCE_AUC = 0.55
# By so much better a ranking of all customers is worth a word of why.
_FAR_BETTER = 0.05
# Two shares of a fifth of the customers that differ by less are called equal.
_AS_GOOD = 0.01


def enough(quality: Quality) -> bool:
    """Whether leavers and stayers are enough for a test."""
    return min(quality.churned, quality.customers - quality.churned) >= MIN_OUTCOMES


def ranks(quality: Quality) -> bool:
    """Whether the order of risk is better than chance, beyond what so many customers show by luck."""
    return quality.roc_auc >= CHANCE_AUC and quality.roc_auc_low > 0.5


def informs(quality: Quality) -> bool:
    """Whether the probabilities say no less than one and the same for everybody."""
    return quality.log_loss <= quality.log_loss_of_base_rate


def grade(active: Quality | None) -> Grade:
    """A verdict with fixed bars on the forecast of the customers who were active at past dates.

    All customers would flatter it: who has been silent for three thresholds hardly ever comes back, and to know that
    takes no model.

    ==========  ==============================================================================================
    "none"      no past window; fewer than 20 active customers who left, or who stayed; a ranking no better than
                chance (ROC-AUC below 0.55, or its 95 % interval reaches 0.5); a log loss above that of giving
                everybody the rate of all windows
    "strong"    three windows or more, ROC-AUC at least 0.70, churn rate off by 5 points at most on average
    "fair"      ROC-AUC at least 0.60, churn rate off by 10 points at most
    "weak"      everything else
    ==========  ==============================================================================================
    """
    if active is None or not (enough(active) and ranks(active) and informs(active)):
        return "none"
    if active.windows >= 3 and active.roc_auc >= 0.70 and active.level_miss <= 0.05:
        return "strong"
    return "fair" if active.roc_auc >= 0.60 and active.level_miss <= 0.10 else "weak"


def trust(
    quality: QualityByStatus,
    *,
    champion: str,
    horizon_days: int,
    is_rule: bool = False,
    trained: bool = True,
    notes: Sequence[str] = (),
) -> Trust:
    """The verdict with its reasons.

    Parameters
    ----------
    champion
        Name in the leaderboard of what scores the customers.
    is_rule, trained
        Whether that is a simple rule, and whether models competed with it.
    notes
        What to say where nothing was tested.
    """
    if isinstance(quality.active, Missing):
        verdict = grade(None)
        sentences = _untested(quality.active.reason, champion, notes)
    else:
        verdict = grade(quality.active.value)
        sentences = [
            *_tested(quality.active.value, horizon_days),
            *_of_all(quality.active.value, quality.all),
        ]
        if is_rule:
            sentences.append(_of_a_rule(champion, trained=trained))
    return Trust(grade=verdict, headline=HEADLINES[verdict], sentences=tuple(sentences), quality=quality)


def _of_a_rule(champion: str, *, trained: bool) -> str:
    if trained:
        return f"No trained model beat the simple rules here, so one of them scores the customers: {model_label(champion)}."
    return f"No model was trained here: {model_label(champion)} alone scores the customers."


def _untested(reason: str, champion: str, notes: Sequence[str]) -> list[str]:
    return [
        f"{model_label(champion)} scores the customers. {reason} So no figure here is proven.",
        *notes,
    ]


def _tested(active: Quality, horizon_days: int) -> list[str]:
    dates = "an earlier date" if active.windows == 1 else f"{figures.count(active.windows)} earlier dates"
    return [
        *_doubts(active),
        f"We went back to {dates}, forecast with what was known then, and compared with the {figures.days(horizon_days)}"
        " that followed.",
        f"Of the customers active then, who had bought within {figures.days(horizon_days)} before and could still be"
        f" kept, {figures.percent(active.expected_churn_rate)} were forecast to leave and"
        f" {figures.percent(active.actual_churn_rate)} did. By date the share was off by"
        f" {figures.decimal(100 * active.level_miss, 1)} percentage points on average.",
        "Of the 20 % of them called riskiest "
        + _compared(active.left_among_riskiest, active.left_among_longest_silent, active.actual_churn_rate),
        "Of one of them who left and one who stayed, the forecast put the first higher in"
        f" {figures.percent(active.roc_auc)} of all pairs; a coin would in 50 %.",
    ]


def _doubts(active: Quality) -> list[str]:
    """Why the forecast of the active is not proven; empty where it is."""
    if not enough(active):
        return [
            f"At earlier dates {figures.count(active.churned)} active customers left and"
            f" {figures.count(active.customers - active.churned)} stayed: too few to test a forecast on;"
            f" {figures.count(MIN_OUTCOMES)} of each are needed."
        ]
    if not ranks(active):
        return [
            f"The order of risk is hardly better than chance: {NO_SIGNAL}, as far as"
            f" {figures.count(active.customers)} forecasts can show."
        ]
    if not informs(active):
        return [
            "The probabilities of the active customers were no nearer the truth than the same one for everybody, so"
            " they carry no money and no advice."
        ]
    return []


def _of_all(active: Quality, everybody: Found[Quality] | Missing) -> list[str]:
    if isinstance(everybody, Missing):
        return []
    pairs = everybody.value.roc_auc
    words = f"Among all customers, lapsed ones too, it is {figures.percent(pairs)} of the pairs"
    if pairs < active.roc_auc + _FAR_BETTER:
        return [f"{words}."]
    return [
        f"{words}: those silent for long are easily told from the rest, which helps nobody to keep a customer."
    ]


def _compared(top: float, silent: float, everybody: float) -> str:
    shares = (
        f"{figures.percent(top)} did leave; {figures.percent(silent)} by the simple rule “longest silent first”;"
        f" {figures.percent(everybody)} of all of them."
    )
    if top < silent - _AS_GOOD:
        return f"{shares} The simple rule did better there."
    if top <= silent + _AS_GOOD:
        return f"{shares} The simple rule did as well there."
    return shares
