"""BG/NBD, MBG/NBD and Gamma-Gamma against hand-computed numbers, closed forms and simulation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import hyp2f1

from churnkit.btyd import BgNbd, GammaGamma, MbgNbd, fit_bgnbd, fit_gamma_gamma, fit_mbgnbd, own_shape
from churnkit.btyd.expectation import expected_while_alive
from churnkit.btyd.gamma_gamma import _log_likelihood_and_score as gamma_gamma_score
from churnkit.btyd.histories import Histories
from churnkit.btyd.likelihood import log_likelihood_and_score
from churnkit.btyd.remembered import Remembered
from churnkit.errors import ModelError

UNIT_BG = BgNbd(r=1, alpha_days=1, a=1, b=1)
UNIT_MBG = MbgNbd(r=1, alpha_days=1, a=1, b=1)


@dataclass(frozen=True)
class Simulated:
    repeat_count: NDArray[np.float64]
    t_x_days: NDArray[np.float64]
    age_days: NDArray[np.float64]
    alive: NDArray[np.bool_]
    next_count: NDArray[np.float64]

    @property
    def histories(self) -> tuple[NDArray[np.float64], ...]:
        return self.repeat_count, self.t_x_days, self.age_days


def simulate(model: BgNbd | MbgNbd, customers: int, horizon_days: float, seed: int) -> Simulated:
    """Draws every purchase and every coin flip, up to ``horizon_days`` after the observation ends."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(model.r, 1 / model.alpha_days, customers)
    p_drop = rng.beta(model.a, model.b, customers)
    age = rng.uniform(100, 400, customers)
    flips_at_start = isinstance(model, MbgNbd)
    active = ~(rng.random(customers) < p_drop) if flips_at_start else np.ones(customers, dtype=bool)
    alive_at_age = active.copy()
    now, x, t_x, later = (np.zeros(customers) for _ in range(4))
    while active.any():
        now[active] += rng.exponential(1, active.sum()) / rate[active]
        active &= now <= age + horizon_days
        observed = active & (now <= age)
        x += observed
        t_x = np.where(observed, now, t_x)
        later += active & ~observed
        drops = active & (rng.random(customers) < p_drop)
        alive_at_age &= ~(drops & observed)
        active &= ~drops
    return Simulated(x, t_x, age, alive_at_age, later)


@pytest.mark.parametrize(
    ("model", "history", "likelihood", "alive"),
    [
        # BG: (1/2)^1
        (UNIT_BG, (0, 0, 1), 1 / 2, 1.0),
        # BG: B(1,2)/B(1,1) / 4^2 + B(2,1)/B(1,1) / 2^2 = 1/32 + 1/8
        (UNIT_BG, (1, 1, 3), 5 / 32, 1 / 5),
        # MBG: B(1,2)/B(1,1) / 2 + B(2,1)/B(1,1) = 1/4 + 1/2
        (UNIT_MBG, (0, 0, 1), 3 / 4, 1 / 3),
        # MBG: B(1,3)/B(1,1) / 4^2 + B(2,2)/B(1,1) / 2^2 = 1/48 + 1/24
        (UNIT_MBG, (1, 1, 3), 1 / 16, 1 / 3),
    ],
)
def test_likelihood_and_p_alive_by_hand(model, history, likelihood, alive) -> None:
    assert math.exp(model.log_likelihood(*history)[0]) == pytest.approx(likelihood, rel=1e-13)
    assert model.p_alive(*history)[0] == pytest.approx(alive, rel=1e-13)


def test_p_no_purchase_by_hand() -> None:
    # (alpha+T)/(alpha+T+h) = 4/8, to the power r+x = 2: 1/4; p_alive 1/5 and 1/3
    assert UNIT_BG.p_no_purchase(4, 1, 1, 3)[0] == pytest.approx(0.85, rel=1e-13)
    assert UNIT_MBG.p_no_purchase(4, 1, 1, 3)[0] == pytest.approx(0.75, rel=1e-13)


@pytest.mark.parametrize("horizon", [0.01, 1.0, 30.0, 1e4])
def test_expected_orders_of_a_new_customer_where_the_published_form_is_zero_over_zero(horizon) -> None:
    # With r = alpha = a = b = 1 the mean over p uniform of h / (1 + p h) is log(1 + h).
    log = math.log1p(horizon)
    assert UNIT_BG.expected_orders(horizon, 0, 0, 0)[0] == pytest.approx(log, rel=1e-11)
    # MBG: p has density 2 (1 - p), and half of the customers are gone after the first purchase.
    by_hand = (1 + 1 / horizon) * log - 1
    assert UNIT_MBG.expected_orders(horizon, 0, 0, 0)[0] == pytest.approx(by_hand, rel=1e-10)


@pytest.mark.parametrize("a", [0.05, 0.8, 1.7, 6.0])
@pytest.mark.parametrize("extra_flip", [0, 1])
def test_expected_while_alive_matches_the_published_closed_form(a, extra_flip) -> None:
    r, b, alpha, horizon = 0.6, 0.3, 40.0, 90.0
    x = np.array([0.0, 1.0, 2.0, 5.0, 12.0])
    age = np.array([10.0, 80.0, 200.0, 300.0, 365.0])
    flips = x + extra_flip
    closed = (
        (a + b + flips - 1)
        / (a - 1)
        * (
            1
            - ((alpha + age) / (alpha + age + horizon)) ** (r + x)
            * hyp2f1(r + x, b + flips, a + b + flips - 1, horizon / (alpha + age + horizon))
        )
    )
    computed = expected_while_alive(r + x, alpha + age, horizon, a, b + flips)
    np.testing.assert_allclose(computed, closed, rtol=1e-9)


# From the hypergeometric form in 60-digit arithmetic: shape, rate_time, horizon, a, b_posterior, value.
@pytest.mark.parametrize(
    ("shape", "rate_time", "horizon", "a", "b", "value"),
    [
        (0.001, 0.01, 365.0, 1e-4, 1e-3, 33.151248295),
        (300.5, 20.0, 365.0, 1e-3, 300.2, 5472.49486444),
        (300.5, 1.0, 365.0, 5.0, 300.2, 76.0499999955),
        (0.2, 1e-3, 1e4, 0.7, 0.01, 3.01708584533),
        (5.0, 30.0, 90.0, 20.0, 500.0, 10.9737667994),
        (3.0, 100.0, 30.0, 1.0 + 1e-9, 4.0, 0.807125867799),
    ],
)
def test_expected_while_alive_at_extreme_parameters(shape, rate_time, horizon, a, b, value) -> None:
    computed = expected_while_alive(np.array([shape]), np.array([rate_time]), horizon, a, np.array([b]))
    assert computed[0] == pytest.approx(value, rel=1e-9)


def test_no_dropout_is_the_plain_nbd() -> None:
    for model in (BgNbd(r=2, alpha_days=10, a=0, b=1), MbgNbd(r=2, alpha_days=10, a=0, b=1)):
        assert not model.has_dropout
        assert model.p_alive([0, 3], [0, 5], [20, 90]).tolist() == [1.0, 1.0]
        # (r + x) h / (alpha + T)
        np.testing.assert_allclose(model.expected_orders(60, [0, 3], [0, 5], [20, 90]), [4.0, 3.0])
        # NBD: Gamma(5)/Gamma(2) * 10^2 / 100^5 for x = 3, T = 90
        assert model.log_likelihood(3, 5, 90)[0] == pytest.approx(math.log(24 * 1e2 / 1e10))


def test_bgnbd_takes_every_one_time_buyer_for_alive_and_mbgnbd_does_not() -> None:
    bg = BgNbd(r=0.3, alpha_days=40, a=0.5, b=2)
    mbg = MbgNbd(r=0.3, alpha_days=40, a=0.5, b=2)
    assert bg.p_alive(0, 0, 3000)[0] == 1.0
    assert mbg.p_alive(0, 0, 3000)[0] < 0.6
    assert bg.p_no_purchase(30, 0, 0, 3000)[0] > 0.99


def test_scalars_and_empty_input() -> None:
    assert UNIT_BG.expected_orders(30, 0, 0, 5).shape == (1,)
    assert UNIT_BG.expected_orders(30, [], [], []).shape == (0,)
    assert UNIT_MBG.p_no_purchase(30, [], [], []).shape == (0,)


def test_enormous_histories_do_not_overflow() -> None:
    history = ([100_000, 1, 0, 5], [3649, 1e-6, 0, 3650], [3650, 3650, 0, 3650])
    for model in (BgNbd(0.2, 1e-3, 0.5, 1e-3), MbgNbd(0.2, 1e-3, 0.5, 1e-3)):
        for values in (
            model.log_likelihood(*history),
            model.p_alive(*history),
            model.expected_orders(1e5, *history),
            model.p_no_purchase(1e5, *history),
        ):
            assert np.isfinite(values).all()


@pytest.mark.parametrize("extra_flip", [0, 1])
def test_score_is_the_derivative_of_the_log_likelihood(extra_flip) -> None:
    histories = Histories.read([0, 1, 4, 30], [0, 0.3, 1.2, 1.9], [0.5, 0.4, 1.2, 2.0])
    point = np.log([0.7, 0.2, 0.4, 1.9])
    _, score = log_likelihood_and_score(point, histories, extra_flip)
    for position, step in enumerate(1e-5 * np.eye(4)):
        above, _ = log_likelihood_and_score(point + step, histories, extra_flip)
        below, _ = log_likelihood_and_score(point - step, histories, extra_flip)
        np.testing.assert_allclose(score[position], (above - below) / 2e-5, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize(
    ("model", "fit", "seed"),
    [
        (BgNbd(r=0.6, alpha_days=30, a=0.8, b=2.5), fit_bgnbd, 1),
        (MbgNbd(r=0.6, alpha_days=30, a=0.8, b=2.5), fit_mbgnbd, 2),
    ],
)
def test_fit_recovers_the_parameters_of_a_simulation(model, fit, seed) -> None:
    data = simulate(model, 30_000, 0, seed)
    fitted = fit(*data.histories)
    expected = [model.r, model.alpha_days, model.a, model.b]
    np.testing.assert_allclose([fitted.r, fitted.alpha_days, fitted.a, fitted.b], expected, rtol=0.1)
    # The maximum lies above the truth, by about half a chi-square with four degrees of freedom.
    gain = np.sum(fitted.log_likelihood(*data.histories)) - np.sum(model.log_likelihood(*data.histories))
    assert 0 <= gain < 12


@pytest.mark.parametrize(
    "model", [BgNbd(r=0.6, alpha_days=30, a=0.8, b=2.5), MbgNbd(r=0.6, alpha_days=30, a=0.8, b=2.5)]
)
def test_forecasts_agree_with_brute_force(model) -> None:
    horizon_days = 90.0
    data = simulate(model, 60_000, horizon_days, seed=3)
    forecasts = {
        "p_no_purchase": (model.p_no_purchase(horizon_days, *data.histories), data.next_count == 0),
        "p_alive": (model.p_alive(*data.histories), data.alive),
        "expected_orders": (model.expected_orders(horizon_days, *data.histories), data.next_count),
    }
    for name, (predicted, actual) in forecasts.items():
        for group in np.array_split(np.argsort(predicted, kind="stable"), 8):
            error = float(np.std(actual[group] - predicted[group])) / math.sqrt(group.size)
            assert abs(actual[group].mean() - predicted[group].mean()) < 4 * error + 1e-9, name


def test_weights_stand_for_repeated_rows() -> None:
    x, t_x, age = np.array([0, 0, 1, 2, 4]), np.array([0, 0, 10, 60, 90]), np.array([100, 50, 100, 70, 100])
    count = np.array([30, 10, 5, 0, 7])
    weighted = fit_mbgnbd(x, t_x, age, weights=count)
    repeated = fit_mbgnbd(*(np.repeat(column, count) for column in (x, t_x, age)))
    assert weighted == repeated
    orders, spend, count = np.array([1, 2, 3, 1]), np.array([5.0, 9.0, 12.0, 30.0]), np.array([3, 1, 0, 4])
    weighted_value = fit_gamma_gamma(orders, spend, weights=count).expected_order_value(orders, spend)
    repeated_value = fit_gamma_gamma(np.repeat(orders, count), np.repeat(spend, count))
    np.testing.assert_allclose(weighted_value, repeated_value.expected_order_value(orders, spend), rtol=1e-4)


@pytest.mark.parametrize("fit", [fit_bgnbd, fit_mbgnbd])
def test_buyers_who_never_stop_give_the_model_without_dropout(fit) -> None:
    age = np.linspace(50, 400, 60)
    x = np.arange(60) % 7 + 1
    model = fit(x, age, age)
    assert model.a == 0
    assert model.p_alive(x, age, age).tolist() == [1.0] * 60


def test_dropout_is_told_where_there_is_some_and_seldom_by_chance() -> None:
    some = MbgNbd(r=0.8, alpha_days=40, a=0.7, b=2.5)
    none = MbgNbd(r=0.8, alpha_days=40, a=1e-6, b=1)
    told = [
        [fit_mbgnbd(*simulate(m, 250, 0, seed).histories).tells_dropout for seed in range(40)]
        for m in (some, none)
    ]
    # At most 5 % by chance: more than 5 of 40 in one test run of seventy.
    assert sum(told[0]) == 40 and sum(told[1]) <= 5


def test_given_parameters_need_no_evidence() -> None:
    assert UNIT_MBG.tells_dropout and MbgNbd(1, 1, 1, 1, dropout_evidence=0.0) == UNIT_MBG
    assert not MbgNbd(1, 1, 1, 1, dropout_evidence=5.0).tells_dropout
    assert not MbgNbd(r=2, alpha_days=10, a=0, b=1).tells_dropout


@pytest.mark.parametrize("fit", [fit_bgnbd, fit_mbgnbd])
@pytest.mark.parametrize("customers", [1, 500])
def test_indistinguishable_customers_share_one_rate(fit, customers) -> None:
    model = fit(*(np.full(customers, value) for value in (4.0, 100.0, 100.0)))
    assert model.r > 1000
    assert model.r / model.alpha_days == pytest.approx(4 / 100, rel=0.01)


@pytest.mark.parametrize("fit", [fit_bgnbd, fit_mbgnbd])
def test_fit_refuses_data_without_repeat_purchases(fit) -> None:
    with pytest.raises(ModelError, match="none among 3 customers"):
        fit([0, 0, 0], [0, 0, 0], [10, 20, 30])
    with pytest.raises(ModelError, match="none among 0 customers"):
        fit([], [], [])
    with pytest.raises(ModelError, match="none among 1 customers"):
        fit([0, 2], [0, 10], [30, 30], weights=[1, 0])


@pytest.mark.parametrize(
    ("history", "message"),
    [
        (([0, -1], [0, 0], [5, 5]), r"whole number >= 0.* 1 of 2 customers.*position 1 \(repeat_count=-1"),
        (([0, 1.5], [0, 1], [5, 5]), "whole number"),
        (([1, 1], [9, 2], [5, 5]), r"0 <= t_x_days <= age_days.*position 0 \(repeat_count=1, t_x_days=9"),
        (([1], [-1], [5]), "0 <= t_x_days"),
        (([0, np.nan], [0, 0], [5, 5]), "finite"),
        (([0], [0], [np.inf]), "finite"),
        (([2], [0], [5]), "exactly when repeat_count > 0"),
        (([0], [3], [5]), "exactly when repeat_count > 0"),
        (([0, 1], [0], [5]), "equally long"),
        ((["x"], [0], [5]), "numbers only"),
        (([[0]], [0], [5]), "one-dimensional"),
    ],
)
def test_impossible_histories_are_refused(history, message) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        UNIT_BG.p_alive(*history)
    assert caught.value.remedy
    with pytest.raises(ModelError, match=message):
        fit_bgnbd(*history)


def test_impossible_settings_are_refused() -> None:
    for horizon_days in (-1, math.nan, math.inf, 1e7):
        with pytest.raises(ModelError, match="horizon_days"):
            UNIT_BG.expected_orders(horizon_days, 0, 0, 1)
        with pytest.raises(ModelError, match="horizon_days"):
            UNIT_MBG.p_no_purchase(horizon_days, 0, 0, 1)
    for parameters in ((0, 1, 1, 1), (1, -1, 1, 1), (1, 1, -0.1, 1), (1, 1, 1, math.nan)):
        with pytest.raises(ModelError, match="BgNbd parameters"):
            BgNbd(*parameters)
    with pytest.raises(ModelError, match="finite weights"):
        fit_bgnbd([1, 2], [5, 5], [9, 9], weights=[1, -1])


def test_gamma_gamma_by_hand() -> None:
    model = GammaGamma(p=1, q=2, gamma=10, observed_mean=11)
    # Gamma(3) / (Gamma(1) Gamma(2)) * 10^2 / 20^3
    assert math.exp(model.log_likelihood(1, 10)[0]) == pytest.approx(0.025)
    # Population mean 10; own share p x / (p x + 1)
    np.testing.assert_allclose(model.expected_order_value([0, 1, 2], [np.nan, 20, 40]), [10, 15, 30])


def test_gamma_gamma_density_integrates_to_one() -> None:
    model = GammaGamma(p=2.5, q=3, gamma=8, observed_mean=10)
    area, _ = quad(lambda z: math.exp(model.log_likelihood(3, z)[0]), 0, np.inf)
    assert area == pytest.approx(1, abs=1e-7)


@pytest.mark.parametrize(("q", "gamma"), [(0.5, 10), (1.0, 10), (1.0001, 10)])
def test_gamma_gamma_without_a_finite_mean_falls_back_on_the_observed_one(q, gamma) -> None:
    model = GammaGamma(p=1, q=q, gamma=gamma, observed_mean=30)
    assert not model.has_finite_mean
    value = model.expected_order_value([0, 1, 1000], [0, 60, 60])
    # Own share x / (x + q)
    np.testing.assert_allclose(value, [30, 30 + 30 / (1 + q), 30 + 30 * 1000 / (1000 + q)])


def test_gamma_gamma_score_is_the_derivative_of_the_log_likelihood() -> None:
    x, log_mean = np.array([1.0, 3.0, 40.0]), np.log([0.2, 1.1, 7.0])
    point = np.log([2.0, 1.5, 0.7])
    _, score = gamma_gamma_score(point, x, log_mean)
    for position, step in enumerate(1e-5 * np.eye(3)):
        above, _ = gamma_gamma_score(point + step, x, log_mean)
        below, _ = gamma_gamma_score(point - step, x, log_mean)
        np.testing.assert_allclose(score[position], (above - below) / 2e-5, rtol=1e-7, atol=1e-8)


def test_gamma_gamma_recovers_the_parameters_of_a_simulation() -> None:
    rng = np.random.default_rng(5)
    x = 1 + rng.poisson(2, 30_000)
    nu = rng.gamma(4.0, 1 / 16.0, x.size)
    mean = rng.gamma(6.0 * x) / nu / x
    model = fit_gamma_gamma(x, mean)
    np.testing.assert_allclose([model.p, model.q, model.gamma], [6, 4, 16], rtol=0.08)


def test_own_orders_show_their_shape_and_the_rest_is_fitted_to_it() -> None:
    rng = np.random.default_rng(15)
    x = 1 + rng.poisson(2, 20_000)
    nu = rng.gamma(4.0, 1 / 16.0, x.size)
    whose = np.repeat(np.arange(x.size), x)
    orders = rng.gamma(6.0, size=whose.size) / nu[whose]
    mean = np.bincount(whose, orders) / x
    squares = np.bincount(whose, (orders - mean[whose]) ** 2)
    std = np.sqrt(np.divide(squares, x - 1, out=np.full(x.size, np.nan), where=x > 1))
    shape = own_shape(x, mean, std)
    assert shape is not None and shape == pytest.approx(6, rel=0.05)
    model = fit_gamma_gamma(x, mean, p=shape)
    np.testing.assert_allclose([model.p, model.q, model.gamma], [shape, 4, 16], rtol=0.08)


def test_own_shape_at_its_limits() -> None:
    assert own_shape([2] * 29, [10.0] * 29, [1.0] * 29) is None
    assert own_shape([2] * 30 + [1] * 9, [10.0] * 39, [1.0] * 30 + [np.nan] * 9) == pytest.approx(99.5)
    assert own_shape([3] * 30, [10.0] * 30, [0.0] * 30) == np.inf
    # Equal orders, one of which was given back: no spread of positive values is so large.
    least = own_shape([2] * 30, [10.0] * 30, [100.0] * 30)
    assert least is not None and 0 < least <= 0.01
    for shape in (np.inf, least):
        value = fit_gamma_gamma([1, 2, 3], [5.0, 9.0, 30.0], p=shape).expected_order_value(
            [0, 1, 50], [np.nan, 30.0, 30.0]
        )
        assert np.isfinite(value).all() and (value > 0).all()


@pytest.mark.parametrize("customers", [1, 300])
def test_gamma_gamma_of_equal_values_expects_that_value(customers) -> None:
    model = fit_gamma_gamma(np.full(customers, 3), np.full(customers, 9.99))
    np.testing.assert_allclose(model.expected_order_value([0, 3], [np.nan, 9.99]), 9.99, rtol=0.01)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_gamma_gamma_does_not_depend_on_the_currency(scale) -> None:
    mean = np.random.default_rng(6).lognormal(3, 0.7, 400)
    x = np.arange(400) % 5 + 1
    unit, scaled = fit_gamma_gamma(x, mean), fit_gamma_gamma(x, mean * scale)
    np.testing.assert_allclose(
        scaled.expected_order_value(x, mean * scale), scale * unit.expected_order_value(x, mean), rtol=1e-4
    )


def test_gamma_gamma_refuses_impossible_values() -> None:
    with pytest.raises(ModelError, match=r"repeat_count >= 1.* 1 of 2"):
        fit_gamma_gamma([0, 1], [5, 5])
    with pytest.raises(ModelError, match="monetary_mean above 0"):
        fit_gamma_gamma([1, 1], [5, 0])
    with pytest.raises(ModelError, match="at least one customer"):
        fit_gamma_gamma([], [])
    with pytest.raises(ModelError, match="equally long"):
        fit_gamma_gamma([1, 1], [5])
    with pytest.raises(ModelError, match="monetary_mean above 0 where"):
        GammaGamma(1, 2, 3, 4).expected_order_value([0, 2], [np.nan, np.nan])
    with pytest.raises(ModelError, match="GammaGamma parameters"):
        GammaGamma(p=1, q=0, gamma=1, observed_mean=1)


def test_many_customers_are_fitted_as_few_are_from_every_start(monkeypatch) -> None:
    model = MbgNbd(r=0.8, alpha_days=40, a=0.7, b=2.5)
    histories = simulate(model, 5_000, 0, seed=4).histories
    rng = np.random.default_rng(8)
    x = 1 + rng.poisson(2, 5_000)
    mean = rng.gamma(6.0 * x) / rng.gamma(4.0, 1 / 16.0, x.size) / x
    process, value = fit_mbgnbd(*histories), fit_gamma_gamma(x, mean)
    monkeypatch.setattr("churnkit.btyd.fitting._MANY_HISTORIES", 10_000)
    monkeypatch.setattr("churnkit.btyd.gamma_gamma._MANY_CUSTOMERS", 10_000)
    whole, whole_value = fit_mbgnbd(*histories), fit_gamma_gamma(x, mean)
    assert process != whole and value != whole_value
    np.testing.assert_allclose(
        process.p_no_purchase(90, *histories), whole.p_no_purchase(90, *histories), rtol=1e-4
    )
    np.testing.assert_allclose(
        value.expected_order_value(x, mean), whole_value.expected_order_value(x, mean), rtol=1e-5
    )


def test_a_fit_that_is_asked_for_again_is_not_made_again() -> None:
    asked = []

    def total(*columns: np.ndarray) -> float:
        asked.append(columns)
        return float(sum(column.sum() for column in columns))

    remembered = Remembered(total)
    first, second = np.array([1.0, 2.0]), np.array([1.0, 3.0])
    assert [remembered(first), remembered(first.copy()), remembered(second)] == [3.0, 3.0, 4.0]
    assert len(asked) == 2
    for k in range(16):
        remembered(np.array([float(k), 9.0]))
    remembered(first)
    assert len(asked) == 19
