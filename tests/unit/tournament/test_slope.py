"""How far apart the champion puts customers is learned from its past dates, and drawn to what it says itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from churnkit.tournament.baselines import FittedBaseline
from churnkit.tournament.calibration import Isotonic, Platt
from churnkit.tournament.level import LevelForecast, PastPrediction
from churnkit.tournament.margins import to_probability
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.slope import Slope, Slopes

START = datetime(2025, 1, 1)
STEP = timedelta(days=15)


def window(number: int, true_slope: float, rows: int = 20_000, level: float = 0.0) -> PastPrediction:
    """Customers who leave by ``true_slope`` times the log-odds that were said, in a window with a level of its own."""
    rng = np.random.default_rng(number)
    margin = rng.normal(0.3, 1.2, rows)
    churned = (rng.random(rows) < to_probability(true_slope * margin + level)).astype(float)
    return PastPrediction(START + number * STEP, margin, np.full(rows, 0.5), churned)


@pytest.mark.parametrize("true_slope", [0.85, 1.0, 1.23])
def test_the_slope_of_past_dates_is_found_whatever_the_level_of_each(true_slope: float) -> None:
    past = [window(k, true_slope, level=level) for k, level in enumerate((-1.5, 0.0, 0.9))]
    found = Slopes().fit(past)
    # 60,000 rows against the 2,000 that say 1.
    assert found.slope == pytest.approx(1 + (true_slope - 1) * 60 / 62, abs=0.03)


def test_few_past_rows_hardly_move_it() -> None:
    many, few = Slopes().fit([window(1, 1.3)]), Slopes().fit([window(1, 1.3, rows=500)])
    assert 1.2 < many.slope < 1.35
    assert 1.0 < few.slope < 1.12


@pytest.mark.parametrize("churned", [None, 0.0, 1.0])
def test_without_leavers_and_stayers_it_is_what_the_model_says(churned: float | None) -> None:
    one = window(1, 1.0, rows=50)
    past = (
        []
        if churned is None
        else [PastPrediction(one.cutoff, one.margin, one.p_no_purchase, 0 * one.churned + churned)]
    )
    assert Slopes().fit(past) == Slope(1.0, 0.0)


@pytest.mark.parametrize("margin", [np.zeros(40), np.full(40, 0.7)])
def test_a_model_that_tells_nobody_apart_stays_as_it_is(margin: np.ndarray) -> None:
    one = PastPrediction(START, margin, np.full(40, 0.5), np.arange(40) % 2.0)
    assert Slopes().fit([one]) == Slope(1.0, 0.0)


def test_a_reversed_order_ends_at_the_edge_of_what_may_be() -> None:
    assert Slopes().fit([window(k, -0.5) for k in range(3)]).slope == pytest.approx(0.7)


def test_the_mean_probability_of_the_past_stays() -> None:
    past = [window(k, 1.3, level=0.4) for k in range(2)]
    found, margin = Slopes().fit(past), np.concatenate([one.margin for one in past])
    assert to_probability(found.apply(margin)).mean() == pytest.approx(
        to_probability(margin).mean(), abs=1e-9
    )


def test_a_past_date_gets_the_slope_that_was_known_there() -> None:
    past = [window(0, 1.3), window(1, 1.3), window(2, 0.7), window(3, 1.3)]
    over = {
        one.cutoff: [other.cutoff for other in past if other.cutoff + 2 * STEP <= one.cutoff] for one in past
    }
    found = Slopes().stretched(past, over.__getitem__)
    for before, after in zip(past[:2], found[:2], strict=True):
        np.testing.assert_array_equal(before.margin, after.margin)
    np.testing.assert_allclose(found[3].margin, Slopes().fit(past[:2]).apply(past[3].margin))
    assert [one.cutoff for one in found] == [one.cutoff for one in past]


class _Says:
    """A fitted member that answers what the matrix holds."""

    name = "logistic_regression"

    def margin(self, matrix: np.ndarray) -> np.ndarray:
        return matrix[:, 0]


class _Rows:
    """A preparation that takes the rows as they are."""

    features = ("said",)

    def transform(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows


def test_a_blend_is_stretched_whole_and_its_level_is_not() -> None:
    curve = Isotonic((-2.0, 0.0, 2.0), (-1.0, 0.5, 3.0))
    members = (Member(_Says(), Platt(0.9, 0.1), 0.6), Member(_Says(), curve, 0.4))  # type: ignore[arg-type]
    model = ChurnModel("blend", 30, _Rows(), members)  # type: ignore[arg-type]
    rows = pd.DataFrame({"said": np.linspace(-3, 3, 9)})
    slope = Slope(1.2, -0.15)
    moved = model.stretched(slope).at_level(0.5)
    np.testing.assert_allclose(moved.margin(rows), slope.apply(model.margin(rows)) + 0.5)
    assert model.slope == pytest.approx(1.0) and moved.slope == pytest.approx(1.2)


def test_a_rule_is_not_stretched() -> None:
    rule = ChurnModel("mbg_nbd", 30, None, (), FittedBaseline("mbg_nbd", 30, 0.0, 0.0, 0.0, None))
    assert rule.stretched(Slope(1.2, 0.3)) is rule
    assert rule.slope == 1.0


@pytest.mark.parametrize(
    ("slope", "words"), [(1.064, "6.4 % further apart"), (0.9, "10 % closer together"), (1.004, "")]
)
def test_it_is_said_where_it_is_more_than_nothing(slope: float, words: str) -> None:
    said = LevelForecast(0.1, 0.75, 0.0, None, slope).words().replace("\u202f", " ")
    assert (words in said) if words else ("apart" not in said and "closer" not in said)
