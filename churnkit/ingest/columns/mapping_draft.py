"""An assignment of columns to fields while it is checked and corrected."""

from __future__ import annotations

from collections.abc import Iterable

from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.column_pairs import ColumnPairs
from churnkit.ingest.columns.suggested_mapping import SuggestedMapping, Suggestion
from churnkit.ingest.columns.suitability import Score
from churnkit.ingest.questions import Choice, Question

MIN_CONFIDENCE = 0.6
# Two columns this close in confidence are equally good.
_TIE = 0.03


class MappingDraft:
    """Columns by field in ``chosen``, with what speaks for them, what is still to ask, and what to tell."""

    def __init__(
        self,
        evidence: dict[str, Evidence],
        pairs: ColumnPairs,
        scores: dict[tuple[str, str], Score],
        chosen: dict[str, str],
    ) -> None:
        self.evidence = evidence
        self.pairs = pairs
        self.scores = scores
        self.chosen = chosen
        self.overrides: dict[str, Score] = {}
        self.questions: list[Question] = []
        self.notes: list[str] = []

    def result(self) -> SuggestedMapping:
        """The suggestions as they stand."""
        fields = []
        for field, column in self.chosen.items():
            if field == "customer_name":
                continue
            basis = self.overrides.get(field) or self.scores[field, column]
            fields.append(
                Suggestion(field, column, round(basis.confidence, 2), basis.reason, self.alternatives(field))
            )
        return SuggestedMapping(tuple(fields), tuple(self.questions), tuple(self.notes), self.evidence)

    def free(self) -> list[str]:
        """Columns that no field has taken."""
        taken = set(self.chosen.values())
        return [name for name in self.evidence if name not in taken]

    def alternatives(self, field: str) -> tuple[tuple[str, float], ...]:
        """The three best other columns for a field, with their confidence."""
        column = self.chosen.get(field)
        ranked = sorted(
            (
                (name, round(self.scores[field, name].confidence, 2))
                for name in self.evidence
                if name != column and (field, name) in self.scores
            ),
            key=lambda item: (-item[1], item[0]),
        )
        return tuple(item for item in ranked[:3] if item[1] >= 0.4)

    def ties(self, field: str) -> list[str]:
        """Free columns that suit the field as well as the chosen one."""
        best = self.scores[field, self.chosen[field]].confidence
        return [name for name in self.free() if self.scores[field, name].confidence >= best - _TIE]

    def put(self, field: str, column: str, confidence: float, reason: str) -> None:
        """Take a column for a field, for another reason than its score."""
        self.chosen[field] = column
        self.overrides[field] = Score(confidence, reason)

    def ask(self, field: str, message: str, keys: str, columns: Iterable[str]) -> None:
        """Leave a field open; ``keys`` is what a mapping file calls it."""
        names = list(columns)
        remedy = f"Name the right column as {keys} in a mapping file (--map): {quoted(names)}."
        choices = tuple(Choice(name, {field: name}) for name in names)
        self.questions.append(Question(field, message, remedy, choices))

    def refuse(self, field: str, message: str, remedy: str, refusal: str) -> None:
        """Say that no column can be a field, and what is needed instead."""
        self.questions.append(Question(field, message, remedy, refusal=refusal))


def quoted(names: Iterable[str]) -> str:
    """Names of columns in a sentence."""
    return ", ".join(repr(name) for name in names)
