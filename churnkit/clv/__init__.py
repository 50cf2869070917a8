"""What customers will bring: expected orders and spend over the horizon, the value of the next 365 days, intervals."""

from churnkit.clv.conditional import fit_conditional_spend
from churnkit.clv.spend import (
    PROCESS,
    TWO_PART,
    VALUE_COLUMNS,
    SpendPast,
    ValueModel,
    expected_orders,
    fit_value_model,
    tweedie_deviance,
)
from churnkit.clv.year.assemble import fit_year_model, needed_cutoffs
from churnkit.clv.year.known import YEAR_DAYS, KnownThen, known_then
from churnkit.clv.year.model import YearModel, YearValue, discount_factor

__all__ = [
    "PROCESS",
    "TWO_PART",
    "VALUE_COLUMNS",
    "YEAR_DAYS",
    "KnownThen",
    "SpendPast",
    "ValueModel",
    "YearModel",
    "YearValue",
    "discount_factor",
    "expected_orders",
    "fit_conditional_spend",
    "fit_value_model",
    "fit_year_model",
    "known_then",
    "needed_cutoffs",
    "tweedie_deviance",
]
