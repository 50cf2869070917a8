"""What the worker of an addition needs to know."""

from __future__ import annotations

from pathlib import Path

from churnkit.errors import JobError
from churnkit.jobs.addition_request import AdditionAsked, AdditionPlaces
from churnkit.jobs.layout import Folders
from churnkit.jobs.request import Order, Request
from churnkit.store import Addition, Session, Store, TrainingJob

_DOING = "Adding to the history"


def order_of_addition(store: Store, folders: Folders, job: TrainingJob, request: Request) -> Order:
    """A file that joins the history, or the last one that leaves it.

    Raises
    ------
    JobError
        The shop's first file has not been read, a file is gone, or there is nothing to take back.
    """
    session, asked = store.sessions.get(job.session_id), request.addition
    if asked is None:
        raise JobError(f"{_DOING}: the order names no file.", "Add the file again.")
    if session.look_id is None:
        raise JobError(
            f"{_DOING}: the shop's first file has not been read.", "Read the first file, then add this one."
        )
    additions = store.additions.of_shop(session.session_id)
    look = folders.look(session.session_id, session.look_id)
    history = _present(folders.history(session.session_id, additions[0].addition_id)) if additions else None
    file, name, sha256 = look, "", None
    if asked.upload_id is not None:
        upload = store.uploads.get(asked.upload_id)
        file, name, sha256 = _present(folders.upload_file(upload)), upload.filename, upload.sha256
    first = store.uploads.get(session.upload_id)
    return Order(
        "add",
        request,
        file,
        None,
        folders.models,
        history=history,
        history_version=additions[0].history_version if additions else 1,
        addition=AdditionPlaces(
            look=_present(look),
            before=_before(folders, session, additions, asked),
            name=name,
            sha256=sha256,
            first_name=first.filename,
            first_sha256=first.sha256,
        ),
    )


def _before(
    folders: Folders, session: Session, additions: list[Addition], asked: AdditionAsked
) -> Path | None:
    """For taking back, the history without the last file; version 1 is made of the look again."""
    if asked.upload_id is not None:
        return None
    if len(additions) < 2 or additions[0].kind in ("first", "taken_back", "erased"):
        raise JobError(
            "Taking back what was added last: nothing was added since it was last taken back.",
            "Only the newest addition can be taken back.",
        )
    if additions[1].kind == "first":
        return None
    return _present(folders.history(session.session_id, additions[1].addition_id))


def _present(path: Path) -> Path:
    if not path.exists():
        raise JobError(
            f"{_DOING}: a file of it is missing from the data folder.",
            "Restore the data folder from a backup, or add the export again.",
        )
    return path
