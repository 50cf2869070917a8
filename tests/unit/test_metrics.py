"""Figures of merit against hand-computed numbers and, where it defines the same thing, scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics as sk

from churnkit.errors import ModelError
from churnkit.metrics import (
    Confusion,
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
    normalised_gini,
    precision_at_k,
    profit_curve,
    psi,
    reliability_table,
    roc_auc,
    top_count,
)

Y = [1, 0, 1, 0, 0]
P = [0.9, 0.8, 0.6, 0.6, 0.1]


def test_auc_by_hand() -> None:
    # Pairs (churner, stayer): 0.9 beats all three; 0.6 loses to 0.8, ties with 0.6, beats 0.1.
    assert roc_auc(Y, P) == pytest.approx((3 + 1.5) / 6)
    assert normalised_gini(Y, P) == pytest.approx(0.5)
    assert roc_auc(Y, [0.5] * 5) == 0.5
    assert roc_auc([False, True], [-3, 7]) == 1.0


def test_average_precision_by_hand() -> None:
    # At 0.9: recall 1/2, precision 1. At 0.6, tied: the second churner among four.
    assert average_precision(Y, P) == pytest.approx(1 / 2 * 1 + 1 / 2 * 2 / 4)


def test_brier_and_log_loss_by_hand() -> None:
    assert brier(Y, P) == pytest.approx((0.01 + 0.64 + 0.16 + 0.36 + 0.01) / 5)
    assert log_loss([1, 0], [0.8, 0.4]) == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)
    # Certain and wrong is clipped at 1e-15, certain and right costs nothing.
    assert log_loss([1], [0.0]) == pytest.approx(-math.log(1e-15))
    assert log_loss([0], [1.0]) == pytest.approx(-math.log(1e-15), rel=1e-3)
    assert log_loss([1, 0], [1.0, 0.0]) == pytest.approx(0, abs=1e-14)


def test_ece_by_hand() -> None:
    # Two bins of two: (0.1, 0.3) with one churner, (0.6, 0.8) with two.
    y, p = [0, 1, 1, 1], [0.1, 0.3, 0.6, 0.8]
    low, high = reliability_table(y, p, bins=2)
    assert (low.count, low.p_mean, low.observed) == (2, pytest.approx(0.2), 0.5)
    assert (high.p_mean, high.observed) == (pytest.approx(0.7), 1.0)
    assert ece(y, p, bins=2) == pytest.approx((0.3 + 0.3) / 2)
    assert ece(y, p, bins=1) == pytest.approx(0.3)


def test_ece_of_one_constant_probability_is_its_distance_from_the_base_rate() -> None:
    y = [1] * 30 + [0] * 70
    assert ece(y, [0.3] * 100) == pytest.approx(0, abs=1e-15)
    assert ece(y, [0.5] * 100) == pytest.approx(0.2)


def test_reliability_bins_have_equal_mass() -> None:
    p = np.random.default_rng(0).random(1003)
    counts = [row.count for row in reliability_table(p > 0.5, p, bins=10)]
    assert sum(counts) == 1003
    assert set(counts) == {100, 101}
    assert [row.count for row in reliability_table([0, 1, 1], [0.1, 0.2, 0.3], bins=10)] == [1, 1, 1]


def test_confusion_by_hand() -> None:
    counts = confusion(Y, P, 0.6)
    assert counts == Confusion(0.6, true_positives=2, false_positives=2, false_negatives=0, true_negatives=1)
    assert counts.count == 5
    assert counts.accuracy == 3 / 5
    assert counts.precision == 1 / 2
    assert counts.recall == 1
    assert counts.f1 == pytest.approx(2 / 3)


def test_confusion_where_a_figure_is_not_defined() -> None:
    nobody_called = confusion([1, 0], [0.2, 0.1], 0.5)
    assert (nobody_called.precision, nobody_called.recall, nobody_called.f1) == (0.0, 0.0, 0.0)
    nobody_churned = confusion([0, 0], [0.9, 0.1], 0.5)
    assert nobody_churned.precision == 0.0
    assert math.isnan(nobody_churned.recall)
    assert math.isnan(nobody_churned.f1)


def test_best_f1_threshold_by_hand() -> None:
    # 0.9: 2/3, 0.8: 2/4, 0.6: 4/6, 0.1: 4/7: of the two best the one that calls fewer.
    assert best_f1_threshold(Y, P) == 0.9
    assert best_f1_threshold([0, 1, 1], [0.2, 0.4, 0.7]) == 0.4


def test_f1_of_everybody() -> None:
    assert f1_of_everybody(Y) == pytest.approx(confusion(Y, P, 0.0).f1) == pytest.approx(4 / 7)
    assert math.isnan(f1_of_everybody([0, 0]))


def test_top_k_by_hand() -> None:
    assert precision_at_k(Y, P, 0.2) == 1.0
    # The top three hold 0.9, 0.8 and one of the two tied at 0.6, each half a churner.
    assert precision_at_k(Y, P, 0.6) == pytest.approx((1 + 0 + 0.5) / 3)
    assert lift_at_k(Y, P, 0.2) == pytest.approx(1 / 0.4)
    assert base_rate(Y) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("count", "share", "k"), [(5, 0.2, 1), (5, 0.1, 1), (3, 0.1, 1), (1000, 0.2, 200), (7, 1, 7)]
)
def test_top_count_rounds_half_up_and_is_never_zero(count, share, k) -> None:
    assert top_count(count, share) == k


def test_profit_curve_by_hand() -> None:
    curve = profit_curve([1, 0, 1], [0.9, 0.8, 0.7], [100, 50, 40], contact_cost=8, save_rate=0.35)
    # 35 - 8; then - 8; then 14 - 8
    np.testing.assert_allclose(curve, [0, 27, 19, 25])


def test_profit_of_the_worked_example() -> None:
    # 100 targets who all leave, 35 % kept, worth 165 each, 8 a contact: 5,775 - 800.
    curve = profit_curve(np.ones(100), np.zeros(100), np.full(100, 165), contact_cost=8, save_rate=0.35)
    assert curve[100] == pytest.approx(4975)


def test_targets_are_chosen_without_the_outcome() -> None:
    p, value = [0.9, 0.5, 0.1], [100.0, 100.0, 100.0]
    # Expected gains: 45 - 10, 25 - 10, 5 - 10: contact two. In hindsight three would have paid.
    choice = choose_targets([0, 1, 1], p, value, contact_cost=10, save_rate=0.5)
    assert choice.k == 2
    assert choice.realised_profit == pytest.approx(-10 + 40)
    nobody = choose_targets([1, 1, 1], p, value, contact_cost=60, save_rate=0.5)
    assert (nobody.k, nobody.realised_profit) == (0, 0.0)


def test_targets_can_be_ranked_by_money_at_stake() -> None:
    choice = choose_targets(
        [1, 1], [0.9, 0.5], [10, 1000], contact_cost=6, save_rate=0.5, score=[0.9 * 10, 0.5 * 1000]
    )
    assert choice.k == 1
    assert choice.realised_profit == pytest.approx(494)


def test_psi_by_hand() -> None:
    # Reference halves at 2: shares 1/2 and 1/2 against 1/4 and 3/4.
    by_hand = -0.25 * math.log(0.5) + 0.25 * math.log(1.5)
    assert psi([1, 2, 3, 4], [2, 3, 4, 4], bins=2) == pytest.approx(by_hand)


def test_psi_counts_values_beyond_the_reference() -> None:
    reference = np.arange(100)
    assert psi(reference, reference) == 0
    # Everything in the last bin, of share 1/10; nine bins at half a customer of 100.
    by_hand = 0.9 * math.log(10) + 9 * (0.005 - 0.1) * math.log(0.05)
    assert psi(reference, reference + 1000) == pytest.approx(by_hand)
    assert psi(reference, reference - 1000) == pytest.approx(by_hand)


def test_psi_sees_a_constant_move_either_way() -> None:
    assert psi([0] * 50, [0] * 50) == 0
    assert psi([0] * 50, [1e-9] * 50) > 1
    assert psi([0] * 50, [-1e-9] * 50) > 1


def test_psi_keeps_a_heavy_value_apart_from_its_neighbours() -> None:
    reference = np.r_[np.zeros(60), np.arange(1, 41)]
    assert psi(reference, np.r_[np.full(60, 0.5), np.arange(1, 41)]) > 1


def test_psi_gives_missing_values_a_bin() -> None:
    reference = np.r_[np.arange(90.0), np.full(10, np.nan)]
    assert psi(reference, reference) == 0
    assert psi(reference, np.r_[np.arange(50.0), np.full(50, np.nan)]) > 0.5
    assert psi([np.nan] * 9, [np.nan] * 4) == 0


def test_psi_does_not_depend_on_the_size_of_a_sample_with_the_same_shares() -> None:
    reference = np.tile(np.arange(7), 30)
    assert psi(reference, np.tile(np.arange(7), 4)) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("decimals", [1, 2, 8])
def test_equal_to_scikit_learn_with_and_without_ties(decimals) -> None:
    rng = np.random.default_rng(decimals)
    p = rng.random(500).round(decimals)
    y = (rng.random(500) < p).astype(int)
    assert roc_auc(y, p) == pytest.approx(sk.roc_auc_score(y, p), abs=1e-12)
    assert average_precision(y, p) == pytest.approx(sk.average_precision_score(y, p), abs=1e-12)
    assert brier(y, p) == pytest.approx(sk.brier_score_loss(y, p), abs=1e-12)
    inside = p.clip(0.01, 0.99)
    assert log_loss(y, inside) == pytest.approx(sk.log_loss(y, inside), abs=1e-12)
    counts, called = confusion(y, p, 0.4), p >= 0.4
    assert counts.accuracy == pytest.approx(sk.accuracy_score(y, called))
    assert counts.precision == pytest.approx(sk.precision_score(y, called))
    assert counts.recall == pytest.approx(sk.recall_score(y, called))
    assert counts.f1 == pytest.approx(sk.f1_score(y, called))


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_leaves_ranking_undefined(label) -> None:
    y, p = [label] * 3, [0.2, 0.3, 0.9]
    assert math.isnan(roc_auc(y, p))
    assert math.isnan(normalised_gini(y, p))
    if label == 0:
        assert math.isnan(average_precision(y, p))
        assert math.isnan(best_f1_threshold(y, p))
        assert math.isnan(lift_at_k(y, p, 0.5))
    else:
        assert average_precision(y, p) == 1
        assert lift_at_k(y, p, 0.5) == 1


LABEL_AND_SCORE = [
    roc_auc,
    normalised_gini,
    average_precision,
    brier,
    log_loss,
    ece,
    reliability_table,
    best_f1_threshold,
    lambda y, p: confusion(y, p, 0.5),
    lambda y, p: precision_at_k(y, p, 0.2),
    lambda y, p: lift_at_k(y, p, 0.2),
    lambda y, p: choose_targets(y, p, p, contact_cost=1, save_rate=0.5),
]


@pytest.mark.parametrize("metric", LABEL_AND_SCORE)
def test_impossible_input_is_refused(metric) -> None:
    with pytest.raises(ModelError, match="at least one customer"):
        metric([], [])
    with pytest.raises(ModelError, match="equally long"):
        metric([0, 1], [0.5])
    with pytest.raises(
        ModelError, match=r"y must be 0 or 1, but 1 of 3 values are not, first 2 at position 1"
    ):
        metric([0, 2, 1], [0.5, 0.5, 0.5])
    with pytest.raises(ModelError, match=r"must be finite.* first nan at position 0"):
        metric([np.nan, 1], [0.5, 0.5])
    with pytest.raises(ModelError, match="must be finite"):
        metric([0, 1], [0.5, np.inf])
    with pytest.raises(ModelError, match="numbers only"):
        metric(["gone", "here"], [0.5, 0.5])
    with pytest.raises(ModelError, match="one-dimensional"):
        metric([[0, 1]], [[0.5, 0.5]])


@pytest.mark.parametrize("metric", [brier, log_loss, ece, reliability_table])
def test_probabilities_must_be_probabilities(metric) -> None:
    with pytest.raises(ModelError, match=r"p must be between 0 and 1.* first 1.5 at position 1"):
        metric([0, 1], [0.5, 1.5])


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(ModelError, match="bins=0"):
        ece(Y, P, bins=0)
    with pytest.raises(ModelError, match="bins=1"):
        psi([1, 2], [1, 2], bins=1)
    with pytest.raises(ModelError, match="0 of reference"):
        psi([], [1])
    for k_share in (0, 1.1, math.nan):
        with pytest.raises(ModelError, match="k_share"):
            precision_at_k(Y, P, k_share)
    with pytest.raises(ModelError, match="threshold"):
        confusion(Y, P, math.nan)
    for cost, rate in ((-1, 0.5), (1, 1.5), (math.nan, 0.5), (1, math.nan)):
        with pytest.raises(ModelError, match="contact_cost"):
            profit_curve(Y, P, P, contact_cost=cost, save_rate=rate)
    with pytest.raises(ModelError, match="outcome must be between 0 and 1"):
        profit_curve([2], [1], [1], contact_cost=1, save_rate=0.5)


def test_missing_values_have_a_bin_to_themselves() -> None:
    # Bins: up to 1, above 1, missing. 1 1 0 against 1 0 1, an empty one counting half: twice 0.25 ln 2.
    assert psi([1, 2], [1, np.nan], bins=2) == pytest.approx(0.5 * np.log(2))


def test_a_save_rate_of_nought_leaves_the_cost() -> None:
    curve = profit_curve([1, 0], [0.9, 0.1], [100, 100], contact_cost=2, save_rate=0)
    assert curve.tolist() == [0, -2, -4]
