"""Transactions -> one summary dict: quality score, checks, statistics and the churn threshold."""

from churnkit.profiling.checks import Check
from churnkit.profiling.ladder import Rung, ladder
from churnkit.profiling.score import QualityScore, quality_score
from churnkit.profiling.summary import profile
from churnkit.profiling.threshold import ClassBalance, Threshold, find_threshold

__all__ = [
    "Check",
    "ClassBalance",
    "QualityScore",
    "Rung",
    "Threshold",
    "find_threshold",
    "ladder",
    "profile",
    "quality_score",
]
