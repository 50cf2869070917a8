"""Model files: what is saved comes back, and nothing else is ever unpickled."""

from __future__ import annotations

import hashlib
import json
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from churnkit.errors import ModelError
from churnkit.features.feature_selection import FeatureSelector
from churnkit.tournament import persistence
from churnkit.tournament.persistence import ModelVersionWarning, SavedModel, load_model, save_model


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.mark), "w")


@pytest.fixture
def saved(tmp_path: Path) -> SavedModel:
    return save_model({"weights": [1, 2]}, tmp_path / "models", metadata={"horizon_days": 60})


def load(saved: SavedModel, path: Path | None = None) -> object:
    return load_model(path or saved.path, expected_sha256=saved.sha256, folder=saved.path.parent)


def test_model_comes_back(tmp_path: Path) -> None:
    x, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
    model = LogisticRegression().fit(x, y)
    saved = save_model(model, tmp_path / "a" / "b", metadata={})
    loaded = load(saved)
    assert isinstance(loaded, LogisticRegression)
    np.testing.assert_array_equal(loaded.predict_proba(x), model.predict_proba(x))


def test_a_class_is_found_under_the_name_its_module_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    then, now = "churnkit.features.selection", "churnkit.features.feature_selection"
    monkeypatch.delitem(sys.modules, then, raising=False)
    monkeypatch.setattr(FeatureSelector, "__module__", then)
    monkeypatch.setitem(sys.modules, then, sys.modules[now])
    saved = save_model(FeatureSelector(), tmp_path, metadata={})
    monkeypatch.delitem(sys.modules, then)
    assert isinstance(load(saved), FeatureSelector)


def test_sidecar_tells_where_the_model_comes_from(tmp_path: Path) -> None:
    fitted_at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    saved = save_model([1], tmp_path, metadata={"features": ["recency_days"]}, created_at=fitted_at)
    record = json.loads(saved.metadata_path.read_text(encoding="utf-8"))
    assert record == saved.metadata
    assert record["sha256"] == saved.sha256 == hashlib.sha256(saved.path.read_bytes()).hexdigest()
    assert record["size_bytes"] == saved.path.stat().st_size
    assert record["created_at"] == "2026-03-01T12:00:00+00:00"
    assert record["metadata"] == {"features": ["recency_days"]}
    assert record["versions"]["numpy"] == np.__version__
    assert {"python", "churnkit", "scikit-learn", "joblib"} <= set(record["versions"])


def test_every_save_has_a_name_of_its_own_and_leaves_no_scraps(tmp_path: Path) -> None:
    first, second = (save_model([1], tmp_path, metadata={}) for _ in range(2))
    assert first.path != second.path
    assert sorted(tmp_path.iterdir()) == sorted(
        [first.path, first.metadata_path, second.path, second.metadata_path]
    )


def test_tampered_file_is_never_unpickled(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    saved = save_model([1], tmp_path / "models", metadata={})
    joblib.dump(Trap(mark), saved.path)

    with pytest.raises(ModelError, match="has not been opened"):
        load(saved)
    assert not mark.exists()

    trusted = hashlib.sha256(saved.path.read_bytes()).hexdigest()
    opened: Any = load_model(saved.path, expected_sha256=trusted, folder=saved.path.parent)
    opened.close()
    assert mark.exists(), "the trap itself must work"


def test_one_changed_bit_is_noticed(saved: SavedModel) -> None:
    content = bytearray(saved.path.read_bytes())
    content[-1] ^= 1
    saved.path.write_bytes(content)
    with pytest.raises(ModelError, match="changed or damaged"):
        load(saved)


@pytest.mark.parametrize("sha256", ["", "0" * 63, "g" * 64, "A" * 64])
def test_hash_must_be_a_hash(saved: SavedModel, sha256: str) -> None:
    with pytest.raises(ModelError, match="64 hexadecimal digits"):
        load_model(saved.path, expected_sha256=sha256, folder=saved.path.parent)


def test_missing_file_is_named(saved: SavedModel) -> None:
    saved.path.unlink()
    with pytest.raises(ModelError, match="cannot be read") as caught:
        load(saved)
    assert saved.path.name in caught.value.message


def test_file_outside_the_folder_is_refused(saved: SavedModel, tmp_path: Path) -> None:
    outside = tmp_path / "outside.joblib"
    outside.write_bytes(saved.path.read_bytes())
    folder = saved.path.parent
    link = folder / "link.joblib"
    link.symlink_to(outside)
    neighbour = tmp_path / "models-of-others"
    neighbour.mkdir()
    (neighbour / "x.joblib").write_bytes(saved.path.read_bytes())
    for path in (outside, folder / ".." / "outside.joblib", link, neighbour / "x.joblib"):
        with pytest.raises(ModelError, match="must lie inside"):
            load(saved, path)


def test_folder_is_the_configured_one_by_default(saved: SavedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(saved.path.parent))
    assert load_model(saved.path, expected_sha256=saved.sha256) == {"weights": [1, 2]}
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(saved.path.parent / "elsewhere"))
    with pytest.raises(ModelError, match="must lie inside"):
        load_model(saved.path, expected_sha256=saved.sha256)


def test_other_versions_are_reported(saved: SavedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {**persistence.installed_versions(), "numpy": "99.0"}
    versions.pop("joblib")
    monkeypatch.setattr(persistence, "installed_versions", lambda: versions)
    with pytest.warns(ModelVersionWarning, match=f"numpy {np.__version__} then, 99.0 now") as caught:
        load(saved)
    assert len(caught) == 1
    assert "joblib" in str(caught[0].message)
    assert "scipy" not in str(caught[0].message)


def test_same_versions_are_silent(saved: SavedModel) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(saved) == {"weights": [1, 2]}


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"versions": 3}'])
def test_damaged_sidecar_is_refused(saved: SavedModel, content: str | None) -> None:
    if content is None:
        saved.metadata_path.unlink()
    else:
        saved.metadata_path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="sidecar"):
        load(saved)


def test_model_that_the_libraries_cannot_read_is_explained(tmp_path: Path) -> None:
    saved = save_model([1], tmp_path, metadata={})
    content = b"cno_such_module\nNoSuchClass\n."
    saved.path.write_bytes(content)
    with pytest.raises(ModelError, match="cannot read it") as caught:
        load_model(saved.path, expected_sha256=hashlib.sha256(content).hexdigest(), folder=tmp_path)
    assert caught.value.remedy == "Train the model again."


def test_metadata_and_model_must_be_storable(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="JSON values"):
        save_model([1], tmp_path, metadata={"f1": float("nan")})
    with pytest.raises(ModelError, match="cannot be pickled"):
        save_model(lambda: None, tmp_path, metadata={})
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ModelError, match="must be writable"):
        save_model([1], tmp_path / "file", metadata={})
