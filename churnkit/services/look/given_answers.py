"""What a shop's owner answered about an export: joined for the reader, kept for the next export of the same kind."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from churnkit.config import IngestSettings
from churnkit.ingest import FIELDS, Inspection, Reading, answer_tree, answered
from churnkit.results.codec import part_from_json, part_to_json
from churnkit.store import Store

BY_HAND = "columns"
_BEGINNING_BYTES = 65_536
# Files that begin with these are containers whose bytes differ with every export.
_CONTAINERS = (b"PK", b"\x1f\x8b", b"PAR1", b"\xd0\xcf\x11\xe0")
_CODE = re.compile("[A-Z]{3}")
_TITLE = "saved answers"


@dataclass(frozen=True)
class GivenAnswer:
    """One answer.

    Attributes
    ----------
    field
        The field of its question; ``columns`` for columns chosen by hand.
    label
        In words, for the page.
    answer
        As ``ingest.answered`` takes it.
    early
        Whether it was given before the header could be read, about the encoding or the sheet.
    """

    field: str
    label: str
    answer: dict[str, Any]
    early: bool = False


@dataclass(frozen=True)
class Answers:
    """What was answered about an upload.

    Attributes
    ----------
    given
        In the order of the answers.
    headers
        Fingerprints of the headers whose saved answers are among them, the present one last; an answer may change what
        the header is.
    remembered
        Whether the first of them come from an earlier file.
    version
        Counts the changes.
    """

    given: tuple[GivenAnswer, ...] = ()
    headers: tuple[str, ...] = ()
    remembered: bool = False
    version: int = 0

    @property
    def early(self) -> tuple[GivenAnswer, ...]:
        """Those that are needed to read the header."""
        return tuple(one for one in self.given if one.early)

    @property
    def late(self) -> tuple[GivenAnswer, ...]:
        """Those about a header that was read."""
        return tuple(one for one in self.given if not one.early)


def reading_with(options: Reading, answers: Answers) -> Reading:
    """The reading that ``options`` ask for, with the answers; what the options set goes before them.

    Raises
    ------
    MappingError
        An answer is none that a reading knows.
    """
    if not answers.given:
        return options
    usual = IngestSettings()
    settings = {name for name, value in vars(options.settings).items() if value != getattr(usual, name)}
    codes = [one.answer["currency"] for one in answers.given if _is_code(one.answer.get("currency"))]
    if codes and "currency" not in settings:
        # A code must not take the place of the column of currencies, which has the same name among answers.
        options = replace(options, settings=replace(options.settings, currency=codes[-1]))
    tree = answer_tree([_without_code(one.answer) for one in answers.given])
    return answered(options, {key: value for key, value in tree.items() if key not in settings})


def with_answer(given: Sequence[GivenAnswer], new: GivenAnswer) -> tuple[GivenAnswer, ...]:
    """The answers and a new one, which takes the place of all that said something about the same."""
    places = _places(new.answer)

    def stays(old: GivenAnswer) -> bool:
        if new.field == BY_HAND and _without_code(old.answer).keys() & FIELDS.keys():
            return False
        return not _places(old.answer) <= places

    return (*(old for old in given if stays(old)), new)


def fitting(given: Iterable[GivenAnswer], columns: Iterable[str]) -> tuple[GivenAnswer, ...]:
    """The answers whose columns the file has."""
    known = set(columns)
    return tuple(one for one in given if all(column in known for column in _columns(one.answer)))


def header_key(inspection: Inspection) -> str:
    """A fingerprint of the file's header, by which answers about it are found again."""
    names = [info.name for info in inspection.columns]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()


def beginning_key(path: Path, filename: str) -> str:
    """A fingerprint of the export that a file is, before anything is known of its text.

    The bytes of the first line; for a workbook or an archive, whose bytes say nothing, the name without its digits.
    """
    with path.open("rb") as file:
        start = file.read(_BEGINNING_BYTES)
    if start.startswith(_CONTAINERS):
        name = "".join(letter for letter in PurePath(filename).name.lower() if not letter.isdigit())
        start = b"\0" + name.encode()
    line = start.partition(b"\n")[0].rstrip(b"\r")
    return f"start-{hashlib.sha256(line).hexdigest()}"


def saved(store: Store, key: str) -> tuple[GivenAnswer, ...]:
    """What was answered last about files with this fingerprint.

    Raises
    ------
    DataError
        It is damaged.
    """
    return tuple(
        part_from_json(GivenAnswer, {"early": False, **one}, _TITLE) for one in store.answers.of(key)
    )


def save(store: Store, key: str, given: Sequence[GivenAnswer]) -> None:
    """Keep answers for the next file with this fingerprint; none forget those that were kept."""
    store.answers.save(key, [part_to_json(one) for one in given], used_at=datetime.now(UTC))


def _places(answer: Mapping[str, Any]) -> frozenset[tuple[str, ...]]:
    """What an answer says something about."""
    found: set[tuple[str, ...]] = set()
    for key, value in answer.items():
        if isinstance(value, Mapping):
            found |= {(key, *place) for place in _places(value)}
        elif isinstance(value, (list, tuple)):
            found |= {(key, str(item)) for item in value}
        else:
            found.add((key, "code") if key == "currency" and _is_code(value) else (key,))
    return frozenset(found)


def _columns(answer: Mapping[str, Any]) -> list[str]:
    named = _without_code(answer)
    return [value for key, value in named.items() if key in FIELDS and isinstance(value, str)]


def _is_code(value: object) -> bool:
    """Whether it is a currency like ``EUR`` and not the name of a column."""
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _without_code(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "currency" or not _is_code(value)}
