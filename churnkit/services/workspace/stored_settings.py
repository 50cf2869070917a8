"""Settings between dataclasses and the JSON that the store and the worker's request keep."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from churnkit.config import (
    AnalysisSettings,
    Gates,
    IngestSettings,
    Money,
    ScoreWeights,
    ThresholdSettings,
    Tiers,
    TournamentSettings,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Settings = TypeVar("Settings", bound="DataclassInstance")

_PARTS: Mapping[str, type] = {
    "ingest": IngestSettings,
    "gates": Gates,
    "threshold": ThresholdSettings,
    "tiers": Tiers,
    "money": Money,
    "tournament": TournamentSettings,
    "weights": ScoreWeights,
}


def settings_as_json(settings: AnalysisSettings) -> dict[str, Any]:
    """Nested JSON values of every setting."""
    values = dict(settings.as_dict())
    values["as_of"] = settings.as_of.isoformat() if settings.as_of else None
    return values


def settings_from_json(values: Mapping[str, Any]) -> AnalysisSettings:
    """The settings that :func:`settings_as_json` wrote; what is missing takes its default, what is unknown is left out.

    Raises
    ------
    SettingsError
        A value lies outside its allowed range.
    """
    as_of = values.get("as_of")
    known = {**values, "as_of": datetime.fromisoformat(as_of) if as_of else None}
    return build(AnalysisSettings, known)


def build(kind: type[Settings], values: Mapping[str, Any]) -> Settings:
    """A settings dataclass from a mapping of its fields, nested ones by name."""
    names = {field.name for field in dataclasses.fields(kind)}
    return kind(
        **{
            name: build(_PARTS[name], value) if name in _PARTS else value
            for name, value in values.items()
            if name in names
        }
    )
