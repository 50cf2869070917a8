"""Preset, mapping file and suggestions -> the mapping and the rules that a file is read with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from churnkit.errors import MappingError
from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.export_rules import Preset, Rules
from churnkit.ingest.columns.mapping import IDENTITY, MONEY, ColumnMapping
from churnkit.ingest.columns.preset_contents import contents, contradiction, names_alone
from churnkit.ingest.columns.preset_lookup import NO_PRESET, detect_preset, get_preset
from churnkit.ingest.columns.reading import Reading
from churnkit.ingest.columns.suggested_mapping import Suggestion
from churnkit.ingest.columns.wrong_files import wrong_file
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import OpenQuestions, Question

_UNPROVEN = (
    "How {title} are read was written from their documentation, and no real file has proven it yet: compare the monthly"
    " totals with the shop's own."
)


@dataclass(frozen=True)
class MappingChoice:
    """What a file is read with, what must be answered first (``questions``), and what was seen on the way."""

    mapping: ColumnMapping
    rules: Rules = field(default_factory=Rules)
    preset: Preset | None = None
    suggestions: tuple[Suggestion, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    def require_answers(self, field_name: str | None = None) -> None:
        """Raise while something is open, or while the given field is.

        Raises
        ------
        MappingError
            Lists every open question with the way to answer it.
        """
        questions = [item for item in self.questions if field_name in (None, item.field)]
        if not questions:
            return
        raise OpenQuestions(questions)


def choose_mapping(raw: RawTable, reading: Reading) -> MappingChoice:
    """Settle the mapping: a mapping file goes before the preset, and that before suggestions.

    A mapping file that names customer, date and money is used as it is where no preset is recognised; one
    that names less is completed.

    Raises
    ------
    MappingError
        The mapping names columns that the file does not have, or the preset is unknown or does not fit.
    """
    given = (reading.mapping or ColumnMapping()).fitted(raw.columns)
    known = _preset(raw.columns, reading.preset)
    if known is not None and known.refusal:
        if given.is_complete:
            return MappingChoice(
                given, notes=(f"{known.title}: {known.refusal} It is read by the mapping file alone.",)
            )
        message = f"This is {known.title}. {known.refusal}"
        refusal = Question("customer_id", message, known.remedy, refusal=known.name)
        return MappingChoice(given, preset=known, questions=(refusal,))
    if known is not None:
        choice, doubt = _by_preset(known, given, raw, reading)
        if doubt is None:
            return choice
        note = f"The header is that of {known.title}, but {doubt}: the columns are judged by their contents."
        choice = _by_contents(raw, given, reading)
        return replace(choice, notes=(note, *choice.notes))
    return _by_contents(raw, given, reading)


def _by_contents(raw: RawTable, given: ColumnMapping, reading: Reading) -> MappingChoice:
    if given.is_complete:
        return MappingChoice(given, suggestions=_certain(given, "from the mapping file"))
    # The words of all languages, which a known export needs not.
    from churnkit.ingest.columns.suggest_by_header import suggest

    found = suggest(raw, reading.settings)
    wrong = wrong_file(raw, found.evidence)
    if wrong is not None:
        return MappingChoice(given, questions=(wrong,), evidence=found.evidence)
    merged = given.over(found.mapping)
    certain = {item.field: item for item in _certain(given, "from the mapping file")}
    kept = [item for item in found.fields if merged.columns.get(item.field) == item.column]
    return MappingChoice(
        merged,
        suggestions=(*certain.values(), *(item for item in kept if item.field not in certain)),
        questions=tuple(question for question in found.questions if not _is_answered(question, given)),
        notes=found.notes,
        evidence=found.evidence,
    )


def _preset(columns: tuple[str, ...], name: str | None) -> Preset | None:
    if name is None:
        return detect_preset(columns)
    return None if name.strip().lower() == NO_PRESET else get_preset(name)


def _by_preset(
    known: Preset, given: ColumnMapping, raw: RawTable, reading: Reading
) -> tuple[MappingChoice, str | None]:
    """The choice, and what contradicts it where nobody named the preset."""
    merged = given.over(known.mapping(raw.columns))
    missing = known.missing(merged)
    if missing:
        raise MappingError(
            f"Reading the file as {known.title}: it has no column {', and no column '.join(missing)}.",
            f"Export with all columns, or name others in a mapping file (--map). The file has:"
            f" {', '.join(map(repr, raw.columns))}.",
        )
    seen = contents(raw, merged, reading.settings)
    doubt = contradiction(seen) if reading.preset is None and not given.columns else None
    names = None if given.columns.keys() & set(IDENTITY) else names_alone(seen)
    suggestions = _certain(merged, f"the header is that of {known.title}")
    questions = () if names is None else (names,)
    notes = known.notes if known.proven else (*known.notes, _UNPROVEN.format(title=known.title))
    return MappingChoice(merged, known.rules, known, suggestions, questions, notes), doubt


def _certain(mapping: ColumnMapping, reason: str) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(name, column, 1.0, reason) for name, column in mapping.columns.items())


def _is_answered(question: Question, given: ColumnMapping) -> bool:
    answers: Iterable[str] = (question.field,)
    if question.field in IDENTITY:
        answers = IDENTITY
    elif question.field in MONEY:
        answers = MONEY
    return bool(given.columns.keys() & set(answers))
