"""The churn threshold in days: where the return curve bends, within what history and settings allow.

The threshold becomes the horizon of the forecast, so it must leave enough past: one horizon for the outcome
that is tested, one for an earlier outcome to learn from, one for the customers to be observed. Hence at most
a third of the history.
"""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
from ibis.expr import types as ir

from churnkit.config import ThresholdSettings
from churnkit.errors import DataError
from churnkit.profiling import gaps
from churnkit.profiling.tables import end_day, held, history, purchase_days, small_frame
from churnkit.results.profile import (
    MODERATE_MINORITY,
    SEVERE_MINORITY,
    ClassBalance,
    CurvePoint,
    LapsedCustomers,
    SensitivityRow,
    Severity,
    Threshold,
    ThresholdMethod,
)
from churnkit.text.figures import counted, decimal, instant, percent

DEFAULT_DAYS = 90
ROUND_TO_DAYS = 5
SENSITIVITY_STEP_DAYS = 15
HORIZONS_IN_HISTORY = 3
MIN_CLOSED_SPELLS = 30
CURVE_POINTS = 61


def find_threshold(
    transactions: ir.Table, cutoff: datetime, settings: ThresholdSettings, *, horizon_days: int | None = None
) -> tuple[Threshold, ClassBalance]:
    """Find the churn threshold of the customers with a purchase before ``cutoff``, and what it does to the classes.

    Days are calendar days up to the cutoff's midnight. With ``horizon_days`` that number is taken as it is
    and everything else is reported around it.

    Raises
    ------
    DataError
        If no purchase lies before the cutoff.
    """
    end = end_day(cutoff)
    with held(purchase_days(history(transactions, cutoff)), transactions) as days:
        lifetimes = _some(small_frame(gaps.lifetimes(days, end)), cutoff)
        counts = small_frame(gaps.spells(days, end))
    return choose_threshold(counts, lifetimes, settings, end=end, horizon_days=horizon_days)


def customer_lifetimes(transactions: ir.Table, cutoff: datetime) -> pd.DataFrame:
    """Customers with a purchase before ``cutoff``, counted by ``tenure_days`` and ``recency_days``.

    Raises
    ------
    DataError
        If no purchase lies before the cutoff.
    """
    days = purchase_days(history(transactions, cutoff))
    return _some(small_frame(gaps.lifetimes(days, end_day(cutoff))), cutoff)


def _some(lifetimes: pd.DataFrame, cutoff: datetime) -> pd.DataFrame:
    if lifetimes.empty:
        raise DataError(
            "Finding the churn threshold: at least one purchase (amount above 0) must lie before"
            f" {instant(cutoff)}, none was found.",
            "Choose a later as-of date, or check which column was mapped to the amount.",
        )
    return lifetimes


def choose_threshold(
    counts: pd.DataFrame,
    lifetimes: pd.DataFrame,
    settings: ThresholdSettings,
    *,
    end: date,
    horizon_days: int | None = None,
) -> tuple[Threshold, ClassBalance]:
    """The choice itself, from the small tables ``gaps.spells`` and ``gaps.lifetimes``."""
    curve = gaps.return_curve(counts)
    history_days = int(lifetimes["tenure_days"].max())
    limit = _history_limit(history_days)
    bend = (
        gaps.elbow(curve.silent[: 2 * settings.high_days + 1])
        if curve.closed_spells >= MIN_CLOSED_SPELLS
        else None
    )
    method: ThresholdMethod = "elbow" if bend is not None else "default"
    wanted = _round_up(bend) if bend is not None else DEFAULT_DAYS
    days = max(1, min(max(settings.low_days, min(wanted, settings.high_days)), limit))
    reason = _found_reason(bend, curve, wanted, days, settings, limit, history_days)
    if horizon_days is not None:
        method, wanted, days = "given", horizon_days, horizon_days
        reason = _given_reason(horizon_days, bend, limit)
    chosen = {days, *range(settings.low_days, settings.high_days + 1, SENSITIVITY_STEP_DAYS)}
    sensitivity = tuple(_sensitivity_row(lifetimes, curve, threshold, limit) for threshold in sorted(chosen))
    chosen_row = next(row for row in sensitivity if row.threshold_days == days)
    threshold = Threshold(
        days=days,
        elbow_days=bend,
        method=method,
        clipped_from=wanted if days != wanted else None,
        reason=reason,
        history_days=history_days,
        history_limit_days=limit,
        customers=int(lifetimes["customers"].sum()),
        sensitivity=sensitivity,
        gap_distribution=gaps.gap_distribution(counts),
        curve=_curve_points(curve),
        lapsed=LapsedCustomers(customers=chosen_row.customers_beyond, share=chosen_row.share_beyond),
    )
    return threshold, _class_balance(lifetimes, days)


def _round_up(days: int) -> int:
    """To the next multiple of 5: a 31-day habit must fit into the window, so never down."""
    return -(-days // ROUND_TO_DAYS) * ROUND_TO_DAYS


def _history_limit(history_days: int) -> int:
    third = history_days // HORIZONS_IN_HISTORY
    return max(1, third if third < ROUND_TO_DAYS else third - third % ROUND_TO_DAYS)


def _given_reason(days: int, bend: int | None, limit: int) -> str:
    found = (
        f"The return curve bends at {bend} days." if bend is not None else "The return curve shows no bend."
    )
    if days > limit:
        return (
            f"Set to {counted(days, 'day')}. {found} The history carries {limit} days at most (a third of it), so there"
            " is little or no past to test the forecast on."
        )
    return f"Set to {counted(days, 'day')}. {found}"


def _found_reason(
    bend: int | None,
    curve: gaps.ReturnCurve,
    wanted: int,
    days: int,
    settings: ThresholdSettings,
    limit: int,
    history_days: int,
) -> str:
    if bend is not None:
        sentences = [_bend_sentence(bend, curve)]
        if wanted != bend:
            sentences.append(f"Rounded up to {wanted} days.")
    elif curve.closed_spells < MIN_CLOSED_SPELLS:
        sentences = [
            f"Only {counted(curve.closed_spells, 'gap')} between purchases, where {MIN_CLOSED_SPELLS} are"
            f" needed to see a pattern: {DEFAULT_DAYS} days is the usual choice."
        ]
    else:
        sentences = [f"The return curve falls without a bend: {DEFAULT_DAYS} days is the usual choice."]
    if days < wanted and days == limit and limit < settings.high_days:
        sentences.append(
            f"Cut to {counted(days, 'day')}: with {counted(history_days, 'day')} of history, a third is the"
            " longest threshold that still leaves past to learn from and past to test on."
        )
    elif days < wanted:
        sentences.append(f"Cut to the upper bound of {counted(settings.high_days, 'day')}.")
    elif days > wanted:
        sentences.append(f"Raised to the lower bound of {counted(settings.low_days, 'day')}.")
    return " ".join(sentences)


def _bend_sentence(bend: int, curve: gaps.ReturnCurve) -> str:
    returned = 1.0 - float(curve.silent[bend])
    sentence = (
        f"Within {counted(bend, 'day')} {percent(returned)} of purchases are followed by another; from there"
        " on the return curve flattens"
    )
    later = curve.silent_at(bend + 30)
    if later is None:
        return f"{sentence}."
    gained = (float(curve.silent[bend]) - later) * 100
    return f"{sentence} (the next 30 days add {decimal(gained, 0)} percentage points)."


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
        CurvePoint(days=day, returned_share=1.0 - float(curve.silent[day]))
        for day in range(0, curve.support_days + 1, step)
    )


def _class_balance(lifetimes: pd.DataFrame, days: int) -> ClassBalance:
    """Whoever bought before ``end - days`` and not since has churned; both counts follow from the ages."""
    size = lifetimes["customers"]
    known = int(size[lifetimes["tenure_days"] > days].sum())
    churned = int(size[lifetimes["recency_days"] > days].sum())
    share = churned / known if known else None
    minority = min(churned, known - churned) / known if known else None
    severity, words = _balance_advice(share, minority, days)
    return ClassBalance(
        horizon_days=days,
        customers=known,
        churned=churned,
        churn_share=share,
        minority_share=minority,
        severity=severity,
        recommendation=words,
    )


def _balance_advice(share: float | None, minority: float | None, days: int) -> tuple[Severity, str]:
    if share is None or minority is None:
        return "unknown", (
            f"Nobody bought more than {counted(days, 'day')} before the end: no outcome window is complete."
        )
    if minority < SEVERE_MINORITY:
        change = (
            f"Nearly everybody is silent for {counted(days, 'day')}: a longer threshold, if the history allows one,"
            " tells customers apart better."
            if share > 0.5
            else f"Hardly anybody is silent for {counted(days, 'day')}: a shorter one tells customers apart better."
        )
        return "severe", (
            f"{change} Otherwise train with class weights (SMOTE or undersampling as alternatives), calibrate"
            " afterwards, and judge by precision among the top customers instead of accuracy."
        )
    if minority < MODERATE_MINORITY:
        return "moderate", (
            "Train with class weights (the default; SMOTE is offered below 20 %), and calibrate afterwards."
        )
    return "balanced", "Both outcomes are common enough: no resampling needed."
