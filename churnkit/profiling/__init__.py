"""Transactions -> one summary dict: quality score, checks, statistics and the churn threshold."""

from churnkit.profiling.balance import balance_by_day
from churnkit.profiling.checks import Check
from churnkit.profiling.ladder import Rung, ladder
from churnkit.profiling.score import QualityScore, quality_score
from churnkit.profiling.summary import profile
from churnkit.profiling.threshold import (
    ClassBalance,
    Threshold,
    customer_lifetimes,
    find_threshold,
)

__all__ = [
    "Check",
    "ClassBalance",
    "QualityScore",
    "Rung",
    "Threshold",
    "balance_by_day",
    "customer_lifetimes",
    "find_threshold",
    "ladder",
    "profile",
    "quality_score",
]
