"""How the forecast of the test window did: ranking, calibration, calls and money."""

from __future__ import annotations

import numpy as np

from churnkit import metrics
from churnkit.results.evidence.last_window import (
    Calibrated,
    CalibrationGroup,
    Calls,
    ProfitByReach,
    RecallCurve,
    RecallCurves,
    RocCurve,
    RocCurves,
    WindowFigures,
)
from churnkit.results.found import Found, Missing
from churnkit.services.analyse.evidence.window import LastWindow
from churnkit.text import figures
from churnkit.tournament.backtest import PastOutcome, profit_by_reach
from churnkit.tournament.quality import quality

CALIBRATION_BINS = 10
PROFIT_POINTS = 200


def window_figures(
    window: LastWindow | Missing, currency: str | None, who: str = "customers"
) -> Found[WindowFigures] | Missing:
    """Everything that is measured on the test window but what its features are worth; ``who`` are its customers."""
    if isinstance(window, Missing):
        return window
    churned = window.churned
    measured = quality([window.outcome], who)
    return Found(
        WindowFigures(
            quality=measured.value if isinstance(measured, Found) else None,
            roc=RocCurves(
                champion=roc_curve(churned, window.p_churn),
                baselines={name: roc_curve(churned, p) for name, p in window.by_rule.items()},
            ),
            precision_recall=RecallCurves(
                champion=recall_curve(churned, window.p_churn),
                baselines={name: recall_curve(churned, p) for name, p in window.by_rule.items()},
            ),
            calibration=calibration(churned, window.p_churn),
            confusion=confusion(window, currency, who),
            profit=profit(window.outcome),
        )
    )


def roc_curve(churned: np.ndarray, score: np.ndarray) -> RocCurve:
    """From (0, 0) to (1, 1)."""
    false_rate, true_rate = metrics.roc_curve(churned, score)
    return RocCurve(fpr=tuple(false_rate.tolist()), tpr=tuple(true_rate.tolist()))


def recall_curve(churned: np.ndarray, score: np.ndarray) -> RecallCurve:
    """Recall ascending."""
    recall, precision = metrics.precision_recall_curve(churned, score)
    return RecallCurve(recall=tuple(recall.tolist()), precision=tuple(precision.tolist()))


def calibration(churned: np.ndarray, p: np.ndarray) -> Calibrated:
    """Predicted against observed over ten groups of equal size, and the error that sums them up."""
    bins = metrics.reliability_table(churned, p, CALIBRATION_BINS)
    return Calibrated(
        bins=tuple(
            CalibrationGroup(predicted=b.p_mean, observed=b.observed, customers=b.count) for b in bins
        ),
        ece=metrics.ece(churned, p, CALIBRATION_BINS),
        bin_count=len(bins),
    )


def confusion(window: LastWindow, currency: str | None, who: str = "customers") -> Calls:
    """Counts at the threshold and what they mean to a shop."""
    counts = metrics.confusion(window.churned, window.p_churn, window.threshold)
    left = counts.true_positives + counts.false_negatives
    called = counts.true_positives + counts.false_positives
    stayed = counts.count - left
    cost = window.outcome.stakes.contact_cost
    words = (
        f"{figures.count(called)} of {figures.count(counts.count)} {who} were called likely leavers. Of these"
        f" {figures.count(counts.true_positives)} did leave ({figures.percent(counts.precision)}).",
        f"{figures.count(left)} {who} left. {figures.count(counts.true_positives)} of them had been called"
        f" ({figures.percent(counts.recall)}), {figures.count(counts.false_negatives)} came as a surprise.",
        f"{figures.count(stayed)} {who} stayed. {figures.count(counts.false_positives)} of them would have been"
        f" contacted for nothing, at {figures.money(cost, currency)} each,"
        f" {figures.money(counts.false_positives * cost, currency)} in all.",
    )
    return Calls(
        threshold=window.threshold,
        true_positive=counts.true_positives,
        false_positive=counts.false_positives,
        true_negative=counts.true_negatives,
        false_negative=counts.false_negatives,
        words=words,
    )


def profit(outcome: PastOutcome) -> ProfitByReach:
    """What contacting the best k would have earned: in the model's order, longest silent first, at random, everybody."""
    by_model = profit_by_reach(outcome, outcome.p_churn * outcome.stakes.value)
    by_recency = profit_by_reach(outcome, outcome.recency_days)
    count = len(outcome.p_churn)
    reach = np.unique(np.linspace(0, count, min(PROFIT_POINTS, count + 1)).round().astype(int))
    everybody = float(by_model[-1])
    return ProfitByReach(
        contacted=tuple(reach.tolist()),
        model=tuple(by_model[reach].tolist()),
        recency=tuple(by_recency[reach].tolist()),
        random=tuple((everybody * reach / count).tolist()),
        everybody=everybody,
        contact_cost=outcome.stakes.contact_cost,
        save_rate=outcome.stakes.save_rate,
    )
