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
from churnkit.ingest import Reading
from churnkit.results.codec import part_to_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Settings = TypeVar("Settings", bound="DataclassInstance")

_PARTS: Mapping[str, type] = {
    "gates": Gates,
    "threshold": ThresholdSettings,
    "tiers": Tiers,
    "money": Money,
    "tournament": TournamentSettings,
    "weights": ScoreWeights,
}


def settings_as_json(settings: AnalysisSettings, reading: Reading) -> dict[str, Any]:
    """Nested JSON values of every setting, and of how the file is read: its ``ingest`` settings and ``as_of``."""
    asked = part_to_json(reading)
    return {"as_of": asked["as_of"], "ingest": asked["settings"], **settings.as_dict()}


def settings_from_json(values: Mapping[str, Any]) -> AnalysisSettings:
    """The settings that :func:`settings_as_json` wrote; what is missing takes its default, what is unknown is left out.

    Raises
    ------
    SettingsError
        A value lies outside its allowed range.
    """
    return build(AnalysisSettings, values)


def reading_from_json(values: Mapping[str, Any]) -> Reading:
    """How the file is read, as far as :func:`settings_as_json` wrote it: without its columns.

    Raises
    ------
    SettingsError
        A value lies outside its allowed range.
    """
    as_of = values.get("as_of")
    return Reading(
        settings=build(IngestSettings, values.get("ingest") or {}),
        as_of=datetime.fromisoformat(as_of) if as_of else None,
    )


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
