"""The MLflow server that versions of the analysis are told to."""

from __future__ import annotations

import os

TRACKING_URI = "MLFLOW_TRACKING_URI"
"""MLflow's own name for it, so that whoever has it set already needs nothing more."""


def tracking_uri() -> str | None:
    """Its address, as MLflow takes it (``https://mlflow.example``, ``sqlite:///mlflow.db``); None where there is none."""
    return os.environ.get(TRACKING_URI, "").strip() or None
