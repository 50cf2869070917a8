"""Random numbers behind the intervals: exact margins, the same every time, smooth in the assumptions."""

import math

import numpy as np
import pytest
from scipy import stats

from churnkit.roi.draws import beta_quantiles, draws, interpolation, level_nodes, skewed

UNIFORM = (np.arange(2000) + 0.5) / 2000


@pytest.mark.parametrize(
    ("mean", "weight"),
    [(0.35, 20), (0.5, 2), (0.001, 20), (0.999, 20), (0.02, 3), (0.1, 100_000), (0.6, 0.5)],
)
def test_beta_quantiles_are_those_of_scipy(mean, weight):
    expected = stats.beta.ppf(UNIFORM, mean * weight, (1 - mean) * weight)
    np.testing.assert_allclose(beta_quantiles(mean, weight, UNIFORM), expected, atol=2e-3)


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_a_save_rate_of_nought_or_one_is_certain(mean):
    assert set(beta_quantiles(mean, 20, UNIFORM)) == {mean}


def test_draws_are_standard_and_the_same_every_time():
    first, second = draws(), draws()
    for column in (first.level, first.value, first.chance):
        assert abs(column.mean()) < 1e-12
        assert column.std() == pytest.approx(1, abs=2e-3)
    assert sorted(first.save_rate) == pytest.approx(list(UNIFORM))
    np.testing.assert_array_equal(first.level, second.level)
    both = np.corrcoef([first.level, first.value, first.chance, first.save_rate])
    assert np.abs(both - np.eye(4)).max() < 0.06


def test_a_draw_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        draws().level[0] = 1.0


@pytest.mark.parametrize("sd", [0.1, 0.5])
def test_probabilities_between_the_shifts_are_interpolated(sd):
    at = sd * draws().level
    nodes = level_nodes(sd)
    for logit in (-3.0, 0.0, 2.0):
        exact = 1 / (1 + np.exp(-(logit + at)))
        found = interpolation(nodes, at) @ (1 / (1 + np.exp(-(logit + nodes))))
        np.testing.assert_allclose(found, exact, rtol=1e-3)


def test_without_an_error_of_the_level_there_is_one_shift():
    assert level_nodes(0.0) == [0.0]
    assert interpolation(np.zeros(1), np.zeros(5)).tolist() == [[1.0]] * 5


@pytest.mark.parametrize("relative_sd", [0.02, 0.3, 0.8])
def test_skewed_draws_are_gamma(relative_sd):
    normal = np.array([stats.norm.ppf(u) for u in UNIFORM])
    found = skewed(np.full(2000, 50.0), np.full(2000, 50.0 * relative_sd), normal)
    shape = 1 / relative_sd**2
    for quantile in (0.1, 0.5, 0.9):
        exact = stats.gamma.ppf(quantile, shape, scale=50 / shape)
        assert np.quantile(found, quantile) == pytest.approx(exact, rel=0.02)


def test_nothing_expected_is_nothing_drawn():
    assert skewed(np.zeros(3), np.zeros(3), np.array([-1.0, 0.0, 1.0])).tolist() == [0, 0, 0]
    assert not math.isnan(skewed(np.array([0.0]), np.array([5.0]), np.array([2.0]))[0])
