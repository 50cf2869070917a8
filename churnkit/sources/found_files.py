"""Files that lie somewhere under names: which of them are new since the last pull."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from churnkit.results.codec import JsonObject
from churnkit.results.pulled import Pulled, PulledFile
from churnkit.sources.pulling import cursor_text
from churnkit.text.figures import count, counted

MOST_AT_ONCE = 60
"""Files of one pull; the next goes on with the rest."""
_READABLE = (".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".xls", ".parquet")
_UNFINISHED = (".", "~$", "_")


@dataclass(frozen=True)
class FoundFile:
    """A file as a listing tells it; ``mark`` is another one once its content is."""

    name: str
    size_bytes: int
    mark: str


def wanted(found: Iterable[FoundFile], pattern: str) -> list[FoundFile]:
    """Files that hold orders by their names, in the order of these; nothing empty, hidden or in other formats."""
    return sorted(
        (
            one
            for one in found
            if (last := one.name.rpartition("/")[2])
            and fnmatch.fnmatch(last.lower(), pattern.lower())
            and last.lower().endswith(_READABLE)
            and not last.startswith(_UNFINISHED)
            and one.size_bytes
        ),
        key=lambda one: one.name,
    )


def unknown(found: Iterable[FoundFile], cursor: Mapping[str, Any]) -> list[FoundFile]:
    """Those that no pull has brought as they are now."""
    known = cursor.get("files", {})
    return [one for one in found if known.get(one.name, [])[:2] != [one.size_bytes, one.mark]]


def brought(
    cursor: Mapping[str, Any],
    listed: Iterable[FoundFile],
    files: Iterable[tuple[FoundFile, PulledFile]],
    *,
    notes: Iterable[str] = (),
    seen: JsonObject | None = None,
) -> Pulled:
    """What a pull of files comes to; one whose bytes were brought under another name is not brought again."""
    present = {one.name for one in listed}
    known = {name: value for name, value in cursor.get("files", {}).items() if name in present}
    hashes = {value[2] for value in cursor.get("files", {}).values()}
    taken: list[PulledFile] = []
    for one, file in files:
        known[one.name] = [one.size_bytes, one.mark, file.sha256]
        if file.sha256 not in hashes:
            hashes.add(file.sha256)
            taken.append(file)
    words = f"{counted(len(taken), 'new file')}." if taken else "Nothing new."
    return Pulled(
        files=tuple(taken),
        cursor=cursor_text({"files": known, "seen": seen or {}}),
        words=words,
        notes=tuple(notes),
    )


def test_words(found: list[FoundFile], fresh: list[FoundFile], pattern: str) -> str:
    """What a test says that found files."""
    if not found:
        return (
            f"It can be read, but no file there is called like {pattern} and of a format that holds orders."
        )
    return f"It can be read: {counted(len(found), 'file')}, {count(len(fresh))} of them not fetched yet."
