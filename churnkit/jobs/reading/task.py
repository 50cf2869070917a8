"""What a reader is asked about a file, and how its answer lies on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from churnkit import errors
from churnkit.errors import ChurnkitError
from churnkit.ingest import OpenQuestions, Question, Reading
from churnkit.results.codec import JsonObject, part_from_json, part_to_json

TASK = "task.json"
ERROR = "error.json"

_ERRORS: Mapping[str, type[ChurnkitError]] = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ChurnkitError)
}


@dataclass(frozen=True)
class ReadingTask:
    """One question about one file.

    Attributes
    ----------
    kind
        ``inspect``: see ``ingest.inspect``; ``table``: see ``services.look.small_tables.read_table``.
    file
        Where it lies, under a name of ours.
    name
        What its owner calls it: for messages, never part of a path.
    reading
        How to read it, for ``inspect``.
    what
        What a small table is, for messages: "a list of contacts".
    """

    kind: Literal["inspect", "table"]
    file: Path
    name: str
    reading: Reading = field(default_factory=Reading)
    what: str = ""

    def as_json(self) -> dict[str, object]:
        """JSON values."""
        return {
            "kind": self.kind,
            "file": str(self.file),
            "name": self.name,
            "reading": part_to_json(self.reading),
            "what": self.what,
        }

    def write(self, folder: Path) -> None:
        """Put the task into the folder where its answer is to lie."""
        (folder / TASK).write_text(json.dumps(self.as_json()), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> ReadingTask:
        """The task in ``folder``."""
        values = json.loads((folder / TASK).read_text(encoding="utf-8"))
        reading = part_from_json(Reading, values["reading"], "what was asked of reading a file")
        return cls(**{**values, "file": Path(values["file"]), "reading": reading})


def write_error(error: ChurnkitError, task: ReadingTask, folder: Path) -> None:
    """Leave a refusal or questions, under the name by which its owner knows the file."""

    def named(text: str) -> str:
        return text.replace(task.file.name, task.name)

    words: JsonObject = {"code": error.code, "message": named(error.message), "remedy": named(error.remedy)}
    if isinstance(error, OpenQuestions):
        asked = [
            replace(one, message=named(one.message), remedy=named(one.remedy)) for one in error.questions
        ]
        words |= {"what": named(error.what), "questions": [part_to_json(one) for one in asked]}
    (folder / ERROR).write_text(json.dumps(words), encoding="utf-8")


def read_error(folder: Path) -> ChurnkitError | None:
    """The refusal or the questions in ``folder``, None if there are none."""
    path = folder / ERROR
    if not path.exists():
        return None
    words = json.loads(path.read_text(encoding="utf-8"))
    if "questions" in words:
        title = "what a file leaves open"
        return OpenQuestions(
            [part_from_json(Question, one, title) for one in words["questions"]], words["what"]
        )
    return _ERRORS.get(words["code"], ChurnkitError)(words["message"], words["remedy"])
