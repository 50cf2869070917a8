"""Churners and stayers of one threshold, and what their numbers ask of the training."""

from __future__ import annotations

import pandas as pd

from churnkit.results.profile import MODERATE_MINORITY, SEVERE_MINORITY, ClassBalance, Severity
from churnkit.text.figures import counted


def class_balance(lifetimes: pd.DataFrame, days: int) -> ClassBalance:
    """The classes of the last complete outcome window of ``days``, from the small table ``gaps.lifetimes``.

    Whoever bought before ``end - days`` and not since has churned; both counts follow from the ages.
    """
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
            "Train with class weights (the default) and calibrate afterwards; SMOTE or undersampling can be chosen where"
            " an analysis starts, and are worth a second one."
        )
    return "balanced", "Both outcomes are common enough: no resampling needed."
