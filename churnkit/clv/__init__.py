"""What customers will bring: expected orders and spend over the horizon, the value of the next 365 days, intervals."""

from churnkit.clv.conditional import fit_conditional_spend
from churnkit.clv.spend import (
    PROCESS,
    TWO_PART,
    SpendPast,
    ValueModel,
    expected_orders,
    fit_value_model,
    tweedie_deviance,
)
from churnkit.clv.stretch import YEAR_DAYS, lifetime_value, value_if_kept

__all__ = [
    "PROCESS",
    "TWO_PART",
    "YEAR_DAYS",
    "SpendPast",
    "ValueModel",
    "expected_orders",
    "fit_conditional_spend",
    "fit_value_model",
    "lifetime_value",
    "tweedie_deviance",
    "value_if_kept",
]
