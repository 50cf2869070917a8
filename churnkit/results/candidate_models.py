"""``candidates.json``: the files of every model that competed, and what tuning chose for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.results.codec import Step
from churnkit.results.model_record import ModelFigures

CANDIDATES = "candidates.json"


@dataclass(frozen=True, kw_only=True)
class CandidateModel:
    """A competitor that did not win, fitted.

    Attributes
    ----------
    name
        In the leaderboard.
    file_name, sha256
        Of its file in the models folder. A description: what may be opened is decided by the store's hash.
    params, choices
        What tuning chose, exactly: numbers, and what is no number; empty for blends and rules.
    members
        Of a blend: weight by name; empty for others.
    figures
        On the validation rows.
    """

    name: str
    file_name: str
    sha256: str
    params: Mapping[str, int | float]
    choices: Mapping[str, str]
    members: Mapping[str, float]
    figures: ModelFigures


@dataclass(frozen=True, kw_only=True)
class CandidateModels:
    """All of a run.

    Attributes
    ----------
    champion_params, champion_choices, champion_members
        What tuning chose for the champion, numbers and others, and the weights of its members.
    learned_rows, validated_at
        How many past outcomes the candidates learned from, and the date after all of them at which they were validated.
    candidates
        In the order of the leaderboard.
    """

    title: ClassVar[str] = "the models that competed"
    steps: ClassVar[tuple[Step, ...]] = ()

    champion_params: Mapping[str, int | float]
    champion_choices: Mapping[str, str]
    champion_members: Mapping[str, float]
    learned_rows: int
    validated_at: datetime
    candidates: tuple[CandidateModel, ...]
