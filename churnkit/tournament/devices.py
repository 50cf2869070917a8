"""Boosted trees on a graphics card: tried where it is asked for, else on the processor, and said."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from functools import cache
from typing import Any

import numpy as np

from churnkit.config import BOOSTER_DEVICE, DeviceName, booster_device
from churnkit.tournament.failures import fit_errors
from churnkit.tournament.names import model_label

BOOSTERS = ("xgboost", "lightgbm")
_ROWS = 64
_TRYING = threading.Lock()


def on_device(name: str) -> dict[str, Any]:
    """Parameters that have a boosted model trained where it is asked for; none for the processor."""
    if found_device(name) == "cpu":
        return {}
    # Row by row is the processor's way alone.
    return {"device": "cuda"} if name == "xgboost" else {"device_type": "cuda", "force_row_wise": False}


def to_processor(name: str, estimator: Any) -> None:
    """Have a fitted model forecast on the processor: it is asked where no card may be, often for single customers."""
    if name == "xgboost" and found_device(name) != "cpu":
        estimator.set_params(device="cpu")
        estimator.get_booster().set_param({"device": "cpu"})


def found_device(name: str) -> DeviceName:
    """Where a boosted model is trained: where it is asked for, if a small fit goes well there."""
    return "cpu" if booster_device() == "cpu" else _tried(name)


def device_notes() -> tuple[str, ...]:
    """What a reader must know of where boosted models were trained; nothing unless a card was asked for."""
    if booster_device() == "cpu":
        return ()
    return tuple(
        f"{model_label(name)} was trained on a graphics card: the same seed may give slightly other figures elsewhere."
        if found_device(name) == "cuda"
        else f"{model_label(name)} was trained on the processor: {BOOSTER_DEVICE} asks for a graphics card, and it finds"
        " none or was installed without support for one."
        for name in BOOSTERS
    )


@cache
def _tried(name: str) -> DeviceName:
    # Its messages are the library's; what matters of them is told by device_notes. Fits run in threads: of two that turn
    # the output away at once, the later would leave it so.
    with _TRYING, contextlib.redirect_stdout(io.StringIO()):
        return _xgboost() if name == "xgboost" else _lightgbm()


def _rows() -> tuple[np.ndarray, np.ndarray]:
    matrix = np.random.default_rng(0).random((_ROWS, 2))
    return matrix, (matrix[:, 0] > 0.5).astype(int)


def _xgboost() -> DeviceName:
    from xgboost import XGBClassifier

    model = XGBClassifier(n_estimators=1, tree_method="hist", device="cuda", n_jobs=1, verbosity=0)
    try:
        model.fit(*_rows())
    except fit_errors():
        return "cpu"
    # Without a card it works on the processor and says so here alone.
    used = json.loads(model.get_booster().save_config())["learner"]["generic_param"]["device"]
    return "cuda" if str(used).startswith("cuda") else "cpu"


def _lightgbm() -> DeviceName:
    from lightgbm import LGBMClassifier

    model = LGBMClassifier(n_estimators=1, device_type="cuda", n_jobs=1, verbose=-1)
    try:
        model.fit(*_rows())
    except fit_errors():
        return "cpu"
    return "cuda"
