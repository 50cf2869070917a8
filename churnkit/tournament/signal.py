"""What is beyond chance: each entrant's lead and gain in validation, and the champion's forecasts at past dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit import metrics
from churnkit.tournament.baselines import BASE_RATE
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.level import PastPrediction
from churnkit.tournament.margins import paired, row_losses, shift_to_mean, to_logit
from churnkit.tournament.names import BLEND

# With fewer validation rows a lead is luck as often as not: nobody is chosen over the blend.
MIN_ROWS_TO_CHOOSE = 500
# Two-sided 95 %.
_QUANTILE = 1.959964


def standings(entrants: Sequence[Entrant], validation: Validation) -> pd.DataFrame:
    """One row per entrant: ``candidate``, ``lead``, ``lead_error``, ``gain``, ``gain_error``, ``roc_auc_low``.

    ``lead`` is by how much its log loss lies below that of the default, the blend (NaN without one, or with fewer than
    ``MIN_ROWS_TO_CHOOSE`` rows), ``gain`` by how much below that of the base rate; each with the standard error of the
    paired difference, of one row a customer. Everybody is held against the outcome at the churn rate of the fold: the
    level of the next window is another step (``level``), and here only what tells customers apart counts.
    ``roc_auc_low`` is the lower end of the 95 % interval (DeLong) of the AUC inside the folds.
    """
    levelled = {one.name: _levelled(one.margin, validation) for one in entrants}
    losses = {name: row_losses(margin, validation.churned) for name, margin in levelled.items()}
    has_default = BLEND in losses and len(validation.churned) >= MIN_ROWS_TO_CHOOSE
    rows = []
    for name, margin in levelled.items():
        lead = paired(losses[BLEND], losses[name]) if has_default else (math.nan, math.nan)
        folds = [(validation.churned[fold], margin[fold]) for fold in _folds(validation)]
        auc, error = auc_within(folds)
        rows.append((name, *lead, *paired(losses[BASE_RATE], losses[name]), auc - _QUANTILE * error))
    return pd.DataFrame(
        rows, columns=["candidate", "lead", "lead_error", "gain", "gain_error", "roc_auc_low"]
    )


def auc_within(groups: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[float, float]:
    """Share of pairs of a leaver and a stayer of the same group that are in order, and its standard error.

    ``groups`` are outcomes and scores, each (n,). Each group weighs by its pairs; one without both outcomes has none.
    """
    pairs = np.array([y.sum() * (1 - y).sum() for y, _ in groups], dtype=float)
    if not pairs.any():
        return math.nan, math.nan
    both = [group for group, count in zip(groups, pairs, strict=True) if count]
    weights = pairs[pairs > 0] / pairs.sum()
    auc = weights @ [metrics.roc_auc(y, score) for y, score in both]
    return float(auc), math.sqrt(float(weights**2 @ [_variance(y, score) for y, score in both]))


@dataclass(frozen=True)
class PastSignal:
    """What the champion's forecasts at past dates were worth, each date at its own churn rate.

    Attributes
    ----------
    gain, gain_error
        By how much their log loss lay below that of one rate for everybody, and its standard error.
    auc, auc_error
        Pairs of the same date in order, as of :func:`auc_within`, and the standard error of their share.
    """

    gain: float
    gain_error: float
    auc: float
    auc_error: float

    @property
    def orders(self) -> bool:
        """Whether they put customers in order, by more than chance brings in one shop of forty."""
        return self.auc - 0.5 > _QUANTILE * self.auc_error

    @property
    def is_worth_more(self) -> bool:
        """Whether their probabilities were better than one rate, by more than chance brings in one shop of forty."""
        return self.gain > _QUANTILE * self.gain_error


def past_signal(past: Sequence[PastPrediction], customers: Sequence[np.ndarray]) -> PastSignal | None:
    """Of the forecasts at past dates and their customers' numbers, each (n,); None where no date had both outcomes.

    Windows of one customer overlap and resemble each other, so that all of a customer's rows are one draw.
    """
    both = [(one, who) for one, who in zip(past, customers, strict=True) if 0 < one.churned.mean() < 1]
    if not both:
        return None
    who = np.concatenate([ids for _, ids in both])
    gains = np.concatenate([_gains(one) for one, _ in both])
    pairs = np.array([one.churned.sum() * (1 - one.churned).sum() for one, _ in both])
    weights = pairs / pairs.sum()
    aucs = np.array([metrics.roc_auc(one.churned, one.margin) for one, _ in both])
    parts = np.concatenate(
        [w * _auc_parts(one, auc) for (one, _), w, auc in zip(both, weights, aucs, strict=True)]
    )
    gain = float(gains.mean())
    return PastSignal(
        gain,
        math.sqrt(float((np.bincount(who, gains - gain) ** 2).sum())) / len(gains),
        float(weights @ aucs),
        math.sqrt(float((np.bincount(who, parts) ** 2).sum())),
    )


def _gains(one: PastPrediction) -> np.ndarray:
    rate = float(one.churned.mean())
    margin = one.margin + shift_to_mean(one.margin, rate)
    of_rate = row_losses(np.full(len(margin), to_logit(rate)), one.churned)
    gains: np.ndarray = of_rate - row_losses(margin, one.churned)
    return gains


def _auc_parts(one: PastPrediction, auc: float) -> np.ndarray:
    """By how much each customer moves the AUC, shape (n,): its share of the others in order, less the mean (DeLong)."""
    left = one.churned == 1
    parts = np.empty(len(left))
    for mine, others, sign in ((left, ~left, 1.0), (~left, left, -1.0)):
        against = np.sort(one.margin[others])
        below = np.searchsorted(against, one.margin[mine], "left")
        upto = np.searchsorted(against, one.margin[mine], "right")
        in_order = 0.5 + sign * ((below + upto) / (2 * len(against)) - 0.5)
        parts[mine] = (in_order - auc) / mine.sum()
    return parts


def tells_apart(signal: PastSignal | None, row: pd.Series) -> bool:
    """Whether a champion tells customers apart beyond chance: at past dates, where there are any, else in validation.

    Its probabilities may show their worth in validation alone: a young shop's first past dates were forecast by models of a
    few customers, which put them in order and were far too sure. ``row`` is its own of :func:`standings`.
    """
    is_worth_more = bool(row["gain"] > _QUANTILE * row["gain_error"])
    if signal is not None:
        return signal.orders and (signal.is_worth_more or is_worth_more)
    return is_worth_more and bool(row["roc_auc_low"] > 0.5)


def _variance(churned: np.ndarray, score: np.ndarray) -> float:
    """DeLong's; of chance (Mann and Whitney 1947) where a single leaver or stayer leaves that undefined."""
    found = metrics.roc_auc_variance(churned, score)
    if not math.isnan(found):
        return found
    left = float(churned.sum())
    stayed = len(churned) - left
    return (left + stayed + 1) / (12 * left * stayed)


def _folds(validation: Validation) -> list[np.ndarray]:
    return [validation.fold == k for k in np.unique(validation.fold)]


def _levelled(margin: np.ndarray, validation: Validation) -> np.ndarray:
    """With the mean probability of each fold moved to its churn rate."""
    moved = margin.copy()
    for rows in _folds(validation):
        moved[rows] += shift_to_mean(margin[rows], float(validation.churned[rows].mean()))
    return moved
