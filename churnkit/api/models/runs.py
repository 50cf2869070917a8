"""Runs and models, as the API tells of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from churnkit.api.models.figures import Figure, Instant
from churnkit.results.codec import plain
from churnkit.store import Run, RunKind, StoredModel
from churnkit.tournament.names import model_label, model_meaning

RUN_ID = "77d1b6a3b0e24b0d8a4a8a3f1f0b2c4d"
RUN_EXAMPLE: JsonDict = {
    "run_id": RUN_ID,
    "analysis_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
    "is_current": True,
    "horizon_days": 90,
    "champion": "blend",
    "champion_label": "Blend",
    "model_id": "a9a0c6f7a1f64fd0b0a7ac2c5ad9f6a2",
    "kind": "analysis",
    "trained_by": None,
    "history_version": None,
    "finished_at": "2026-03-31T08:16:40Z",
    "figures": {
        "method": "models",
        "cutoff": "2026-03-31T00:00:00Z",
        "customers": 2084,
        "mean_p_churn": 0.33,
        "verdict": "models",
        "roc_auc": 0.81,
        "test_roc_auc": 0.8,
        "test_roc_auc_active": 0.72,
        "test_log_loss": 0.48,
        "test_ece": 0.02,
    },
}
MODEL_EXAMPLE: JsonDict = {
    "model_id": "a9a0c6f7a1f64fd0b0a7ac2c5ad9f6a2",
    "analysis_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
    "run_id": RUN_ID,
    "type": "blend",
    "label": "Blend",
    "meaning": "the average, in log-odds, of the models named as its members",
    "is_champion": True,
    "scored_its_run": True,
    "trained_at": "2026-03-31T08:16:02Z",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "f1": 0.71,
    "precision": 0.66,
    "recall": 0.77,
    "roc_auc": 0.81,
    "log_loss": 0.47,
}


class RunFiguresAnswer(BaseModel):
    """The figures by which runs are compared; null where a run has none."""

    method: Literal["models", "btyd", "rules"] | None
    cutoff: Instant | None = Field(description="The date that customers were scored at.")
    customers: int | None
    mean_p_churn: Figure
    verdict: str | None
    roc_auc: Figure = Field(description="On validation dates, by which the champion was chosen.")
    test_roc_auc: Figure = Field(description="On the last complete window, which no choice has seen.")
    test_roc_auc_active: Figure = Field(description="The same among the customers active at its start.")
    test_log_loss: Figure
    test_ece: Figure


class RunAnswer(BaseModel):
    """One version of an analysis."""

    model_config = ConfigDict(json_schema_extra={"examples": [RUN_EXAMPLE]})

    run_id: str
    analysis_id: str
    is_current: bool = Field(description="Whether its results count, on every page and in every answer.")
    horizon_days: int
    champion: str = Field(
        description="What scored the customers: a model, or a simple rule where none beat it."
    )
    champion_label: str
    model_id: str | None = Field(description="The champion's file; null where nothing was trained.")
    kind: RunKind = Field(
        description="`analysis` trained models; `refresh` scored by the model of the run `trained_by`."
    )
    trained_by: str | None = Field(description="Of a refresh: the run whose model scored, or should have.")
    history_version: int | None = Field(
        description="Version of the shop's history; null where nothing was added to its first file."
    )
    finished_at: datetime
    figures: RunFiguresAnswer = Field(
        description="Of a refresh, what was tested was tested when its model was trained."
    )

    @classmethod
    def of(cls, run: Run, current: str | None) -> RunAnswer:
        """The answer about a run; ``current`` is the one whose results count."""
        return cls(
            run_id=run.run_id,
            analysis_id=run.session_id,
            is_current=run.run_id == current,
            horizon_days=run.horizon_days,
            champion=run.champion,
            champion_label=model_label(run.champion),
            model_id=run.model_id,
            kind=run.kind,
            trained_by=run.trained_by,
            history_version=run.history_version,
            finished_at=run.finished_at,
            figures=RunFiguresAnswer(**vars(run.summary)),
        )


class ChosenRun(BaseModel):
    """The run whose results are to count."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"run_id": RUN_ID}]})

    run_id: str = Field(min_length=1, max_length=64)


class ModelAnswer(BaseModel):
    """A fitted model that is kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [MODEL_EXAMPLE]})

    model_id: str
    analysis_id: str
    run_id: str | None = Field(description="The run that it was fitted for.")
    type: str
    label: str
    meaning: str
    is_champion: bool = Field(description="Whether the results that count now are its.")
    scored_its_run: bool = Field(
        description="Whether it was its run's champion; others competed and are kept."
    )
    trained_at: datetime
    sha256: str
    f1: Figure = Field(description="On validation dates, as the other figures.")
    precision: Figure
    recall: Figure
    roc_auc: Figure
    log_loss: Figure

    @classmethod
    def of(cls, model: StoredModel, run: Run | None) -> ModelAnswer:
        """The answer about a model of a run."""
        return cls(**_model_values(model, run))


class ModelDetails(ModelAnswer):
    """A fitted model with how it was made."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **MODEL_EXAMPLE,
                    "hyperparameters": {"params": "", "members": "svm + xgboost"},
                    "metadata": {},
                }
            ]
        }
    )

    hyperparameters: dict[str, Any]
    metadata: dict[str, Any] = Field(
        description="The question that it answers, and the columns that it looks at."
    )

    @classmethod
    def of(cls, model: StoredModel, run: Run | None) -> ModelDetails:
        """The answer about a model of a run."""
        return cls(
            **_model_values(model, run),
            hyperparameters=plain(model.hyperparameters),
            metadata=plain(model.metadata),
        )


def _model_values(model: StoredModel, run: Run | None) -> dict[str, Any]:
    figures = ("f1", "precision", "recall", "roc_auc", "log_loss")
    return {
        "model_id": model.model_id,
        "analysis_id": model.session_id,
        "run_id": model.run_id,
        "type": model.model_type,
        "label": model_label(model.model_type),
        "meaning": model_meaning(model.model_type),
        "is_champion": model.is_champion,
        "scored_its_run": run is not None and run.model_id == model.model_id,
        "trained_at": model.trained_at,
        "sha256": model.sha256,
        **{name: getattr(model, name) for name in figures},
    }
