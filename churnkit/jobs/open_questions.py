"""What a file that was to be added leaves open, kept with its job until somebody answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from churnkit.ingest import Choice, Question
from churnkit.results.files import write_text_whole

QUESTIONS = "questions.json"


def write_questions(folder: Path, questions: Sequence[Question]) -> None:
    """Keep them in a job's folder."""
    write_text_whole(folder / QUESTIONS, json.dumps([asdict(one) for one in questions], default=str))


def read_questions(folder: Path) -> tuple[Question, ...]:
    """Those of a job; none where it asked nothing."""
    path = folder / QUESTIONS
    if not path.exists():
        return ()
    found = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Question(**{**one, "choices": tuple(Choice(**choice) for choice in one["choices"])}) for one in found
    )
