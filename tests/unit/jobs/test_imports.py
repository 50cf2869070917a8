"""The server and a first look import no model library: start-up and first figures must not wait for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
HEAVY = ("sklearn", "xgboost", "lightgbm", "shap", "statsmodels", "scipy.optimize", "scipy.stats")


@pytest.mark.parametrize(
    "modules",
    [
        "churnkit.jobs, churnkit.services.workspace.workspace_preferences",
        "churnkit.worker.one_job, churnkit.services.look.first_look",
    ],
)
def test_no_model_library_is_imported(modules: str) -> None:
    code = f"import {modules}, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.strip() == "[]"
