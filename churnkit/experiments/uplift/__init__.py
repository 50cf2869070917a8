"""On whom a contact works: models of its effect, and how far their ranking can be believed."""

from churnkit.experiments.uplift.learners import (
    LEARNERS,
    CrossFitted,
    cross_fit,
    cross_fits,
    numeric_features,
)
from churnkit.experiments.uplift.policy import BEST_SHARES, policy_table, policy_value
from churnkit.experiments.uplift.qini import QiniCurve, qini_curve, uplift_by_group
from churnkit.experiments.uplift.uplift_analysis import Forecasts, Terms, UpliftAnalysis, analyse_uplift

__all__ = [
    "BEST_SHARES",
    "LEARNERS",
    "CrossFitted",
    "Forecasts",
    "QiniCurve",
    "Terms",
    "UpliftAnalysis",
    "analyse_uplift",
    "cross_fit",
    "cross_fits",
    "numeric_features",
    "policy_table",
    "policy_value",
    "qini_curve",
    "uplift_by_group",
]
