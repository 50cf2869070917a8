"""Erasing a customer, seen from the server: where they may be found, and putting the cleaned files in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.jobs.copying_runs import copy_beside
from churnkit.jobs.disk_files import move_whole, remove
from churnkit.jobs.layout import REQUEST, Folders
from churnkit.jobs.request import Order, Request, stored_request
from churnkit.results.codec import from_text, to_json
from churnkit.results.folders import PRICED
from churnkit.results.look_folder import Look
from churnkit.store import StepTiming, Store, TrainingJob
from churnkit.text.figures import count, counted

if TYPE_CHECKING:
    from churnkit.services.privacy.erasing import ErasedFiles


_MOST_FILES = 100_000


def erasing_order(store: Store, folders: Folders, job: TrainingJob, request: Request) -> Order:
    """What the worker of an erasure needs: everything of the shop but the job's own folder."""
    session = store.sessions.get(job.session_id)
    places = shop_folders(store, folders, job.session_id, but=job.job_id)
    look = Look(folders.look(job.session_id, session.look_id)) if session.look_id else None
    return Order(
        job.kind,
        request,
        folders.session(job.session_id),
        None,
        folders.models,
        erased=store.erasures.of_shop(job.session_id),
        folders=places,
        uploads=(*upload_files(store, folders, job.session_id), *_scored_files(places)),
        columns=dict(look.facts.mapping) if look else {},
    )


def shop_folders(store: Store, folders: Folders, shop_id: str, *, but: str = "") -> tuple[Path, ...]:
    """Folders in which something of a shop's customers may lie; not that of the job ``but``."""
    jobs = [job.job_id for job in store.jobs.of_session(shop_id) if job.job_id != but]
    places = [folders.session(shop_id), *map(folders.job, jobs)]
    return tuple(path for path in places if path.is_dir())


def _scored_files(places: Iterable[Path]) -> list[Path]:
    """Files that somebody gave to be scored, in their jobs' folders."""
    return [path for place in places for path in sorted(place.glob("input*"))]


def upload_files(store: Store, folders: Folders, shop_id: str) -> list[Path]:
    """Files that a shop stands on, as they were handed over, and those that were to be added and are not yet."""
    ids = [*upload_ids(store, shop_id), *_not_added(store, shop_id)]
    return [folders.upload_file(store.uploads.get(upload_id)) for upload_id in ids]


def _not_added(store: Store, shop_id: str) -> list[str]:
    """Uploads that wait for an answer or were refused, on which no shop stands."""
    asked = [
        stored_request(job.request).addition
        for job in store.jobs.of_session(shop_id)
        if job.kind == "add" and job.status != "completed"
    ]
    standing = {one for session in store.sessions.all() for one in upload_ids(store, session.session_id)}
    kept = {upload.upload_id for upload in store.uploads.all()} - standing
    named = dict.fromkeys(one.upload_id for one in asked if one is not None)
    return [one for one in named if one in kept]


def upload_ids(store: Store, shop_id: str) -> list[str]:
    """Uploads that a shop stands on, its first one first."""
    added = [one.upload_id for one in reversed(store.additions.of_shop(shop_id))]
    kept = {upload.upload_id for upload in store.uploads.all()}
    pulled = [
        file.upload_id
        for source in store.sources.of_shop(shop_id)
        for file in store.sources.files(source.source_id, most=_MOST_FILES)
    ]
    named = dict.fromkeys([store.sessions.get(shop_id).upload_id, *added, *pulled])
    return [one for one in named if one is not None and one in kept]


def shops_on(store: Store, ids: Sequence[str]) -> list[str]:
    """Shops of the workspace that stand on one of these uploads."""
    return [
        session.session_id
        for session in store.sessions.all()
        if set(upload_ids(store, session.session_id)) & set(ids)
    ]


def adopt_erasure(
    store: Store, folders: Folders, job: TrainingJob, at: datetime, timings: Sequence[StepTiming]
) -> None:
    """Put the cleaned files in place, then take the customers out of the tables; both can be repeated.

    Raises
    ------
    ValueError
        The result names a file that is none of the shop's.
    """
    # The server starts without the libraries that read files.
    from churnkit.services.privacy.erasing import ERASED_FILE, ErasedFiles
    from churnkit.services.privacy.scrubbing import Person

    request = stored_request(job.request)
    out = folders.out(job.job_id)
    found = from_text(ErasedFiles, (out / ERASED_FILE).read_bytes())
    order = erasing_order(store, folders, job, request)
    _put_in_place(found, out, [*order.folders, *order.uploads])
    for folder in order.folders:
        for priced in folder.rglob(PRICED):
            # Made again when somebody looks.
            remove(priced, [folders.data])
    rows = store.erasures.finish(
        job.job_id,
        customer_ids=request.customers,
        request=to_json(replace(request, customers=())),
        hashes=found.hashes,
        rows=found.rows,
        clean=Person(frozenset(request.customers)).out_of_json,
        at=at,
        timings=timings,
    )
    store.events.note(
        job.session_id,
        "customer_erased",
        key=job.job_id,
        words=_words(rows, found),
        at=at,
        details={"rows": rows, "removed_files": len(found.removed_uploads)},
    )
    for run in store.runs.of_session(job.session_id):
        # A copy of each version lies where copies go, and holds the customer still.
        copy_beside(store, folders, run)
    # The worker's order names the customer as well.
    for other in store.jobs.of_session(job.session_id):
        if other.kind == "erase":
            remove(folders.job(other.job_id) / REQUEST, [folders.data])


def _words(rows: int, found: ErasedFiles) -> str:
    words = f"A customer was erased: {counted(rows, 'row')} of tables and files gone."
    if found.removed_uploads:
        words += (
            f" {count(len(found.removed_uploads))} uploaded files went as a whole, because single rows cannot be taken"
            " out of files of their kind."
        )
    return words


def _put_in_place(found: ErasedFiles, out: Path, allowed: Iterable[Path]) -> None:
    roots = list(allowed)
    for one in found.files:
        place = Path(one.place)
        if not any(place == root or place.is_relative_to(root) for root in roots) or ".." in place.parts:
            raise ValueError(f"the result of an erasure names the file {one.place!r}")
        draft = out / one.draft if one.draft is not None else None
        if draft is None:
            place.unlink(missing_ok=True)
        elif draft.exists():
            move_whole(draft, place)
