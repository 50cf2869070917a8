"""Figures of merit of a model, as documents keep them (computed by ``metrics`` and ``tournament.evaluation``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measures:
    """All measures of one candidate on one set of customers; NaN where a figure does not exist.

    Attributes
    ----------
    f1, f1_everybody
        At the candidate's threshold, and of calling everybody a leaver: the bar for the first.
    roc_auc, average_precision, brier, log_loss, ece
        Of the probabilities, without a threshold.
    precision_at_10, precision_at_20, lift_at_10, lift_at_20
        Among the riskiest tenth and fifth.
    expected_profit, profit_share
        Of contacting those who promise more than they cost, in money, and over that of knowing the leavers beforehand.
    mean_p_churn, churn_rate
        Forecast and actual share of leavers.
    customers
        How many there are.
    """

    accuracy: float
    precision: float
    recall: float
    f1: float
    f1_everybody: float
    roc_auc: float
    average_precision: float
    brier: float
    log_loss: float
    ece: float
    precision_at_10: float
    precision_at_20: float
    lift_at_10: float
    lift_at_20: float
    expected_profit: float
    profit_share: float
    mean_p_churn: float
    churn_rate: float
    customers: float


@dataclass(frozen=True, kw_only=True)
class ChosenBy:
    """The champion on validation dates, by which it was chosen; as :class:`Measures`."""

    f1: float
    f1_everybody: float
    recall: float
    roc_auc: float
    log_loss: float
    ece: float
