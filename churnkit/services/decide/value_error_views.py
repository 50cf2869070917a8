"""MAE and RMSE of the value of a customer, over the threshold and over a year, from forecasts at past dates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from churnkit.results.folders import Results
from churnkit.results.value_errors import ValueErrors
from churnkit.windows import non_overlapping

WORDS = (
    "Each customer's forecast against what that customer then brought, net of returns. The MAE is what a forecast is off on"
    " average; the RMSE weighs big misses more, so a few big customers rule it. Beside both stands the same for repeating"
    " the customer's past pace: a forecast that is not below it adds nothing. Single customers are far harder to forecast"
    " than totals."
)
SPEND, YEAR = "Spend within the threshold", "Value of a year"
"""What is forecast of a customer; the latter is tested over the longest stretches that the history allows."""

_NO_YEAR = (
    "The history is too short to test the value of a year on it, or an earlier version made this analysis."
)


def value_errors(results: Results) -> tuple[ValueErrors, ...]:
    """The threshold first, then the longest stretches of the year's tests; the active before all. Empty without a past."""
    return (*_of_horizon(results), *_of_year(results))


def year_note(results: Results) -> str:
    """Why no year stands in the table; empty where one does."""
    return _NO_YEAR if results.year_tests is None or not len(results.year_tests) else ""


def _of_horizon(results: Results) -> Iterator[ValueErrors]:
    past, horizon_days = results.past, results.horizon_days
    dates = non_overlapping([pd.Timestamp(one) for one in sorted(past["cutoff"].unique())], horizon_days)
    rows = past[past["cutoff"].isin(dates)].rename(
        columns={"expected_spend": "forecast", "actual_spend": "actual", "value_at_stake": "repeat"}
    )
    yield from _by_status(rows, SPEND, horizon_days, horizon_days)


def _of_year(results: Results) -> Iterator[ValueErrors]:
    tests = results.year_tests
    if tests is None:
        return
    for days in sorted(tests["days"].unique(), reverse=True):
        yield from _by_status(tests[tests["days"] == days], YEAR, int(days), results.horizon_days)


def _by_status(rows: pd.DataFrame, quantity: str, span_days: int, horizon_days: int) -> Iterator[ValueErrors]:
    for population, some in (("Active", rows[rows["recency_days"] <= horizon_days]), ("All", rows)):
        if len(some):
            yield _measured(some, quantity, span_days, population)


def _measured(rows: pd.DataFrame, quantity: str, span_days: int, population: str) -> ValueErrors:
    actual = rows["actual"].to_numpy(dtype=float)
    off, off_repeat = (rows[name].to_numpy(dtype=float) - actual for name in ("forecast", "repeat"))
    return ValueErrors(
        quantity=quantity,
        span_days=span_days,
        population=population,
        dates=rows["cutoff"].nunique(),
        forecasts=len(rows),
        mean_actual=float(actual.mean()),
        mae=float(np.abs(off).mean()),
        rmse=float(np.sqrt((off**2).mean())),
        mae_repeat=float(np.abs(off_repeat).mean()),
        rmse_repeat=float(np.sqrt((off_repeat**2).mean())),
    )
