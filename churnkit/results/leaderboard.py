"""A row of ``leaderboard.parquet``: one model or simple rule that competed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Competitor = Literal["model", "blend", "baseline"]


@dataclass(frozen=True, kw_only=True)
class LeaderboardRow:
    """What is shown of a competitor, measured on validation dates; NaN where a figure does not exist.

    Attributes
    ----------
    candidate
        Its name, see ``tournament.names``.
    verdict
        Why it won or could not, in words.
    members
        Names of a blend's members, joined by " + "; empty for others.
    score
        Weighted mean of F1, recall, profit share and stability.
    roc_auc_sd and the others that end with ``_sd``
        Spread over folds: standard deviation.
    roc_auc_active, test_roc_auc_active
        Among the customers who were active at the date.
    test_roc_auc, test_log_loss, test_ece
        On the last complete window, where the history has one; of an earlier run, the champion's and the simple rules'.
    test_accuracy and the others that begin with ``test_``
        Likewise.
    threshold
        Probability from which on it calls a customer a leaver: on the validation rows as many as are expected to leave.
    eligible
        Whether it may win, see ``tournament.selection.ranked``; False in rules.
    lead, lead_error
        By how much its log loss lies below the blend's at the churn rate of each date, and the standard error of that
        difference; NaN without a blend, with few customers, and of an earlier run.
    gain, gain_error, roc_auc_low
        Likewise below the base rate's, and the lower end of the 95 % interval of its AUC inside the dates.
    fit_seconds, trials
        Processor seconds of its tuning, and how many sets of parameters were tried.
    calibration, params
        How its probabilities were calibrated, and what tuning chose.
    """

    candidate: str
    kind: Competitor
    is_champion: bool
    verdict: str
    members: str = ""
    score: float = math.nan
    roc_auc: float = math.nan
    roc_auc_active: float = math.nan
    average_precision: float = math.nan
    log_loss: float = math.nan
    brier: float = math.nan
    ece: float = math.nan
    f1: float = math.nan
    f1_everybody: float = math.nan
    precision: float = math.nan
    recall: float = math.nan
    lift_at_10: float = math.nan
    lift_at_20: float = math.nan
    profit_share: float = math.nan
    expected_profit: float = math.nan
    accuracy: float = math.nan
    precision_at_10: float = math.nan
    precision_at_20: float = math.nan
    f1_sd: float = math.nan
    recall_sd: float = math.nan
    roc_auc_sd: float = math.nan
    log_loss_sd: float = math.nan
    profit_share_sd: float = math.nan
    test_roc_auc: float = math.nan
    test_roc_auc_active: float = math.nan
    test_log_loss: float = math.nan
    test_ece: float = math.nan
    test_accuracy: float = math.nan
    test_precision: float = math.nan
    test_recall: float = math.nan
    test_f1: float = math.nan
    test_average_precision: float = math.nan
    test_brier: float = math.nan
    test_precision_at_10: float = math.nan
    test_precision_at_20: float = math.nan
    test_lift_at_10: float = math.nan
    test_lift_at_20: float = math.nan
    test_profit_share: float = math.nan
    threshold: float = math.nan
    eligible: bool = False
    lead: float = math.nan
    lead_error: float = math.nan
    gain: float = math.nan
    gain_error: float = math.nan
    roc_auc_low: float = math.nan
    fit_seconds: float = math.nan
    trials: float = math.nan
    calibration: str = ""
    params: str = ""
