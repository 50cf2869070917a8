"""Experiments: how many customers one needs, what a campaign changed, and on whom a contact works."""

from churnkit.experiments.cuped import cuped
from churnkit.experiments.intervals import (
    difference_of_means,
    difference_of_proportions,
    ratio_of_proportions,
    wilson,
)
from churnkit.experiments.outcomes import (
    Outcomes,
    outcome_table,
    outcomes_from_file,
    outcomes_from_transactions,
)
from churnkit.experiments.power import power_of
from churnkit.experiments.readout import read_out
from churnkit.experiments.sample_ratio import SampleRatioMismatch, sample_ratio
from churnkit.experiments.sample_size import (
    Sizes,
    detectable_rate,
    sizes,
)
from churnkit.experiments.savings import discounts_taken, realised, save_rate, with_save_rate
from churnkit.experiments.sequential import conversion_information, safe_factor, safe_interval
from churnkit.experiments.spend import difference_of_spend
from churnkit.experiments.verdict import verdict

__all__ = [
    "Outcomes",
    "SampleRatioMismatch",
    "Sizes",
    "conversion_information",
    "cuped",
    "detectable_rate",
    "difference_of_means",
    "difference_of_proportions",
    "difference_of_spend",
    "discounts_taken",
    "outcome_table",
    "outcomes_from_file",
    "outcomes_from_transactions",
    "power_of",
    "ratio_of_proportions",
    "read_out",
    "realised",
    "safe_factor",
    "safe_interval",
    "sample_ratio",
    "save_rate",
    "sizes",
    "verdict",
    "wilson",
    "with_save_rate",
]
