"""Figures of merit of past forecasts, over windows that do not overlap: of the active customers and of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from churnkit import metrics
from churnkit.results.found import Found, Missing
from churnkit.results.quality import Quality, QualityByStatus
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.signal import auc_within
from churnkit.windows import non_overlapping

MAX_WINDOWS = 6
TOP_SHARE = 0.2
# Two-sided 95 %.
_QUANTILE = 1.959964


def quality_by_status(past: Sequence[PastOutcome], horizon_days: int) -> QualityByStatus:
    """Quality of the forecasts over the last six windows at most that do not overlap."""
    windows = last_windows(past, horizon_days)
    return QualityByStatus(
        active=quality([outcome.active(horizon_days) for outcome in windows], "active customers"),
        all=quality(windows, "customers"),
    )


def last_windows(past: Sequence[PastOutcome], horizon_days: int) -> list[PastOutcome]:
    """The last six at most that do not overlap, ascending."""
    last = non_overlapping([outcome.cutoff for outcome in past], horizon_days)[-MAX_WINDOWS:]
    return [outcome for outcome in past if outcome.cutoff in last]


def quality(windows: Sequence[PastOutcome], who: str) -> Found[Quality] | Missing:
    """Quality over ``windows``; ``who`` are their customers, in the words for a reason."""
    some = [outcome for outcome in windows if len(outcome.churned)]
    if not some:
        return Missing(f"There is no earlier date with {who} whose forecast and outcome are known.")
    if not any(0 < outcome.churned.sum() < len(outcome.churned) for outcome in some):
        return Missing(
            f"At no earlier date did some {who} leave and others stay, so there is nothing to tell apart."
        )
    return Found(_measured(some))


def _measured(windows: Sequence[PastOutcome]) -> Quality:
    churned = np.concatenate([outcome.churned for outcome in windows])
    p = np.concatenate([outcome.p_churn for outcome in windows])
    rate = float(churned.mean())
    auc, deviation = _ranking(windows)
    top = _left_at_the_top(windows, [outcome.p_churn for outcome in windows])
    return Quality(
        windows=len(windows),
        customers=len(churned),
        churned=int(churned.sum()),
        expected_churn_rate=float(p.mean()),
        actual_churn_rate=rate,
        roc_auc=auc,
        roc_auc_low=max(0.0, auc - _QUANTILE * deviation),
        average_precision=metrics.average_precision(churned, p),
        brier=metrics.brier(churned, p),
        log_loss=metrics.log_loss(churned, p),
        log_loss_of_base_rate=metrics.log_loss(churned, np.full(len(p), rate)),
        ece=metrics.ece(churned, p),
        lift_at_20=top / rate,
        left_among_riskiest=top,
        left_among_longest_silent=_left_at_the_top(windows, [outcome.recency_days for outcome in windows]),
        level_miss=float(np.mean([abs(o.p_churn.mean() - o.churned.mean()) for o in windows])),
        expected_spend=float(sum(outcome.expected_spend.sum() for outcome in windows)),
        actual_spend=float(sum(outcome.actual_spend.sum() for outcome in windows)),
    )


def _ranking(windows: Sequence[PastOutcome]) -> tuple[float, float]:
    """Share of pairs of a leaver and a stayer of the same date that are in order, and its standard error.

    Each window weighs by its pairs; one without both outcomes has none.
    """
    return auc_within([(outcome.churned, outcome.p_churn) for outcome in windows])


def _left_at_the_top(windows: Sequence[PastOutcome], scores: Sequence[np.ndarray]) -> float:
    """Share who left among the fifth with the highest score of each window."""
    size, left = 0, 0.0
    for outcome, score in zip(windows, scores, strict=True):
        count = metrics.top_count(len(score), TOP_SHARE)
        size, left = size + count, left + count * metrics.precision_at_k(outcome.churned, score, TOP_SHARE)
    return left / size
