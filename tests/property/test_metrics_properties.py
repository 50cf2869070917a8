"""What must hold of the figures of merit for all labels and scores."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from churnkit.metrics import (
    average_precision,
    base_rate,
    best_f1_threshold,
    brier,
    choose_targets,
    confusion,
    ece,
    f1_of_everybody,
    lift_at_k,
    log_loss,
    precision_at_k,
    profit_curve,
    psi,
    reliability_table,
    roc_auc,
)

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=100)

# Few distinct probabilities make ties the rule.
probabilities = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1))
predictions = st.lists(st.tuples(st.integers(0, 1), probabilities), min_size=1, max_size=40).map(
    lambda rows: tuple(np.array(column, dtype=float) for column in zip(*rows, strict=True))
)
shares = st.floats(0.01, 1)


@EXAMPLES
@given(predictions)
def test_auc_is_invariant_under_increasing_maps(prediction) -> None:
    y, p = prediction
    rank = np.unique(p, return_inverse=True)[1]
    np.testing.assert_equal(roc_auc(y, rank**3 - 50.0), roc_auc(y, p))
    np.testing.assert_equal(average_precision(y, 2.0 * rank), average_precision(y, p))


@EXAMPLES
@given(predictions)
def test_auc_of_reversed_scores_is_the_complement(prediction) -> None:
    y, p = prediction
    assume(0 < y.sum() < y.size)
    assert math.isclose(roc_auc(y, p) + roc_auc(y, -p), 1, abs_tol=1e-12)
    assert math.isclose(roc_auc(1 - y, -p), roc_auc(y, p), abs_tol=1e-12)


@EXAMPLES
@given(predictions, shares, st.integers(1, 12), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(prediction, k_share, bins, random) -> None:
    y, p = prediction
    order = np.array(random.sample(range(y.size), y.size))
    value = np.arange(y.size, dtype=float)
    for metric in (
        roc_auc,
        average_precision,
        brier,
        log_loss,
        best_f1_threshold,
        lambda y, p: ece(y, p, bins),
        lambda y, p: precision_at_k(y, p, k_share),
    ):
        np.testing.assert_allclose(metric(y[order], p[order]), metric(y, p), atol=1e-12)
    money = {"contact_cost": 1.0, "save_rate": 0.5}
    shuffled = profit_curve(y[order], p[order], value[order], **money)
    np.testing.assert_allclose(shuffled, profit_curve(y, p, value, **money), atol=1e-9)


@EXAMPLES
@given(predictions, st.integers(1, 12))
def test_ranges(prediction, bins) -> None:
    y, p = prediction
    assert 0 <= brier(y, p) <= 1
    assert 0 <= log_loss(y, p) < 35
    assert -1e-12 <= ece(y, p, bins) <= 1
    for value in (roc_auc(y, p), average_precision(y, p)):
        assert math.isnan(value) or 0 <= value <= 1


@EXAMPLES
@given(predictions, st.integers(1, 12))
def test_ece_is_at_least_the_error_of_the_level(prediction, bins) -> None:
    y, p = prediction
    assert ece(y, p, bins) >= abs(y.mean() - p.mean()) - 1e-12


@EXAMPLES
@given(predictions, st.integers(1, 12))
def test_reliability_bins_add_up(prediction, bins) -> None:
    y, p = prediction
    table = reliability_table(y, p, bins)
    assert sum(row.count for row in table) == y.size
    assert math.isclose(sum(row.count * row.observed for row in table), y.sum(), abs_tol=1e-9)
    means = [row.p_mean for row in table]
    np.testing.assert_array_less(means[:-1], np.add(means[1:], 1e-12))


@EXAMPLES
@given(predictions, st.floats(-0.5, 1.5))
def test_no_threshold_beats_the_best(prediction, threshold) -> None:
    y, p = prediction
    assume(y.sum() > 0)
    best = confusion(y, p, best_f1_threshold(y, p))
    assert best.f1 >= confusion(y, p, threshold).f1
    assert best.f1 >= f1_of_everybody(y) - 1e-12


@EXAMPLES
@given(predictions, st.floats(-0.5, 1.5))
def test_confusion_counts_add_up(prediction, threshold) -> None:
    y, p = prediction
    counts = confusion(y, p, threshold)
    assert counts.count == y.size
    assert counts.true_positives + counts.false_negatives == y.sum()
    assert counts.true_positives + counts.false_positives == np.sum(p >= threshold)


@EXAMPLES
@given(predictions)
def test_contacting_everybody_has_lift_one(prediction) -> None:
    y, p = prediction
    assume(y.sum() > 0)
    assert math.isclose(lift_at_k(y, p, 1.0), 1)
    assert math.isclose(precision_at_k(y, p, 1.0), base_rate(y))


@EXAMPLES
@given(predictions, st.floats(0, 50), st.floats(0, 1), st.integers(1, 1000))
def test_profit_curves(prediction, contact_cost, save_rate, worth) -> None:
    y, p = prediction
    value = np.full(y.size, float(worth))
    money = {"contact_cost": contact_cost, "save_rate": save_rate}
    realised, expected = profit_curve(y, p, value, **money), profit_curve(p, p, value, **money)
    assert realised.shape == (y.size + 1,)
    assert realised[0] == 0
    total = worth * save_rate * y.sum() - contact_cost * y.size
    assert math.isclose(realised[-1], total, rel_tol=1e-9, abs_tol=1e-6)
    choice = choose_targets(y, p, value, **money)
    assert expected[choice.k] >= max(expected.max() - 1e-9, 0)
    assert choice.realised_profit == realised[choice.k]


@EXAMPLES
@given(predictions)
def test_a_perfect_ranking_earns_most_at_the_number_of_churners(prediction) -> None:
    y, _ = prediction
    curve = profit_curve(y, y, np.full(y.size, 100.0), contact_cost=1, save_rate=0.5)
    assert int(np.argmax(curve)) == int(y.sum())


values = st.lists(
    st.one_of(st.sampled_from([0.0, 1.0, math.nan]), st.floats(-1e6, 1e6)), min_size=1, max_size=60
)


@EXAMPLES
@given(values, values, st.integers(2, 12))
def test_psi_is_finite_and_not_negative(reference, actual, bins) -> None:
    drift = psi(reference, actual, bins)
    assert 0 <= drift < np.inf
    assert psi(reference, reference, bins) == 0


@EXAMPLES
@given(values, values, st.integers(2, 12))
def test_psi_does_not_depend_on_the_unit(reference, actual, bins) -> None:
    scaled = psi([4 * value for value in reference], [4 * value for value in actual], bins)
    assert math.isclose(scaled, psi(reference, actual, bins), abs_tol=1e-12)
