"""How far forecasts of single customers' spend were from what came."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ValueErrors:
    """Errors over one span and population, in money a customer; each customer counts at each date.

    Attributes
    ----------
    quantity
        What was forecast: the spend within the threshold, or the value of a year over a stretch that could be tested.
    span_days
        How far ahead was forecast.
    population
        "Active" at the date, or "All".
    dates, forecasts
        Past dates, and customers at them.
    mean_actual
        What a customer brought on average.
    mae, rmse
        Mean absolute error, and the root of the mean squared one, which a few big customers rule.
    mae_repeat, rmse_repeat
        Of repeating the customer's past pace instead.
    """

    quantity: str
    span_days: int
    population: str
    dates: int
    forecasts: int
    mean_actual: float
    mae: float
    rmse: float
    mae_repeat: float
    rmse_repeat: float
