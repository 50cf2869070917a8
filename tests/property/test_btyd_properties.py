"""What must hold of the BTYD models for every parameter and every possible history."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from churnkit.btyd import BgNbd, GammaGamma, MbgNbd, fit_bgnbd, fit_gamma_gamma, fit_mbgnbd
from churnkit.errors import ModelError

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=150)
FIT_EXAMPLES = settings(deadline=None, derandomize=True, max_examples=30)


def positive(low: float, high: float) -> st.SearchStrategy[float]:
    """Spread evenly over the orders of magnitude."""
    return st.floats(np.log(low), np.log(high)).map(lambda log: float(np.exp(log)))


models = st.builds(
    lambda kind, r, alpha_days, a, b: kind(r, alpha_days, a, b),
    st.sampled_from([BgNbd, MbgNbd]),
    positive(1e-3, 1e3),
    positive(1e-2, 1e4),
    st.one_of(st.just(0.0), st.just(1.0), positive(1e-4, 1e3)),
    positive(1e-3, 1e4),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[float, float, float]:
    age_days = draw(st.integers(0, 3650))
    repeat_count = draw(st.integers(0, age_days))
    t_x_days = draw(st.integers(repeat_count, age_days)) if repeat_count else 0
    return float(repeat_count), float(t_x_days), float(age_days)


horizons = st.floats(0, 3650)


@EXAMPLES
@given(models, histories(), horizons)
def test_probabilities_stay_in_range(model, history, horizon_days) -> None:
    for value in (model.p_alive(*history)[0], model.p_no_purchase(horizon_days, *history)[0]):
        assert 0 <= value <= 1
    assert model.expected_orders(horizon_days, *history)[0] >= 0
    assert np.isfinite(model.log_likelihood(*history)[0])


@EXAMPLES
@given(models, histories(), horizons, horizons)
def test_a_longer_horizon_brings_more_orders_and_less_silence(model, history, one, other) -> None:
    short, long = sorted((one, other))
    fewer, more = (model.expected_orders(h, *history)[0] for h in (short, long))
    assert fewer <= more * (1 + 1e-7) + 1e-12
    silent_short, silent_long = (model.p_no_purchase(h, *history)[0] for h in (short, long))
    assert silent_long <= silent_short + 1e-12


@EXAMPLES
@given(models, histories(), horizons)
def test_a_purchase_is_no_likelier_than_the_number_expected(model, history, horizon_days) -> None:
    p_purchase = 1 - model.p_no_purchase(horizon_days, *history)[0]
    assert p_purchase <= model.expected_orders(horizon_days, *history)[0] * (1 + 1e-6) + 1e-12


@EXAMPLES
@given(models, histories(), horizons, positive(1e-2, 1e2))
def test_the_unit_of_time_does_not_matter(model, history, horizon_days, unit) -> None:
    repeat_count, t_x, age = history
    scaled_model = type(model)(model.r, model.alpha_days * unit, model.a, model.b)
    scaled = repeat_count, t_x * unit, age * unit
    np.testing.assert_allclose(scaled_model.p_alive(*scaled), model.p_alive(*history), rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(
        scaled_model.p_no_purchase(horizon_days * unit, *scaled),
        model.p_no_purchase(horizon_days, *history),
        rtol=1e-6,
        atol=1e-12,
    )
    np.testing.assert_allclose(
        scaled_model.expected_orders(horizon_days * unit, *scaled),
        model.expected_orders(horizon_days, *history),
        rtol=1e-6,
        atol=1e-9,
    )


@EXAMPLES
@given(models, st.lists(histories(), min_size=1, max_size=8), horizons)
def test_a_customer_does_not_depend_on_the_others(model, customers, horizon_days) -> None:
    together = model.expected_orders(horizon_days, *map(list, zip(*customers, strict=True)))
    alone = [model.expected_orders(horizon_days, *customer)[0] for customer in customers]
    np.testing.assert_allclose(together, alone, rtol=1e-6, atol=1e-12)


@FIT_EXAMPLES
@given(st.lists(histories(), min_size=1, max_size=12), st.sampled_from([fit_bgnbd, fit_mbgnbd]))
def test_any_customers_with_a_repeat_purchase_can_be_fitted(customers, fit) -> None:
    columns = [np.array(column) for column in zip(*customers, strict=True)]
    assume(columns[0].sum() > 0)
    model = fit(*columns)
    assert np.isfinite(model.log_likelihood(*columns)).all()
    assert np.isfinite(model.expected_orders(365, *columns)).all()


@FIT_EXAMPLES
@given(st.lists(histories(), min_size=5, max_size=30), positive(1e-2, 1e2))
def test_a_fit_does_not_depend_on_the_unit_of_time(customers, unit) -> None:
    repeat_count, t_x, age = (np.array(column) for column in zip(*customers, strict=True))
    assume(repeat_count.sum() > 0)
    days, other = fit_bgnbd(repeat_count, t_x, age), fit_bgnbd(repeat_count, t_x * unit, age * unit)
    in_days = days.log_likelihood(repeat_count, t_x, age).sum()
    in_other = other.log_likelihood(repeat_count, t_x * unit, age * unit).sum()
    # A density of x purchase times carries the unit to the power -x.
    assert abs(in_days - in_other - repeat_count.sum() * np.log(unit)) < 0.05


@EXAMPLES
@given(
    positive(1e-3, 1e3),
    positive(1e-3, 1e3),
    positive(1e-3, 1e6),
    positive(1e-3, 1e6),
    st.integers(0, 1000),
    positive(1e-3, 1e6),
)
def test_order_value_lies_between_the_customers_and_the_shops(p, q, gamma, observed_mean, x, mean) -> None:
    model = GammaGamma(p, q, gamma, observed_mean)
    value = model.expected_order_value(x, mean)[0]
    low, high = sorted((model.population_mean, mean))
    assert 0 < value < np.inf
    assert low * (1 - 1e-9) <= value <= high * (1 + 1e-9) or (x == 0 and value == model.population_mean)


@FIT_EXAMPLES
@given(st.lists(st.tuples(st.integers(1, 100), positive(1e-2, 1e5)), min_size=1, max_size=20))
def test_any_positive_order_values_can_be_fitted(customers) -> None:
    repeat_count, mean = zip(*customers, strict=True)
    value = fit_gamma_gamma(repeat_count, mean).expected_order_value(repeat_count, mean)
    assert np.isfinite(value).all()
    assert (value > 0).all()


@EXAMPLES
@given(histories(), st.floats(max_value=-1e-6, allow_nan=False))
def test_negative_horizons_are_refused(history, horizon_days) -> None:
    model = BgNbd(1, 1, 1, 1)
    try:
        model.expected_orders(horizon_days, *history)
    except ModelError as error:
        assert "horizon_days" in error.message
    else:
        raise AssertionError("a negative horizon was accepted")
