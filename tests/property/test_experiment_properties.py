"""What must hold of experiments for all counts, rankings and arms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from churnkit.experiments import (
    cuped,
    detectable_rate,
    difference_of_means,
    difference_of_proportions,
    power_of,
    ratio_of_proportions,
    safe_factor,
    sample_ratio,
    save_rate,
    sizes,
    wilson,
)
from churnkit.experiments.sample_ratio import blocks
from churnkit.experiments.uplift import policy_value, qini_curve

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=60)

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
values = st.floats(-1e4, 1e4).map(lambda x: round(x, 2))


@EXAMPLES
@given(counts, counts)
def test_differences_stay_inside_and_mirror(one, two) -> None:
    found, mirrored = difference_of_proportions(*one, *two), difference_of_proportions(*two, *one)
    assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low))


@EXAMPLES
@given(counts, counts)
def test_ratios_and_save_rates_hold_their_estimate(one, two) -> None:
    ratio = ratio_of_proportions(*one, *two)
    assert (ratio is None) == (two[0] == 0)
    if ratio is not None:
        assert 0 <= ratio.low <= ratio.value * (1 + 1e-9)
        assert ratio.value <= ratio.high * (1 + 1e-9)
    found = save_rate(*one, *two)
    if found is not None:
        assert found.rate.low - 1e-9 <= found.rate.value <= min(found.rate.high + 1e-9, 1 + 1e-9)
        assert found.weight >= 1


@EXAMPLES
@given(st.floats(0.01, 0.6), st.floats(0.01, 0.3), st.floats(0.05, 0.95))
def test_planned_sizes_show_the_effect_and_one_tenth_less_does_not(base, gain, share) -> None:
    planned = sizes(base, base + gain, share)
    assume(planned.held_out > 20 and planned.treated > 20)
    assert power_of(base, base + gain, planned.treated, planned.held_out) >= 0.8 - 1e-6
    fewer = power_of(base, base + gain, int(planned.treated * 0.9), int(planned.held_out * 0.9))
    assert fewer < 0.8
    assert detectable_rate(base, planned.treated, planned.held_out) <= base + gain + 1e-6


@EXAMPLES
@given(st.integers(1, 5000), st.floats(0.05, 0.95))
def test_arms_as_drawn_never_block(total, share) -> None:
    held = round(total * share)
    found = sample_ratio(
        {"treatment": total - held, "holdout": held}, {"treatment": 1 - share, "holdout": share}
    )
    assert not blocks(found)


@EXAMPLES
@given(st.floats(0.01, 3), st.floats(0.001, 0.5))
def test_looking_often_is_never_cheaper_than_once(information, alpha) -> None:
    assert safe_factor(information, alpha) > 1 + wilson(0, 1, alpha).low


@EXAMPLES
@given(st.lists(st.tuples(values, values, st.booleans()), min_size=6, max_size=40), st.floats(-50, 50))
def test_cuped_moves_with_the_effect_and_not_with_the_scale_of_what_was_known(rows, shift) -> None:
    result, before, treated = (np.array(column) for column in zip(*rows, strict=True))
    treated = treated.astype(bool)
    assume(2 <= treated.sum() <= len(rows) - 2)
    assume(before.std() > 1)
    found = cuped(result, before, treated)
    scaled = cuped(result, 10 * before + 3, treated)
    assert scaled.effect.value == pytest.approx(found.effect.value, rel=1e-6, abs=1e-4)
    moved = cuped(result + shift, before, treated)
    assert moved.effect.value == pytest.approx(found.effect.value, rel=1e-6, abs=1e-4)


@EXAMPLES
@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(-9, 9)), min_size=4, max_size=60),
    st.randoms(use_true_random=False),
)
def test_qini_does_not_depend_on_the_order_of_rows_nor_on_the_scale_of_scores(rows, random) -> None:
    assume({arm for _, arm, _ in rows} == {True, False})
    score, treated, outcome = (np.array(column) for column in zip(*rows, strict=True))
    found = qini_curve(score, treated, outcome, resamples=2)
    order = list(range(len(rows)))
    random.shuffle(order)
    again = qini_curve(np.exp(score)[order], treated[order], outcome[order], resamples=2)
    assert again.gain == pytest.approx(found.gain)
    assert again.share == pytest.approx(found.share)
    assert (found.share[0], found.gain[0]) == (0, 0)
    assert found.gain[-1] == pytest.approx(outcome[treated].mean() - outcome[~treated].mean())


@EXAMPLES
@given(
    st.lists(st.tuples(st.booleans(), values), min_size=4, max_size=60),
    st.floats(0.05, 0.95),
    st.floats(0, 100),
)
def test_policy_of_everybody_is_the_difference_in_means_less_the_cost(rows, share, cost) -> None:
    assume({arm for arm, _ in rows} == {True, False})
    treated, outcome = (np.array(column) for column in zip(*rows, strict=True))
    found = policy_value(
        np.ones(len(rows), dtype=bool), treated, outcome, treated_share=share, contact_cost=cost
    )
    plain = outcome[treated].mean() - outcome[~treated].mean()
    assert found.value == pytest.approx(1000 * (plain - cost), rel=1e-6, abs=1e-4)


@EXAMPLES
@given(st.lists(values, min_size=2, max_size=30), st.lists(values, min_size=2, max_size=30))
def test_welch_mirrors_and_holds_its_estimate(one, two) -> None:
    found, mirrored = difference_of_means(one, two), difference_of_means(two, one)
    assert found.interval.low <= found.interval.value <= found.interval.high
    assert mirrored.interval.value == pytest.approx(-found.interval.value)
    assert mirrored.p_value == pytest.approx(found.p_value)
