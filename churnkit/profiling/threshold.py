"""The churn threshold in days and what others would mean.

The threshold becomes the horizon of the forecast; ``threshold_choice`` says how it is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from ibis.expr import types as ir

from churnkit.config import ThresholdSettings
from churnkit.errors import DataError
from churnkit.profiling import gaps
from churnkit.profiling.class_balance import class_balance
from churnkit.profiling.tables import end_day, held, history, purchase_days, small_frame
from churnkit.profiling.threshold_choice import DEFAULT_DAYS, Proposal, history_limit, propose
from churnkit.profiling.threshold_words import found_reason, given_reason
from churnkit.results.profile import (
    ClassBalance,
    CurvePoint,
    LapsedCustomers,
    SensitivityRow,
    Threshold,
    ThresholdMethod,
)
from churnkit.text.figures import instant

SENSITIVITY_STEP_DAYS = 15
SENSITIVITY_ROWS = 12
CURVE_POINTS = 61


@dataclass(frozen=True, kw_only=True)
class CountedDays:
    """The small tables that everything about thresholds follows from: ``gaps.spells`` and ``gaps.lifetimes``."""

    spells: pd.DataFrame
    lifetimes: pd.DataFrame


def find_threshold(
    transactions: ir.Table,
    cutoff: datetime,
    settings: ThresholdSettings,
    *,
    horizon_days: int | None = None,
    counted: CountedDays | None = None,
) -> tuple[Threshold, ClassBalance]:
    """Find the churn threshold of the customers with a purchase before ``cutoff``, and what it does to the classes.

    Days are calendar days up to the cutoff's midnight. With ``horizon_days`` that number is taken as it is
    and everything else is reported around it. ``counted`` is what :func:`count_days` finds, where it is known.

    Raises
    ------
    DataError
        If no purchase lies before the cutoff.
    """
    counted = counted or count_days(transactions, cutoff)
    return choose_threshold(counted.spells, counted.lifetimes, settings, horizon_days=horizon_days)


def count_days(transactions: ir.Table, cutoff: datetime) -> CountedDays:
    """Pauses and ages of the customers with a purchase before ``cutoff``, counted by their length in days.

    Raises
    ------
    DataError
        If no purchase lies before the cutoff.
    """
    end = end_day(cutoff)
    with held(purchase_days(history(transactions, cutoff)), transactions) as days:
        lifetimes = small_frame(gaps.lifetimes(days, end))
        if lifetimes.empty:
            raise DataError(
                "Finding the churn threshold: at least one purchase (amount above 0) must lie before"
                f" {instant(cutoff)}, none was found.",
                "Choose a later as-of date, or check which column was mapped to the amount.",
            )
        return CountedDays(spells=small_frame(gaps.spells(days, end)), lifetimes=lifetimes)


def choose_threshold(
    spells: pd.DataFrame,
    lifetimes: pd.DataFrame,
    settings: ThresholdSettings,
    *,
    horizon_days: int | None = None,
) -> tuple[Threshold, ClassBalance]:
    """The choice itself, from the small tables ``gaps.spells`` and ``gaps.lifetimes``."""
    curve = gaps.return_curve(spells)
    history_days = int(lifetimes["tenure_days"].max())
    limit = history_limit(history_days)
    proposal = propose(curve, history_days, settings)
    method, days, wanted = _chosen(proposal, horizon_days)
    if horizon_days is None:
        reason = found_reason(proposal, curve, settings, history_days)
    else:
        reason = given_reason(horizon_days, proposal, curve, settings, history_days)
    sensitivity = tuple(_sensitivity_row(lifetimes, curve, other, limit) for other in _others(days, settings))
    chosen_row = next(row for row in sensitivity if row.threshold_days == days)
    share = chosen_row.late_return_share
    threshold = Threshold(
        days=days,
        method=method,
        returned_after_share=share,
        max_return_share=settings.max_return_share,
        separates=None if share is None else share <= settings.max_return_share,
        pauses=int(curve.pauses[days]) if days <= curve.support_days else 0,
        clipped_from=wanted if days != wanted else None,
        reason=reason,
        history_days=history_days,
        history_limit_days=limit,
        customers=int(lifetimes["customers"].sum()),
        sensitivity=sensitivity,
        gap_distribution=gaps.gap_distribution(spells),
        curve=_curve_points(curve),
        lapsed=LapsedCustomers(customers=chosen_row.customers_beyond, share=chosen_row.share_beyond),
    )
    return threshold, class_balance(lifetimes, days)


def _chosen(proposal: Proposal, horizon_days: int | None) -> tuple[ThresholdMethod, int, int]:
    """How the threshold came about, its days, and the days without bounds."""
    if horizon_days is not None:
        return "given", horizon_days, horizon_days
    if not proposal.from_returns:
        return "default", proposal.days, DEFAULT_DAYS
    return "found", proposal.days, proposal.separating_days or proposal.days


def _others(days: int, settings: ThresholdSettings) -> list[int]:
    """Thresholds to compare: the chosen one, and even steps from the lower bound to beyond it."""
    top = max(settings.high_days, days)
    wide = -(-(top - settings.low_days) // (SENSITIVITY_STEP_DAYS * SENSITIVITY_ROWS)) or 1
    step = SENSITIVITY_STEP_DAYS * wide
    return sorted({days, *range(settings.low_days, top + 1, step)})


def _sensitivity_row(
    lifetimes: pd.DataFrame, curve: gaps.ReturnCurve, threshold_days: int, limit: int
) -> SensitivityRow:
    size = lifetimes["customers"]
    beyond = int(size[lifetimes["recency_days"] > threshold_days].sum())
    known = int(size[lifetimes["tenure_days"] > threshold_days].sum())
    silent = curve.silent_at(threshold_days)
    return SensitivityRow(
        threshold_days=threshold_days,
        customers_beyond=beyond,
        share_beyond=beyond / int(size.sum()),
        outcome_customers=known,
        churn_share=beyond / known if known else None,
        returned_share=None if silent is None else 1.0 - silent,
        late_return_share=curve.late_return_share(threshold_days),
        allowed=threshold_days <= limit,
    )


def _curve_points(curve: gaps.ReturnCurve) -> tuple[CurvePoint, ...]:
    step = max(1, -(-curve.support_days // (CURVE_POINTS - 1)))
    return tuple(
        CurvePoint(
            days=day,
            returned_share=1.0 - float(curve.silent[day]),
            late_return_share=curve.late_return_share(day),
        )
        for day in range(0, curve.support_days + 1, step)
    )
