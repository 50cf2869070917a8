"""Models that leave and enter as plain numbers: the same probabilities after as before, and nothing else comes in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.tree import DecisionTreeClassifier

from churnkit.errors import ModelError
from churnkit.explain.contributions import contributions
from churnkit.features.scaling import linear_pipeline
from churnkit.tournament.baselines import BASELINES, ReturnCurveRule, fit_baseline
from churnkit.tournament.calibration import Platt
from churnkit.tournament.candidates import CANDIDATES, KERNEL_SVM_MAX_ROWS, Fitted, fit_candidate
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.portable.files import MODEL_FILE, from_folder, to_files
from churnkit.tournament.portable.kinds import KINDS
from churnkit.tournament.portable.probe import Probe, probe_of
from churnkit.tournament.preparation import Preparation
from tests.unit.explain.conftest import SMALL, features_of, made_up_panel

SAME = 1e-9
TRAIN, NEWER = made_up_panel(400, seed=7), made_up_panel(200, seed=8)
CHURNED = TRAIN["churned"].to_numpy(dtype=float)
PREPARATION = Preparation(features_of(TRAIN), seed=3)
MATRIX = PREPARATION.fit_transform(TRAIN, CHURNED).to_numpy(dtype=float)
STOPS = np.arange(len(TRAIN)) % 5 == 0


def fitted(name: str, **params: Any) -> Fitted:
    candidate = next(c for c in CANDIDATES if c.name == name)
    chosen = {**candidate.default, **SMALL.get(name, {}), **params}
    return fit_candidate(candidate, chosen, MATRIX, CHURNED, STOPS, imbalance="class_weight", seed=1)


def model_of(*members: Any) -> ChurnModel:
    share = 1.0 / len(members)
    weighted = tuple(
        Member(member, Platt(0.8 + 0.1 * position, -0.2), share) for position, member in enumerate(members)
    )
    return ChurnModel("champion", 60, PREPARATION, weighted, level=0.3)


def written(item: object, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in to_files(item, KINDS).items():
        (folder / name).write_bytes(content)
    return folder


def loaded(item: object, folder: Path) -> Any:
    return from_folder(written(item, folder), KINDS)


@pytest.mark.parametrize("name", [candidate.name for candidate in CANDIDATES])
def test_every_candidate_scores_and_explains_as_before(name: str, tmp_path: Path) -> None:
    model = model_of(fitted(name))
    again = loaded(model, tmp_path / "model")
    np.testing.assert_allclose(again.p_churn(NEWER), model.p_churn(NEWER), rtol=0, atol=SAME)
    pd.testing.assert_frame_equal(
        contributions(again, NEWER).values, contributions(model, NEWER).values, rtol=0, atol=SAME
    )
    assert not [path for path in tmp_path.rglob("*") if path.suffix in (".joblib", ".pkl")]


def test_large_kernel_machines_too(tmp_path: Path) -> None:
    candidate = next(c for c in CANDIDATES if c.name == "svm")
    estimator = candidate.build({**SMALL["svm"], "rows": KERNEL_SVM_MAX_ROWS + 1}, 1).fit(MATRIX, CHURNED)
    model = model_of(Fitted("svm", estimator, 0.1, None))
    again = loaded(model, tmp_path / "model")
    np.testing.assert_allclose(again.p_churn(NEWER), model.p_churn(NEWER), rtol=0, atol=SAME)


@pytest.mark.parametrize("name", BASELINES)
def test_every_rule(name: str, tmp_path: Path) -> None:
    model = ChurnModel(name, 60, None, (), fit_baseline(name, TRAIN, 60), level=0.1)
    again = loaded(model, tmp_path / "model")
    np.testing.assert_allclose(again.p_churn(NEWER), model.p_churn(NEWER), rtol=0, atol=SAME)


def test_return_curve_and_blend_with_a_rule(tmp_path: Path) -> None:
    curve = ReturnCurveRule(np.linspace(1.0, 0.1, 120), 60)
    for model in (
        ChurnModel(curve.name, 60, None, (), curve),
        model_of(fitted("logistic_regression"), fitted("lightgbm"), fit_baseline("mbg_nbd", TRAIN, 60)),
    ):
        again = loaded(model, tmp_path / model.name)
        np.testing.assert_allclose(again.p_churn(NEWER), model.p_churn(NEWER), rtol=0, atol=SAME)


def test_boosters_without_early_stopping(tmp_path: Path) -> None:
    for name in ("xgboost", "lightgbm"):
        model = model_of(fitted(name, n_estimators=9))
        again = loaded(model, tmp_path / name)
        np.testing.assert_allclose(again.p_churn(NEWER), model.p_churn(NEWER), rtol=0, atol=SAME)


def test_estimators_of_candidates_on_demand(tmp_path: Path) -> None:
    filled = np.nan_to_num(MATRIX)
    tree = DecisionTreeClassifier(max_depth=4, random_state=1).fit(filled, CHURNED)
    network = linear_pipeline(MLPClassifier((6,), max_iter=400, tol=0.05, random_state=1))
    network.fit(MATRIX, CHURNED)
    again = loaded(tree, tmp_path / "tree")
    np.testing.assert_array_equal(again.predict_proba(filled), tree.predict_proba(filled))
    again = loaded(network, tmp_path / "network")
    np.testing.assert_allclose(again.predict_proba(MATRIX), network.predict_proba(MATRIX), rtol=0, atol=SAME)
    step = IsotonicRegression(out_of_bounds="clip").fit(filled[:, 0], CHURNED)
    again = loaded(step, tmp_path / "isotonic")
    np.testing.assert_array_equal(again.predict(filled[:, 1]), step.predict(filled[:, 1]))


def test_a_class_of_no_kind_is_named() -> None:
    with pytest.raises(ModelError, match="SGDClassifier") as caught:
        to_files(SGDClassifier().fit(np.nan_to_num(MATRIX), CHURNED), KINDS)
    assert "kinds.py" in caught.value.remedy


def test_other_text_and_numbers_come_back(tmp_path: Path) -> None:
    item = {
        "a": (1, 2.5, None, True),
        3: [np.array([1, 2], dtype="int32"), float("nan")],
        "ü": np.array(["x", None]),
    }
    again = loaded(item, tmp_path / "item")
    assert again["a"] == item["a"]
    assert again[3][0].dtype == np.dtype("int32")
    assert np.isnan(again[3][1])
    assert again["ü"].tolist() == ["x", None]


def changed(folder: Path, change: Any) -> Path:
    head = json.loads((folder / MODEL_FILE).read_text())
    change(head)
    (folder / MODEL_FILE).write_text(json.dumps(head))
    return folder


def test_only_known_classes_are_made(tmp_path: Path) -> None:
    folder = written(model_of(fitted("logistic_regression")), tmp_path / "model")

    def other_class(head: Any) -> None:
        head["values"] = {"kind": "system", "with": {"command": "touch /tmp/x"}}

    with pytest.raises(ModelError, match="damaged"):
        from_folder(changed(folder, other_class), KINDS)


@pytest.mark.parametrize("place", ["format", "version", "values", "sha256", "versions"])
def test_a_head_without_its_parts_is_refused(place: str, tmp_path: Path) -> None:
    folder = written(model_of(fitted("logistic_regression")), tmp_path / "model")
    with pytest.raises(ModelError, match=r"damaged|not one of churnkit"):
        from_folder(changed(folder, lambda head: head.pop(place)), KINDS)


def test_newer_format_asks_for_an_update(tmp_path: Path) -> None:
    folder = written(model_of(fitted("logistic_regression")), tmp_path / "model")
    with pytest.raises(ModelError, match="version 99") as caught:
        from_folder(changed(folder, lambda head: head.update(version=99)), KINDS)
    assert caught.value.remedy == "Update churnkit."


def test_changed_missing_and_linked_files_are_refused(tmp_path: Path) -> None:
    folder = written(model_of(fitted("xgboost")), tmp_path / "model")
    booster = folder / "booster_1.json"
    content = booster.read_bytes()
    booster.write_bytes(content.replace(b"0", b"1", 1))
    with pytest.raises(ModelError, match="not the file that was written"):
        from_folder(folder, KINDS)
    booster.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        from_folder(folder, KINDS)
    outside = tmp_path / "outside.json"
    outside.write_bytes(content)
    booster.symlink_to(outside)
    with pytest.raises(ModelError, match="no file of a model"):
        from_folder(folder, KINDS)


def test_files_outside_the_folder_are_not_read(tmp_path: Path) -> None:
    folder = written(model_of(fitted("logistic_regression")), tmp_path / "model")
    with pytest.raises(ModelError, match="no file of a model"):
        from_folder(changed(folder, lambda head: head["sha256"].update({"../secret": "0" * 64})), KINDS)


def test_pickled_arrays_are_not_loaded(tmp_path: Path) -> None:
    import hashlib

    folder = written(model_of(fitted("logistic_regression")), tmp_path / "model")
    np.savez(folder / "arrays.npz", a1=np.array([{"any": "object"}], dtype=object))
    found = hashlib.sha256((folder / "arrays.npz").read_bytes()).hexdigest()
    with pytest.raises(ModelError, match="damaged"):
        from_folder(changed(folder, lambda head: head["sha256"].update({"arrays.npz": found})), KINDS)


def test_trees_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    tree = DecisionTreeClassifier(max_depth=3, random_state=1).fit(np.nan_to_num(MATRIX), CHURNED)
    for field, value in (("left_child", 0), ("right_child", 99), ("feature", 10_000)):

        def broken(array: np.ndarray, value: int = value) -> np.ndarray:
            values = array.copy()
            values[0] = value
            return values

        files = _with_array(to_files(tree, KINDS), field, broken)
        folder = tmp_path / field
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        with pytest.raises(ModelError, match="damaged"):
            from_folder(folder, KINDS)


def _with_array(files: Any, field: str, change: Any) -> dict[str, bytes]:
    """The files of one tree with one of its arrays changed and the hash made to fit."""
    import hashlib
    import io

    head = json.loads(files[MODEL_FILE])
    key = next(pair[1]["array"] for pair in head["values"]["with"]["trees"]["map"] if pair[0] == field)
    arrays = dict(np.load(io.BytesIO(files["arrays.npz"])))
    arrays[key] = change(arrays[key])
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    head["sha256"]["arrays.npz"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    return {**files, "arrays.npz": buffer.getvalue(), MODEL_FILE: json.dumps(head).encode()}


def test_probe_notices_another_model() -> None:
    model = model_of(fitted("logistic_regression"))
    probe = probe_of(model)
    assert probe.difference(model) == 0.0
    assert probe.difference(model.at_level(0.4)) > 1e-4
    assert probe.difference(replace(model, members=model_of(fitted("lightgbm")).members)) > 1e-4
    assert Probe(probe.p_churn[:3]).difference(model) == float("inf")
