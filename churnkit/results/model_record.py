"""What a run says of its champion: ``model.json``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.results.codec import Step


@dataclass(frozen=True, kw_only=True)
class ModelFigures:
    """How the champion did on the validation cutoffs; None where a figure does not apply."""

    f1: float | None
    precision: float | None
    recall: float | None
    roc_auc: float | None
    log_loss: float | None


@dataclass(frozen=True, kw_only=True)
class Hyperparameters:
    """What tuning chose, and the members of a blend, as the leaderboard writes them."""

    params: str
    members: str


@dataclass(frozen=True, kw_only=True)
class ModelMetadata:
    """The question that a model answers, and the columns of the panel that it looks at."""

    champion: str
    horizon_days: int
    cutoff: datetime
    features: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ModelRecord:
    """The champion's file and what is known of it.

    Attributes
    ----------
    file_path
        Where the file lay when it was written; its name is what holds.
    sha256
        Of the file's bytes. A description: what may be opened is decided by the store's hash.
    """

    title: ClassVar[str] = "the model's record"
    steps: ClassVar[tuple[Step, ...]] = ()

    file_path: str
    sha256: str
    model_type: str
    trained_at: datetime
    figures: ModelFigures
    hyperparameters: Hyperparameters
    metadata: ModelMetadata
