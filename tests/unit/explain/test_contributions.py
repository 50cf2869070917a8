"""Contributions add up to the log-odds, and are what the cited methods say they are."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not the attribute of pandas

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from math import comb
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.neural_network import MLPClassifier

from churnkit.errors import ModelError
from churnkit.explain.boosted import lightgbm_contributions, xgboost_contributions
from churnkit.explain.contributions import contributions
from churnkit.explain.forest import forest_contributions
from churnkit.explain.kernel import kernel_contributions
from churnkit.explain.linear import linear_contributions, standardised
from churnkit.explain.process_parts import PROCESS_INPUTS, exact_shapley, process_contributions
from churnkit.explain.sampling import sampled_contributions
from churnkit.features.purchase_process import add_purchase_process
from churnkit.features.scaling import linear_pipeline
from churnkit.tournament.baselines import BASELINES, RECENCY_FREQUENCY, ReturnCurveRule, fit_baseline
from churnkit.tournament.calibration import Isotonic, Platt
from churnkit.tournament.candidates import CANDIDATES, ON_DEMAND, Fitted
from churnkit.tournament.margins import to_logit
from churnkit.tournament.model import ChurnModel, Member

Fit = Callable[..., ChurnModel]
NAMES = [candidate.name for candidate in (*CANDIDATES, *ON_DEMAND)]
NUMBERS = ["recency_days", "order_count", "gap_mean_days", "discount_share"]


def only(model: ChurnModel) -> Fitted:
    """The one candidate of a model that is no blend."""
    (member,) = model.members
    assert isinstance(member.fitted, Fitted)
    return member.fitted


def features_of(model: ChurnModel) -> Sequence[str]:
    assert model.preparation is not None
    return model.preparation.features


def matrix_of(model: ChurnModel, rows: pd.DataFrame) -> np.ndarray:
    return model.matrix(rows)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("imbalance", ["none", "class_weight"])
def test_contributions_add_up_to_the_margin(fit: Fit, rows: pd.DataFrame, name: str, imbalance: str) -> None:
    model = fit(name, imbalance=imbalance)
    parts = contributions(model, rows)
    assert parts.values.shape == parts.matrix.shape == (500, len(features_of(model)))
    assert list(parts.values.index) == list(range(500))
    assert set(parts.values.columns) == set(features_of(model))
    np.testing.assert_allclose(parts.base + parts.values.sum(axis=1), model.margin(rows), atol=1e-9)
    np.testing.assert_allclose(parts.p_churn, model.p_churn(rows), atol=1e-9)
    assert parts.values.to_numpy().std() > 0.01


def test_blend_is_the_weighted_sum_of_its_members(fit: Fit, rows: pd.DataFrame) -> None:
    blend = fit("logistic_regression", "lightgbm", "xgboost")
    parts = contributions(blend, rows)
    np.testing.assert_allclose(parts.margin, blend.margin(rows), atol=1e-9)
    alone = [
        contributions(replace(blend, members=(replace(member, weight=1.0),), level=0.0), rows)
        for member in blend.members
    ]
    np.testing.assert_allclose(parts.values, sum(a.values for a in alone) / 3, atol=1e-6)
    assert parts.base == pytest.approx(sum(a.base for a in alone) / 3 + 0.3)


def test_kernel_machine_on_many_rows_adds_up(
    fit: Fit, make_panel: Callable[[int, int], pd.DataFrame]
) -> None:
    many = make_panel(2100, 1)
    model = fit("svm", train=many)
    assert "kernel" in only(model).estimator.named_steps
    parts = contributions(model, many.iloc[:200])
    np.testing.assert_allclose(parts.margin, model.margin(many.iloc[:200]), atol=1e-9)


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_add_up(rows: pd.DataFrame, name: str) -> None:
    model = ChurnModel(name, 60, None, (), fit_baseline(name, rows, 60), Platt(0.7, 0.1), level=-0.4)
    parts = contributions(model, rows)
    np.testing.assert_allclose(parts.margin, model.margin(rows), atol=1e-9)
    assert (parts.values.shape[1] == 0) == (name == "base_rate")


def test_return_curve_is_all_recency(rows: pd.DataFrame) -> None:
    rule = ReturnCurveRule(np.linspace(1.0, 0.2, 200), 60)
    model = ChurnModel(rule.name, 60, None, (), rule, level=0.2)
    parts = contributions(model, rows)
    assert list(parts.values.columns) == ["recency_days"]
    np.testing.assert_allclose(parts.margin, model.margin(rows), atol=1e-9)


@pytest.mark.parametrize("kept", [True, False])
def test_process_in_a_blend(fit: Fit, rows: pd.DataFrame, kept: bool) -> None:
    """Whether or not selection left the process's column to the other members."""
    columns = ["recency_days", "order_count", *(["btyd_p_no_purchase"] if kept else [])]
    blend = fit("logistic_regression", "lightgbm", columns=columns)
    process = Member(fit_baseline("mbg_nbd", rows, 60), Platt(0.9, 0.1), 0.5)
    model = replace(blend, members=(*blend.members, process))
    parts = contributions(model, rows)
    np.testing.assert_allclose(parts.margin, model.margin(rows), atol=1e-9)
    assert list(parts.values.columns) == ["recency_days", "order_count", "btyd_p_no_purchase"]
    with pytest.raises(ModelError, match="btyd_p_no_purchase"):
        contributions(model, rows.drop(columns="btyd_p_no_purchase"))


@pytest.fixture(scope="module")
def process_rows(make_panel: Callable[[int, int], pd.DataFrame]) -> pd.DataFrame:
    return add_purchase_process(make_panel(400, 11).drop(columns="btyd_p_no_purchase"), 60)


def test_process_is_taken_apart(process_rows: pd.DataFrame) -> None:
    baseline = fit_baseline("mbg_nbd", process_rows, 60)
    model = ChurnModel("mbg_nbd", 60, None, (), baseline, Platt(0.7, 0.1), level=-0.4)
    parts = contributions(model, process_rows)
    assert tuple(parts.values.columns) == PROCESS_INPUTS
    np.testing.assert_allclose(parts.margin, model.margin(process_rows), atol=1e-9)
    # A longer silence never helps, and it matters.
    repeats = process_rows["repeat_count"].to_numpy() > 0
    silence = process_rows["recency_days"].to_numpy()[repeats]
    push = parts.values["recency_days"].to_numpy()[repeats]
    assert np.corrcoef(silence, push)[0, 1] > 0.5


def test_process_of_some_customers_stays_whole(process_rows: pd.DataFrame) -> None:
    model = ChurnModel("mbg_nbd", 60, None, (), fit_baseline("mbg_nbd", process_rows, 60))
    some = process_rows.iloc[:100]
    parts = contributions(model, some)
    assert list(parts.values.columns) == ["btyd_p_no_purchase"]
    np.testing.assert_allclose(parts.margin, model.margin(some), atol=1e-9)
    assert process_contributions(process_rows.iloc[:3], 60) is None
    assert process_contributions(process_rows.drop(columns="t_x_days"), 60) is None


def test_exact_shapley_by_hand() -> None:
    """xy + z from (0, 0, 0) to (2, 3, 5): x and y share 6, z has 5."""
    values = exact_shapley(lambda v: v[:, 0] * v[:, 1] + v[:, 2], np.array([[2.0, 3.0, 5.0]]), np.zeros(3))
    np.testing.assert_allclose(values, [[3.0, 3.0, 5.0]])


def test_exact_shapley_is_its_definition() -> None:
    def margin(v: np.ndarray) -> np.ndarray:
        return np.sin(v[:, 0] * v[:, 1]) + v[:, 2] * v[:, 3] * v[:, 0]

    z = np.random.default_rng(0).normal(size=(20, 4))
    expected = brute_force(margin, z, [[0], [1], [2], [3]])
    np.testing.assert_allclose(exact_shapley(margin, z, np.zeros(4)), expected, atol=1e-12)


def test_some_of_the_customers(fit: Fit, rows: pd.DataFrame) -> None:
    parts = contributions(fit("logistic_regression"), rows)
    some = parts.take(np.array([7, 3]))
    assert some.margin.tolist() == parts.margin[[7, 3]].tolist()
    assert list(some.values.index) == list(some.matrix.index) == [0, 1]


def test_smote_changes_nothing_about_adding_up(fit: Fit, rows: pd.DataFrame) -> None:
    few = pd.concat([rows[rows["churned"] == 0], rows[rows["churned"] == 1].iloc[:30]])
    model = fit("logistic_regression", train=few, imbalance="smote")
    np.testing.assert_allclose(contributions(model, rows).margin, model.margin(rows), atol=1e-9)


@pytest.mark.parametrize("name", ["logistic_regression", "lightgbm"])
def test_a_curve_of_calibration_changes_nothing_about_adding_up(
    fit: Fit, rows: pd.DataFrame, name: str
) -> None:
    model = fit(name)
    curve = Isotonic((-2.0, 0.0, 0.5, 3.0), (-1.0, -0.6, 0.9, 2.0))
    bent = replace(model, members=(replace(model.members[0], scaling=curve),))
    parts, before = contributions(bent, rows), contributions(model, rows)
    np.testing.assert_allclose(parts.margin, bent.margin(rows), atol=1e-9)
    assert (parts.values.to_numpy() * before.values.to_numpy() >= -1e-12).all(), (
        "a feature still pulls its way"
    )


def test_linear_contribution_by_hand() -> None:
    """Two features; the second is missing once. Values stay below 5, so no logarithm is taken."""
    x = np.array([[1.0, 0.0], [2.0, 4.0], [3.0, np.nan], [4.0, 2.0]])
    pipeline = linear_pipeline(
        next(c for c in CANDIDATES if c.name == "logistic_regression").build({"C": 1.0}, 0)[-1]
    )
    pipeline.fit(x, np.array([0, 1, 0, 1]))
    slope, second, flag = pipeline[-1].coef_[0]
    values, base = linear_contributions(pipeline, x)
    assert base == pipeline[-1].intercept_[0]
    # First: mean 2.5, variance (2.25 + 0.25) / 2. Second: filled with its median 2, so mean 2, variance 2.
    np.testing.assert_allclose(values[:, 0], slope * np.array([-1.5, -0.5, 0.5, 1.5]) / np.sqrt(1.25))
    # The flag has mean 1/4 and variance 3/16 and belongs to the feature that it flags.
    flagged = flag * (np.array([0.0, 0.0, 1.0, 0.0]) - 0.25) / np.sqrt(3 / 16)
    np.testing.assert_allclose(values[:, 1], second * np.array([-2.0, 2.0, 0.0, 0.0]) / np.sqrt(2) + flagged)


BOOSTED = {"lightgbm": lightgbm_contributions, "xgboost": xgboost_contributions}


def native(fitted: Fitted, x: np.ndarray) -> np.ndarray:
    """The library's own contributions for everybody at once."""
    if fitted.name == "lightgbm":
        return np.asarray(fitted.estimator.predict(x, pred_contrib=True))[:, :-1]
    import xgboost

    booster = fitted.estimator.get_booster()
    return booster.predict(xgboost.DMatrix(x), pred_contribs=True, iteration_range=(0, fitted.tree_count))[
        :, :-1
    ]


@pytest.mark.parametrize("name", BOOSTED)
@pytest.mark.parametrize("early_stopping", [True, False])
def test_boosted_contributions_are_the_librarys(
    fit: Fit, rows: pd.DataFrame, name: str, early_stopping: bool
) -> None:
    model = fit(name, early_stopping=early_stopping)
    fitted, x = only(model), model.matrix(rows)
    np.testing.assert_allclose(
        BOOSTED[name](fitted.estimator, x, fitted.tree_count), native(fitted, x), atol=2e-6
    )


@pytest.mark.parametrize("name", BOOSTED)
def test_trees_that_are_fitted_again_are_read_again(fit: Fit, rows: pd.DataFrame, name: str) -> None:
    model = fit(name, early_stopping=False)
    fitted, x = only(model), model.matrix(rows)
    before = BOOSTED[name](fitted.estimator, x, fitted.tree_count)
    fitted.estimator.fit(x, 1 - rows["churned"])
    after = BOOSTED[name](fitted.estimator, x, fitted.tree_count)
    np.testing.assert_allclose(after, native(fitted, x), atol=2e-6)
    assert np.abs(after - before).max() > 0.1


@pytest.mark.parametrize("name", BOOSTED)
def test_values_on_a_threshold_and_missing_ones_take_their_own_way(
    fit: Fit, rows: pd.DataFrame, name: str
) -> None:
    """Customers who differ only in which side of a threshold they stand on must not be taken for one another."""
    model = fit(name, early_stopping=False)
    fitted = only(model)
    values = np.unique(model.matrix(rows)[:, :4], axis=0)[:40]
    thresholds = thresholds_of(fitted)
    rng = np.random.default_rng(0)
    x = np.tile(model.matrix(rows)[:40], (20, 1))
    for feature, known in thresholds.items():
        offered = np.concatenate(
            [known, np.nextafter(known, -np.inf), np.nextafter(known, np.inf), [np.nan, 0.0]]
        )
        x[:, feature] = rng.choice(offered, len(x))
    assert len(values) and len(thresholds) > 10
    np.testing.assert_allclose(
        BOOSTED[name](fitted.estimator, x, fitted.tree_count), native(fitted, x), atol=2e-6
    )


def thresholds_of(fitted: Fitted) -> dict[int, np.ndarray]:
    """Split points by feature, from the libraries' own tables."""
    if fitted.name == "lightgbm":
        table = fitted.estimator.booster_.trees_to_dataframe().dropna(subset=["threshold"])
        table = table.assign(feature=table["split_feature"].str.removeprefix("Column_").astype(int))
        kind: Any = float
    else:
        table = fitted.estimator.get_booster().trees_to_dataframe()
        table = table[table["Feature"] != "Leaf"].rename(columns={"Split": "threshold"})
        table = table.assign(feature=table["Feature"].str.removeprefix("f").astype(int))
        kind = np.float32
    return {int(k): group["threshold"].to_numpy(dtype=kind) for k, group in table.groupby("feature")}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:LightGBM binary classifier:UserWarning")
@pytest.mark.parametrize("name", BOOSTED)
def test_boosted_contributions_equal_tree_explainer(fit: Fit, rows: pd.DataFrame, name: str) -> None:
    import shap

    model = fit(name, early_stopping=False)
    fitted, x = only(model), model.matrix(rows)
    trees = fitted.estimator.booster_ if name == "lightgbm" else fitted.estimator
    expected = shap.TreeExplainer(trees).shap_values(x)
    np.testing.assert_allclose(BOOSTED[name](fitted.estimator, x, fitted.tree_count), expected, atol=1e-5)


@pytest.mark.parametrize("name", BOOSTED)
def test_a_tree_in_twigs_says_what_it_says_in_one_piece(
    fit: Fit, rows: pd.DataFrame, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("churnkit.tournament.boosted_twigs.FEW_BITS", 2)
    fitted = only(model := fit(name, early_stopping=False))
    x = model.matrix(rows)
    np.testing.assert_allclose(BOOSTED[name](fitted.estimator, x, TREES), native(fitted, x), atol=2e-6)


@pytest.mark.parametrize("name", BOOSTED)
def test_a_leaf_behind_too_many_features_for_a_table_is_left_to_the_library(
    fit: Fit, rows: pd.DataFrame, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("churnkit.explain.boosted.MOST_BITS", 1)
    monkeypatch.setattr("churnkit.explain.boosted._add", None)
    fitted = only(model := fit(name, early_stopping=False))
    x = model.matrix(rows)
    np.testing.assert_array_equal(BOOSTED[name](fitted.estimator, x, TREES), native(fitted, x))


TREES = 25


class Stump:
    """A tree by hand: feature 0 at 0.5, then on the right feature 1 at 0.5; churn rates 0.1, (0.5, 0.9)."""

    children_left = np.array([1, -1, 3, -1, -1])
    children_right = np.array([2, -1, 4, -1, -1])
    feature = np.array([0, -2, 1, -2, -2])
    threshold = np.array([0.5, -2.0, 0.5, -2.0, -2.0])
    weighted_n_node_samples = np.array([8.0, 4.0, 4.0, 2.0, 2.0])
    node_count = 5
    value = np.array([[[0.6, 0.4]], [[0.9, 0.1]], [[0.3, 0.7]], [[0.5, 0.5]], [[0.1, 0.9]]])


class StumpPipe:
    """A pipeline of one forest of one tree."""

    def __init__(self) -> None:
        tree = SimpleNamespace(tree_=Stump)
        self.steps = [("model", SimpleNamespace(classes_=np.array([0.0, 1.0]), estimators_=[tree]))]

    def __getitem__(self, _part: slice) -> StumpPipe:
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        return x


@pytest.mark.parametrize("leaves", [1, 2, 3])
def test_forest_contributions_by_hand(leaves: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known features alone, the rest averaged: of (1, 1), 0.4 for none, 0.7 and 0.5 for one, 0.9 for both."""
    monkeypatch.setattr("churnkit.explain.forest._FEW_CUSTOMERS", 0)
    monkeypatch.setattr("churnkit.explain.forest._LEAVES_OF_TWIG", leaves)
    values, base = forest_contributions(StumpPipe(), np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]))
    assert base == pytest.approx(np.log(0.4 / 0.6))
    np.testing.assert_allclose(values.sum(axis=1) + base, np.log([1 / 9, 1.0, 9.0]), atol=1e-12)
    shapley = np.array([[-0.25, -0.05], [0.25, -0.15], [0.35, 0.15]])
    np.testing.assert_allclose(
        values / values.sum(axis=1, keepdims=True), shapley / shapley.sum(axis=1, keepdims=True)
    )


@pytest.mark.parametrize("imbalance", ["none", "class_weight"])
@pytest.mark.parametrize("few", [0, 1000])
def test_forest_contributions_are_shaps(
    fit: Fit, rows: pd.DataFrame, imbalance: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of customers who stand on thresholds and beside them too."""
    from shap import TreeExplainer

    monkeypatch.setattr("churnkit.explain.forest._FEW_CUSTOMERS", few)
    model = fit("random_forest", imbalance=imbalance)
    pipeline, x = only(model).estimator, model.matrix(rows)[:120]
    on_thresholds(x[60:], pipeline[-1])
    values, base = forest_contributions(pipeline, x)
    inputs = pipeline[:-1].transform(x)
    exact = TreeExplainer(pipeline[-1]).shap_values(inputs)[:, :, 1]
    stretch = values.sum(axis=1) / exact.sum(axis=1)
    assert (stretch > 0).all()
    np.testing.assert_allclose(values, exact * stretch[:, None], atol=1e-9)
    np.testing.assert_allclose(
        base + values.sum(axis=1), to_logit(pipeline.predict_proba(x)[:, 1]), atol=1e-9
    )


def on_thresholds(x: np.ndarray, forest: Any) -> None:
    """Put half of the values on a threshold of their feature, or as near to one as single precision allows."""
    rng = np.random.default_rng(3)
    feature = np.concatenate([tree.tree_.feature for tree in forest.estimators_])
    threshold = np.concatenate([tree.tree_.threshold for tree in forest.estimators_])
    for column in np.unique(feature[feature >= 0]):
        known = threshold[feature == column].astype(np.float32)
        near = [known, np.nextafter(known, np.float32(-np.inf)), np.nextafter(known, np.float32(np.inf))]
        chosen = rng.random(len(x)) < 0.5
        x[chosen, column] = rng.choice(np.concatenate(near), chosen.sum())


def brute_force(
    margin: Callable[[np.ndarray], np.ndarray], z: np.ndarray, players: list[list[int]]
) -> np.ndarray:
    """Shapley values by their definition: every coalition, absent players at 0."""
    count = len(players)
    values = np.zeros((len(z), count))
    for player in range(count):
        others = [k for k in range(count) if k != player]
        for size in range(count):
            for coalition in combinations(others, size):
                without = np.zeros_like(z)
                for k in coalition:
                    without[:, players[k]] = z[:, players[k]]
                joined = without.copy()
                joined[:, players[player]] = z[:, players[player]]
                values[:, player] += (margin(joined) - margin(without)) / (count * comb(count - 1, size))
    return values


@pytest.mark.parametrize("rows_in_training", [500, 2100])
def test_kernel_contributions_are_shapley_values(
    fit: Fit, make_panel: Callable[[int, int], pd.DataFrame], rows_in_training: int
) -> None:
    train = make_panel(rows_in_training, 5)
    model = fit("svm", train=train, columns=NUMBERS)
    pipeline, x = only(model).estimator, model.matrix(train)[:30]
    values, base = kernel_contributions(pipeline, x)
    position = [name for name, _step in pipeline.steps].index("scale")
    behind = pipeline[position + 1 :]
    # Only the gap is ever missing; its flag is the fifth input.
    expected = brute_force(behind.decision_function, standardised(pipeline, x), [[0], [1], [2, 4], [3]])
    np.testing.assert_allclose(values, expected, atol=1e-6)
    assert base == pytest.approx(behind.decision_function(np.zeros((1, 5)))[0])


def test_kernel_contributions_far_from_the_training_rows(fit: Fit, rows: pd.DataFrame) -> None:
    model = fit("svm")
    far = rows.assign(recency_days=1e7, monetary_mean=-1e5).iloc[:5]
    parts = contributions(model, far)
    np.testing.assert_allclose(parts.margin, model.margin(far), atol=1e-9)


def test_sampling_is_exact_without_interactions(fit: Fit, rows: pd.DataFrame) -> None:
    model = fit("logistic_regression")
    fitted, x = only(model), model.matrix(rows)[:20]
    names = features_of(model)
    values, base = sampled_contributions(fitted, x, names, seed=1)
    expected, expected_base = linear_contributions(fitted.estimator, x)
    np.testing.assert_allclose(values, expected, atol=1e-9)
    assert base == pytest.approx(expected_base)


def test_sampling_comes_near_the_kernel_machines_values(fit: Fit, rows: pd.DataFrame) -> None:
    model = fit("svm", columns=NUMBERS)
    fitted, x = only(model), model.matrix(rows)[:100]
    values, base = sampled_contributions(fitted, x, NUMBERS, seed=1)
    exact, exact_base = kernel_contributions(fitted.estimator, x)
    assert base == pytest.approx(exact_base)
    np.testing.assert_allclose(values.sum(axis=1), exact.sum(axis=1), atol=1e-9)
    assert np.abs(values - exact).mean() < 0.05 * np.abs(exact).mean()


def test_unknown_models_are_sampled_by_the_seed(fit: Fit, rows: pd.DataFrame) -> None:
    known = fit("logistic_regression", columns=NUMBERS)
    network = linear_pipeline(MLPClassifier((4,), max_iter=2000, random_state=0, solver="lbfgs"))
    network.fit(known.matrix(rows), rows["churned"])
    member = replace(known.members[0], fitted=Fitted("network", network, 0.1, None))
    model = replace(known, members=(member,))
    some = rows.iloc[:40]
    once, again, other = (contributions(model, some, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_allclose(once.margin, model.margin(some), atol=1e-9)
    pd.testing.assert_frame_equal(once.values, again.values)
    assert not np.allclose(once.values, other.values, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_customers_contributions_do_not_depend_on_the_others(
    fit: Fit, rows: pd.DataFrame, name: str
) -> None:
    model = fit(name)
    everybody = contributions(model, rows)
    alone = contributions(model, rows.iloc[[123]])
    np.testing.assert_allclose(alone.values.to_numpy()[0], everybody.values.to_numpy()[123], atol=1e-6)
    assert alone.base == pytest.approx(everybody.base, abs=1e-5)


@pytest.mark.parametrize("name", [*NAMES, "base_rate", "recency_rule"])
def test_nobody_to_explain(fit: Fit, rows: pd.DataFrame, name: str) -> None:
    baseline = name in BASELINES
    model = ChurnModel(name, 60, None, (), fit_baseline(name, rows, 60)) if baseline else fit(name)
    parts = contributions(model, rows.iloc[:0])
    assert len(parts.values) == len(parts.margin) == 0


def test_missing_columns_are_named(fit: Fit, rows: pd.DataFrame) -> None:
    model = fit("logistic_regression")
    with pytest.raises(ModelError, match=r"2 are missing, e\.g\. 'recency_days'"):
        contributions(model, rows.drop(columns=["recency_days", "order_count"]))


def test_parts_that_do_not_add_up_are_never_shown(fit: Fit, rows: pd.DataFrame) -> None:
    """As after an update of a library that counts the trees in another way."""
    model = fit("lightgbm", early_stopping=False)
    short = replace(model.members[0], fitted=replace(only(model), tree_count=3))
    with pytest.raises(ModelError, match="must add up"):
        contributions(replace(model, members=(short,)), rows)


def test_customers_explained_in_chunks_are_explained_alike(
    fit: Fit, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A blend with a rule among its members, and a curve that bends: both go by the reference of the first customers."""
    model = fit("logistic_regression", "lightgbm", "xgboost", columns=[*NUMBERS, "favourite_category"])
    rule = Member(
        fit_baseline(RECENCY_FREQUENCY, rows, 60), Isotonic((-2.0, 0.0, 3.0), (-1.5, 0.2, 2.0)), 0.5
    )
    both = replace(model, members=(*model.members, rule))
    whole = contributions(both, rows)
    np.testing.assert_allclose(whole.margin, both.margin(rows), atol=1e-9)
    monkeypatch.setattr("churnkit.explain.contributions.CHUNK_ROWS", 130)
    parts = contributions(both, rows)
    # Few customers are asked about in the library's call: single precision.
    assert parts.base == pytest.approx(whole.base, abs=1e-6)
    pd.testing.assert_frame_equal(parts.values, whole.values, atol=1e-5)
    pd.testing.assert_frame_equal(parts.matrix, whole.matrix)
    np.testing.assert_allclose(parts.margin, both.margin(rows), atol=1e-9)
