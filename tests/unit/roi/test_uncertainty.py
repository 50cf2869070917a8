"""Errors of the past: hand-computed, drawn towards the prior."""

import math
from dataclasses import replace

import pytest

from churnkit.results.past_dates import PastFigures
from churnkit.roi import Uncertainty, uncertainty_from_backtest
from tests.made_evidence import made_past_date


def row(customers=10**9, expected=0.5, actual=0.5, spend=100.0, spent=100.0):
    return made_past_date(
        customers=customers,
        expected_churn_rate=expected,
        actual_churn_rate=actual,
        expected_spend=spend,
        actual_spend=spent,
    )


def test_without_a_past_the_prior_speaks():
    assert uncertainty_from_backtest([]) == Uncertainty()
    assert "No window of the past" in Uncertainty().words()


def test_errors_by_hand():
    odds = 1.2
    rows = [row(actual=odds / (1 + odds))] * 4
    found = uncertainty_from_backtest(rows)
    # Four cutoffs are two windows, which weigh as much as the prior.
    level = math.log(odds)
    assert found.windows == 2
    assert found.level_sd == pytest.approx(math.sqrt((2 * 0.25**2 + 2 * level**2) / 4), rel=1e-6)
    # The total was right although fewer bought, so each buyer spent more.
    per_buyer = math.log(0.5 / (1 / (1 + odds)))
    assert found.value_log_sd == pytest.approx(math.sqrt((2 * 0.25**2 + 2 * per_buyer**2) / 4), rel=1e-6)
    assert found.total_log_sd == pytest.approx(0.25, rel=1e-6)


def test_chance_of_a_small_shop_is_no_error_of_the_forecast():
    far = row(customers=40, actual=0.6)
    assert (
        uncertainty_from_backtest([far] * 20).level_sd
        < uncertainty_from_backtest([row(actual=0.6)] * 20).level_sd
    )
    assert uncertainty_from_backtest([row(customers=10)] * 200).level_sd == 0.02


@pytest.mark.parametrize("spent", [0.0, -5.0])
def test_a_window_without_revenue_tells_nothing_of_value(spent):
    assert uncertainty_from_backtest([row(spent=spent)]).value_log_sd == pytest.approx(0.25)


def test_certain_rates_are_no_division_by_zero():
    found = uncertainty_from_backtest([row(expected=1.0, actual=0.0, spend=1.0, spent=2.0)])
    assert math.isfinite(found.level_sd) and math.isfinite(found.value_log_sd)


@pytest.mark.parametrize(("customers", "counted"), [(100, 100), (1, 1), (0, 1)])
def test_chance_by_hand(customers, counted):
    # A rate of 0.2 that comes out as 0.99, less the chance of so many customers; one cutoff is half a window.
    error = (math.log(0.99 / 0.01) - math.log(0.2 / 0.8)) ** 2
    found = uncertainty_from_backtest([row(customers=customers, expected=0.2, actual=0.99)])
    expected = math.sqrt((2 * 0.25**2 + 0.5 * (error - 1 / (counted * 0.2 * 0.8))) / 2.5)
    assert found.level_sd == pytest.approx(expected)


def test_the_errors_are_those_of_the_active():
    active = row(expected=0.2, actual=0.3, spend=80.0, spent=70.0)
    figures = {key: value for key, value in vars(active).items() if key not in ("cutoff", "active")}
    both = replace(row(actual=0.6), active=PastFigures(**figures))
    assert uncertainty_from_backtest([both]) == uncertainty_from_backtest([active])
    assert uncertainty_from_backtest([both]) != uncertainty_from_backtest([row(actual=0.6)])
