"""Runs, models and what a session's analysis found, as the tables hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from churnkit.results.codec import JsonObject
from churnkit.results.run_figures import RunFigures

if TYPE_CHECKING:
    import pandas as pd

RunKind = Literal["analysis", "refresh"]


@dataclass(frozen=True)
class ModelFile:
    """A model file to be recorded; ``figures`` as in ``Store.models.add``."""

    model_type: str
    file_path: Path
    sha256: str
    figures: Mapping[str, float | None] = field(default_factory=dict)
    hyperparameters: Mapping[str, object] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredModel:
    """A fitted model's file, its SHA-256 and its figures (None where a figure does not apply).

    ``run_id`` is the run that it was fitted for; None for a model that no run is known of.
    """

    model_id: str
    session_id: str
    run_id: str | None
    model_type: str
    file_path: Path
    sha256: str
    f1: float | None
    precision: float | None
    recall: float | None
    roc_auc: float | None
    log_loss: float | None
    is_champion: bool
    trained_at: datetime
    hyperparameters: JsonObject
    metadata: JsonObject


@dataclass(frozen=True)
class ModelSeal:
    """The model file of a run, by name, and the SHA-256 that its bytes must have to be opened."""

    file_name: str
    sha256: str


@dataclass(frozen=True)
class Run:
    """One version of an analysis; ``summary`` holds the few figures by which versions are compared.

    Attributes
    ----------
    model_id
        What scored; of a refresh the model of the run ``trained_by``.
    kind
        Whether models were trained for it, or it was scored by one that an earlier run had trained.
    history_version
        The last addition to the shop's history that it knew; None for a run on its first file alone.
    followed_up
        Whether what follows a run has been done.
    is_challenger
        Whether it was made to be compared with the run on screen, and was never shown.
    """

    run_id: str
    session_id: str
    model_id: str | None
    horizon_days: int
    champion: str
    summary: RunFigures
    finished_at: datetime
    kind: RunKind = "analysis"
    history_version: int | None = None
    trained_by: str | None = None
    followed_up: bool = True
    is_challenger: bool = False


@dataclass(frozen=True)
class RunFiles:
    """What a run on screen says: the frame of ``Store.predictions.replace``, and insights by part."""

    predictions: pd.DataFrame
    insights: Mapping[str, object]
    transactions_path: Path
    panel_path: Path | None


@dataclass(frozen=True)
class PredictionPage:
    """Some rows of a session's predictions, and how many there are in all under the same filter."""

    rows: pd.DataFrame
    total: int


@dataclass(frozen=True)
class Insights:
    """What a session's analysis found, as JSON values."""

    insight_id: str
    session_id: str
    summary_stats: JsonObject
    segments: Any
    feature_importance: Any
    recommendations: Any
    generated_at: datetime
