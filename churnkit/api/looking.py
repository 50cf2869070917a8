"""Looking at an upload for a route: a reader does it, and no thread waits for it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import anyio

from churnkit.api.access import Caller
from churnkit.api.models.readings import InspectionAnswer
from churnkit.api.threads import in_thread
from churnkit.errors import ChurnkitError
from churnkit.ingest import OpenQuestions, Question, Reading
from churnkit.results.codec import part_to_json

if TYPE_CHECKING:
    from churnkit.ingest import Inspection, Understood

WAIT_SECONDS = 20.0
_BEAT_SECONDS = 0.05


async def looked_at(
    caller: Caller, upload_id: str, reading: Reading, *, rows: int, again: bool = False
) -> InspectionAnswer:
    """What a reader finds in an upload, or that it is still at it.

    Raises
    ------
    NotFoundError
        There is no such upload.
    """
    upload = await in_thread(caller.store.uploads.get, upload_id)
    try:
        ticket = await in_thread(
            caller.platform.readings.inspection, caller.store, upload, reading, again=again
        )
        deadline = time.monotonic() + WAIT_SECONDS
        while not ticket.wait(0):
            if time.monotonic() > deadline:
                return InspectionAnswer(status="looking")
            await anyio.sleep(_BEAT_SECONDS)
        return await in_thread(_seen, ticket.answer(), rows)
    except OpenQuestions as error:
        asked = InspectionAnswer.model_validate(
            {"status": _status(error.questions), "questions": _values(error.questions)}
        )
        return asked.model_copy(update={"message": error.message, "remedy": error.remedy})
    except ChurnkitError as error:
        if error.code in ("access", "disk", "not_found"):
            raise
        return _refused(error)


def _seen(found: Inspection, rows: int) -> InspectionAnswer:
    from churnkit.services.look.mapping_json import mapping_text

    shown = found.preview.head(rows).astype(object)
    cells = shown.where(shown.notna(), None)
    return InspectionAnswer.model_validate(
        {
            "status": _status(found.questions),
            "format": found.format_words,
            "row_count": found.row_count,
            "columns": _values(found.columns),
            "preview": [
                {str(name): None if cell is None else str(cell) for name, cell in row.items()}
                for row in cells.to_dict("records")
            ],
            "preset": found.preset,
            "mapping": json.loads(mapping_text(found.mapping)),
            "suggestions": [
                {name: getattr(one, name) for name in ("field", "column", "confidence", "reason")}
                for one in found.suggestions
            ],
            "questions": _values(found.questions),
            "checks": _values(found.checks),
            "notes": found.notes,
            "understood": _figures(found.understood),
            "encoding": found.encoding,
            "sheet": found.sheet,
            "sheets": found.sheets,
        }
    )


def _figures(seen: Understood | None) -> dict[str, Any] | None:
    return None if seen is None else {**part_to_json(seen), "first": seen.first, "last": seen.last}


def _status(questions: Sequence[Question]) -> str:
    if any(one.refusal for one in questions):
        return "refused"
    return "question" if questions else "readable"


def _values(parts: Sequence[object]) -> list[Any]:
    return [part_to_json(one) for one in parts]


def _refused(error: ChurnkitError) -> InspectionAnswer:
    return InspectionAnswer(status="refused", code=error.code, message=error.message, remedy=error.remedy)
