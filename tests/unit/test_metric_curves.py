"""ROC and precision-recall points by hand, against scikit-learn, and thinned."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk

from churnkit.metrics import precision_recall_curve, roc_auc, roc_curve

Y = [1, 0, 1, 0, 0]
P = [0.9, 0.8, 0.6, 0.6, 0.1]


def test_roc_by_hand() -> None:
    # 0.9 finds one of two churners; 0.8 calls one of three stayers; the tie at 0.6 brings one of each.
    false_rate, true_rate = roc_curve(Y, P)
    assert true_rate.tolist() == [0, 0.5, 0.5, 1, 1]
    assert false_rate.tolist() == pytest.approx([0, 0, 1 / 3, 2 / 3, 1])


def test_precision_recall_by_hand() -> None:
    recall, precision = precision_recall_curve(Y, P)
    assert recall.tolist() == [0.5, 0.5, 1, 1]
    assert precision.tolist() == pytest.approx([1, 1 / 2, 2 / 4, 2 / 5])


def test_area_under_the_points_is_the_auc() -> None:
    rng = np.random.default_rng(1)
    y = rng.random(5000) < 0.3
    score = np.round(rng.normal(y, 1.0), 1)
    false_rate, true_rate = roc_curve(y, score, points=10_000)
    assert np.trapezoid(true_rate, false_rate) == pytest.approx(roc_auc(y, score))
    skipped = sk.roc_curve(y, score, drop_intermediate=False)
    np.testing.assert_allclose(false_rate, skipped[0])
    np.testing.assert_allclose(true_rate, skipped[1])


def test_thinning_keeps_the_ends_and_hardly_moves_the_area() -> None:
    rng = np.random.default_rng(2)
    y = rng.random(20_000) < 0.5
    score = rng.normal(y, 1.0)
    false_rate, true_rate = roc_curve(y, score)
    assert len(false_rate) <= 200
    assert (false_rate[0], true_rate[0], false_rate[-1], true_rate[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(true_rate, false_rate) == pytest.approx(roc_auc(y, score), abs=1e-3)
    recall, _precision = precision_recall_curve(y, score)
    assert len(recall) <= 200
    assert recall[-1] == 1
    assert (np.diff(recall) > 0).all()


def test_one_class_has_no_curve() -> None:
    assert [len(part) for part in roc_curve([1, 1], [0.1, 0.2])] == [0, 0]
    assert [len(part) for part in precision_recall_curve([0, 0], [0.1, 0.2])] == [0, 0]
