"""Our uplift models and Qini curve give the numbers of EconML 0.17, CausalML 0.18 and scikit-uplift 0.5.1.

The three install beside pandas 3.1 and scikit-learn 1.9, but bring numba, LLVM and matplotlib with them and have
neither bands nor money, so they are no dependencies. The numbers below come from a scratch environment with
``pip install econml==0.17.0 causalml==0.18.0 scikit-uplift==0.5.1`` and, on the customers of :func:`customers`::

    model = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), RidgeCV(alphas=[0.1, ..., 1e5]))
    econml.metalearners.TLearner(models=model).fit(spend[:400], T[:400], X=x[:400]).effect(x[400:])
    econml.metalearners.XLearner(models=model, cate_models=model,
        propensity_model=DummyClassifier(strategy="prior")).fit(...).effect(x[400:])
    causalml.inference.meta.BaseTRegressor(learner=model), BaseXRegressor(learner=model)  # equal to 1e-12
    sklift.metrics.qini_curve(bought, x[:, 1].round(1), T)
"""

from __future__ import annotations

import numpy as np
import pytest

from churnkit.experiments.uplift import qini_curve
from churnkit.experiments.uplift.regressions import _two_model, _x_learner

COUNT, FITTED = 600, 400


@pytest.fixture(scope="module")
def customers() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features, who was contacted, who bought and for how much."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(COUNT, 3))
    treated = rng.random(COUNT) < 0.4
    p = 1 / (1 + np.exp(-(-1 + 0.8 * x[:, 0] + treated * (0.3 + 0.9 * x[:, 1]))))
    bought = (rng.random(COUNT) < p).astype(float)
    return x, treated, bought, np.round(bought * rng.gamma(2, 20, COUNT), 2)


@pytest.mark.parametrize(
    ("fit", "expected"),
    [
        (_two_model, [-0.297441, -8.871091, 12.626005, 0.370484]),
        (_x_learner, [0.057371, -8.792792, 12.639368, 0.36199]),
    ],
)
def test_effects_are_those_of_econml_and_causalml(customers, fit, expected) -> None:
    x, treated, _, spend = customers
    share = float(treated[:FITTED].mean())
    assert share == 0.38
    effect = fit(x[:FITTED], treated[:FITTED], spend[:FITTED], share, "linear", 0)
    assert effect(x[FITTED : FITTED + 4]) == pytest.approx(expected, abs=2e-6)


def test_qini_curve_is_that_of_scikit_uplift(customers) -> None:
    x, treated, bought, _ = customers
    curve = qini_curve(x[:, 1].round(1), treated, bought, points=COUNT, resamples=2)
    assert len(curve.share) == 54
    assert (curve.share[[5, 20, 40]] * COUNT).round(9).tolist() == [11, 159, 553]
    gain = curve.gain * treated.sum()
    assert gain[[5, 20, 40]] == pytest.approx([1.857143, 31.569767, 25.332335], abs=1e-6)
    assert gain[-1] == pytest.approx(22.90410958904109)
    assert curve.coefficient.value == pytest.approx(0.06589933042371843)
