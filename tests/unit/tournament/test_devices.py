"""Boosted trees on a graphics card: only where asked for, and with words where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from churnkit.config import BOOSTER_DEVICE
from churnkit.errors import SettingsError
from churnkit.tournament import devices
from churnkit.tournament.candidates import candidate_named, fit_candidate
from churnkit.tournament.devices import BOOSTERS, device_notes, found_device


@pytest.fixture(autouse=True)
def tried_anew() -> Iterator[None]:
    devices._tried.cache_clear()
    yield
    devices._tried.cache_clear()


def forecast(name: str) -> np.ndarray:
    rng = np.random.default_rng(1)
    matrix = rng.random((200, 3))
    churned = (matrix[:, 0] + 0.3 * rng.random(200) > 0.6).astype(float)
    candidate = candidate_named(name)
    params = {**candidate.default, "n_estimators": 5}
    nobody = np.zeros(200, dtype=bool)
    return fit_candidate(candidate, params, matrix, churned, nobody, imbalance="none", seed=3).margin(matrix)


def test_nothing_is_tried_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BOOSTER_DEVICE, raising=False)
    monkeypatch.setattr(devices, "_tried", None)
    assert {found_device(name) for name in BOOSTERS} == {"cpu"}
    assert device_notes() == ()
    monkeypatch.setenv(BOOSTER_DEVICE, "tpu")
    with pytest.raises(SettingsError, match="one of cpu, cuda"):
        found_device("xgboost")


@pytest.mark.parametrize("name", BOOSTERS)
def test_without_a_card_the_processor_trains_the_same_and_it_is_said(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = forecast(name)
    monkeypatch.setenv(BOOSTER_DEVICE, "cuda")
    # Also on a machine that has a card.
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    np.testing.assert_array_equal(forecast(name), wanted)
    (note,) = (one for one in device_notes() if one.lower().startswith(name))
    assert "was trained on the processor" in note and BOOSTER_DEVICE in note


def test_with_a_card_models_are_trained_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BOOSTER_DEVICE, "cuda")
    for name in BOOSTERS:
        monkeypatch.setattr(devices, f"_{name}", lambda: "cuda")
    xgboost, lightgbm = (
        candidate_named(name).build(candidate_named(name).default, 3).get_params() for name in BOOSTERS
    )
    assert xgboost["device"] == "cuda"
    assert (lightgbm["device_type"], lightgbm["force_row_wise"]) == ("cuda", False)
    assert all("was trained on a graphics card" in note for note in device_notes())
    # What was trained there forecasts on the processor.
    devices._tried.cache_clear()
    estimator = candidate_named("xgboost").build({**candidate_named("xgboost").default, "n_estimators": 2}, 3)
    estimator.set_params(device="cpu").fit(np.arange(20.0)[:, None], np.arange(20) % 2)
    devices.to_processor("xgboost", estimator)
    assert estimator.get_params()["device"] == "cpu"
