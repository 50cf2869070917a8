"""Which of the known exports a file is, by its header or by name."""

from __future__ import annotations

from collections.abc import Iterable

from thefuzz import process

from churnkit.errors import MappingError
from churnkit.ingest.columns.export_rules import Preset
from churnkit.ingest.columns.presets import PRESETS
from churnkit.ingest.columns.synonyms import header_key

NO_PRESET = "none"
"""What ``--preset`` takes to leave the header's own format out of play."""


def preset_names() -> tuple[str, ...]:
    """Names that ``--preset`` takes."""
    return (NO_PRESET, *(preset.name for preset in PRESETS))


def unproven_names() -> tuple[str, ...]:
    """Those of them that no real file has proven yet."""
    return tuple(preset.name for preset in PRESETS if not preset.proven)


def detect_preset(columns: Iterable[str]) -> Preset | None:
    """The format whose fingerprint the header shows, None where there is none."""
    keys = frozenset(header_key(column) for column in columns)
    return next((preset for preset in PRESETS if preset.matches(keys)), None)


def get_preset(name: str) -> Preset:
    """The format of that name.

    Raises
    ------
    MappingError
        There is none.
    """
    for preset in PRESETS:
        if preset.name == name.strip().lower():
            return preset
    nearest = process.extractOne(name, preset_names())[0]
    raise MappingError(
        f"Choosing a preset: {name!r} is none; the nearest is {nearest!r}.",
        f"Presets: {', '.join(preset_names())}. No real file has proven {', '.join(unproven_names())} yet.",
    )
