"""Two models on the same customers and dates: which is better, beyond chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from churnkit import metrics
from churnkit.metrics.inputs import FloatArray
from churnkit.metrics.probabilities import LOG_LOSS_CLIP
from churnkit.metrics.resampling import draws
from churnkit.results.challenge import ChallengeVerdict, Contender
from churnkit.results.interval import Interval
from churnkit.text.figures import count, percent, score, signed

DRAWS = 400
MIN_CUSTOMERS = 50
ECE_TOLERANCE = 0.01
# A model that names twice or half as many as the present one answers another question until somebody has looked.
MAX_HIGH_RATIO = 2.0
MIN_HIGH_SHARE = 0.01
# Two-sided 95 %.
_QUANTILE = 1.959964


@dataclass(frozen=True)
class Paired:
    """Forecasts of two models for the same rows, and what came; arrays of shape (n,).

    ``customer`` numbers the customers: who is there at several dates is drawn with all of them.
    """

    customer: np.ndarray
    churned: FloatArray
    champion: FloatArray
    challenger: FloatArray


def paired_gain(rows: Paired, seed: int = 0) -> Interval:
    """Mean log loss of the champion less that of the challenger, with its 95 % interval over customers.

    Examples
    --------
    >>> rows = Paired(np.array([0, 1]), np.array([1.0, 0.0]), np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    >>> paired_gain(rows).value
    0.0
    """
    difference = _losses(rows.churned, rows.champion) - _losses(rows.churned, rows.challenger)
    _, place = np.unique(rows.customer, return_inverse=True)
    sums, sizes = np.bincount(place, weights=difference), np.bincount(place).astype(float)
    weights = np.concatenate(list(draws(len(sums), DRAWS, seed)))
    drawn = (weights @ sums) / (weights @ sizes)
    value = float(difference.mean())
    reach = _QUANTILE * float(drawn.std())
    return Interval(value, value - reach, value + reach)


def _losses(churned: FloatArray, p: FloatArray) -> FloatArray:
    clipped = np.clip(p, LOG_LOSS_CLIP, 1 - LOG_LOSS_CLIP)
    return -(churned * np.log(clipped) + (1 - churned) * np.log1p(-clipped))


def measured(churned: FloatArray, p: FloatArray) -> dict[str, float]:
    """``log_loss``, ``roc_auc`` and ``ece``; NaN without customers."""
    if not len(p):
        return dict.fromkeys(("log_loss", "roc_auc", "ece"), float("nan"))
    return {
        "log_loss": metrics.log_loss(churned, p),
        "roc_auc": metrics.roc_auc(churned, p),
        "ece": metrics.ece(churned, p),
    }


def profit_of(
    p: FloatArray, churned: FloatArray, value: FloatArray, contact_cost: float, save_rate: float
) -> float:
    """Money from contacting those who promise more than they cost, by who then left."""
    chosen = p * save_rate * value > contact_cost
    return float((churned * save_rate * value - contact_cost)[chosen].sum())


def decide(
    champion: Contender, challenger: Contender, gain: Interval | None, customers: int, scores_are_whole: bool
) -> tuple[ChallengeVerdict, str, str]:
    """The verdict with a sentence and what to do.

    Parameters
    ----------
    gain
        None where no window has closed since the champion was trained.
    scores_are_whole
        Whether every customer has a probability by the challenger.
    """
    why = _unfit(champion, challenger, scores_are_whole)
    if why:
        return (
            "unfit",
            why,
            "Keep the present model. Look at the orders and the settings before another is trained.",
        )
    if gain is None or customers < MIN_CUSTOMERS:
        return (
            "not_yet",
            "No window has closed since the present model was trained, so nothing that both forecast has come yet.",
            "Keep the present model. Both are scored beside each other until it can be told.",
        )
    told = (
        f"Of {count(customers)} forecasts that neither model had learned from, the new one's log loss is"
        f" {score(challenger.log_loss, 4)}, the present one's {score(champion.log_loss, 4)}: a gain of"
        f" {signed(gain.value, 4)} (95\u202f%: {signed(gain.low, 4)} to {signed(gain.high, 4)}); AUC"
        f" {score(challenger.roc_auc)} beside {score(champion.roc_auc)}."
    )
    worse = challenger.ece > champion.ece + ECE_TOLERANCE
    if gain.low > 0 and not worse:
        return (
            "better",
            told,
            "Let the new model take over: it is better beyond chance, and as well calibrated.",
        )
    if gain.high < 0:
        return "worse", told, "Keep the present model."
    if worse and gain.low > 0:
        return (
            "as_good",
            f"{told} Its probabilities are less well calibrated: ECE {score(challenger.ece)} beside {score(champion.ece)}.",
            "Keep the present model, or let the new one score a part of the customers first.",
        )
    return (
        "as_good",
        f"{told} That is within chance.",
        "Keep the present model: a change would bring nothing sure.",
    )


def _unfit(champion: Contender, challenger: Contender, scores_are_whole: bool) -> str:
    if not scores_are_whole:
        return "The new model has no probability for some customers."
    shares = (champion.high_share, challenger.high_share)
    if max(shares) < MIN_HIGH_SHARE or challenger.roc_auc != challenger.roc_auc:
        return ""
    if max(shares) > MAX_HIGH_RATIO * min(shares) and champion.log_loss <= challenger.log_loss:
        return (
            f"The new model puts {percent(shares[1])} of the active customers at high risk, the present one"
            f" {percent(shares[0])}, and forecasts no better."
        )
    return ""
