"""MAE and RMSE by hand, of the active and of all, over the threshold and over a year."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from churnkit.services.decide.value_error_views import value_errors, year_note

PAST = pd.DataFrame(
    {
        # The second window begins before the first is over: only the last and the first of all are looked at.
        "cutoff": pd.to_datetime(["2026-01-01"] * 2 + ["2026-01-15"] + ["2026-02-10"] * 2),
        "expected_spend": [10.0, 20.0, 999.0, 30.0, 0.0],
        "actual_spend": [13.0, 20.0, 0.0, 26.0, 0.0],
        "value_at_stake": [23.0, 20.0, 0.0, 26.0, 10.0],
        "recency_days": [5.0, 31.0, 5.0, 30.0, 40.0],
    }
)
YEAR = pd.DataFrame(
    {
        "cutoff": pd.to_datetime(["2025-02-10"] * 2),
        "days": 365,
        "forecast": [100.0, 0.0],
        "actual": [160.0, 80.0],
        "repeat": [100.0, 0.0],
        "recency_days": [1.0, 99.0],
    }
)


def results(year_tests: pd.DataFrame | None) -> Any:
    return SimpleNamespace(past=PAST, horizon_days=30, year_tests=year_tests)


def test_by_hand() -> None:
    active, everybody, year_active, year = value_errors(results(YEAR))
    assert (active.span_days, active.population, active.dates, active.forecasts) == (30, "Active", 2, 2)
    assert active.mae == pytest.approx((3 + 4) / 2)
    assert active.rmse == pytest.approx(math.sqrt((9 + 16) / 2))
    assert (active.mae_repeat, active.rmse_repeat) == (pytest.approx(5.0), pytest.approx(math.sqrt(50)))
    assert active.mean_actual == pytest.approx(19.5)
    assert (everybody.forecasts, everybody.mae) == (4, pytest.approx(7 / 4))
    assert (year.span_days, year.mae, year.rmse) == (365, pytest.approx(70.0), pytest.approx(math.sqrt(5000)))
    assert year_active.forecasts == 1
    assert (active.quantity, year.quantity) == ("Spend within the threshold", "Value of a year")


def test_without_a_year_it_says_so() -> None:
    assert [one.span_days for one in value_errors(results(None))] == [30, 30]
    assert "too short" in year_note(results(None))
    assert "too short" in year_note(results(YEAR.iloc[:0]))
    assert year_note(results(YEAR)) == ""
    assert value_errors(SimpleNamespace(past=PAST.iloc[:0], horizon_days=30, year_tests=None)) == ()  # type: ignore[arg-type]
