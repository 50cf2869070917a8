"""The models that competed, saved beside the champion."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from churnkit.results.candidate_models import CandidateModel, CandidateModels
from churnkit.results.codec import part_to_json
from churnkit.results.model_record import ModelFigures, ModelMetadata
from churnkit.tournament.kept import KeptModel
from churnkit.tournament.knockout import Tournament
from churnkit.tournament.persistence import save_model
from churnkit.windows import CutoffPlan


def save_candidates(tournament: Tournament, plan: CutoffPlan, models_folder: Path) -> CandidateModels:
    """Save every competitor but the champion into ``models_folder``; what is known of each.

    Raises
    ------
    ModelError
        A model file cannot be written.
    """
    kept = tournament.kept
    board = tournament.leaderboard.set_index("candidate")
    champion = tournament.model
    return CandidateModels(
        champion_params=_numbers(kept.champion_params),
        champion_choices=_others(kept.champion_params),
        champion_members={
            member.fitted.name: float(member.weight / champion.slope) for member in champion.members
        }
        if len(champion.members) > 1
        else {},
        learned_rows=kept.learned_rows,
        validated_at=kept.validated_at,
        candidates=tuple(
            _saved(str(name), kept.models[str(name)], board.loc[name], plan, models_folder)
            for name in board.index
            if name in kept.models
        ),
    )


def _saved(
    name: str, kept: KeptModel, row: pd.Series, plan: CutoffPlan, models_folder: Path
) -> CandidateModel:
    metadata = ModelMetadata(
        champion=name,
        horizon_days=plan.horizon_days,
        cutoff=plan.scoring,
        features=tuple(kept.model.preparation.features) if kept.model.preparation else (),
    )
    saved = save_model(
        kept.model, models_folder, metadata=part_to_json(metadata), created_at=datetime.now(UTC)
    )
    return CandidateModel(
        name=name,
        file_name=saved.path.name,
        sha256=saved.sha256,
        params=_numbers(kept.params),
        choices=_others(kept.params),
        members=dict(kept.weights),
        figures=figures_of(row),
    )


def figures_of(row: pd.Series) -> ModelFigures:
    """The figures of a row of the leaderboard that the store keeps."""
    return ModelFigures(**{one.name: _known(row[one.name]) for one in fields(ModelFigures)})


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _numbers(params: Mapping[str, Any]) -> dict[str, int | float]:
    return {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in params.items()
        if _is_number(value)
    }


def _others(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items() if not _is_number(value)}


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
