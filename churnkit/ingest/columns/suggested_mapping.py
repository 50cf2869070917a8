"""What is proposed for a file's columns, and what only its owner can say."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.mapping import ColumnMapping
from churnkit.ingest.questions import Question


@dataclass(frozen=True)
class Suggestion:
    """A field, its column, confidence 0..1, the reason, and other columns with their confidence."""

    field: str
    column: str
    confidence: float
    reason: str
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class SuggestedMapping:
    """A suggestion for every field that has one; ``questions`` must be answered before the file can be used."""

    fields: tuple[Suggestion, ...]
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: Mapping[str, Evidence] = dataclasses.field(default_factory=dict)

    @property
    def mapping(self) -> ColumnMapping:
        """The suggestions as a mapping."""
        return ColumnMapping({item.field: item.column for item in self.fields})
