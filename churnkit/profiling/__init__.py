"""Transactions -> one profile: quality score, checks, statistics and the churn threshold."""

from churnkit.profiling.balance import balance_by_day
from churnkit.profiling.ladder import ladder
from churnkit.profiling.score import quality_score
from churnkit.profiling.summary import profile
from churnkit.profiling.threshold import CountedDays, count_days, find_threshold

__all__ = [
    "CountedDays",
    "balance_by_day",
    "count_days",
    "find_threshold",
    "ladder",
    "profile",
    "quality_score",
]
