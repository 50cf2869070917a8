"""Pulls of sources: what their workers are handed, and what becomes of what they bring."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from churnkit.config import max_file_bytes
from churnkit.errors import JobError
from churnkit.jobs.layout import Folders
from churnkit.jobs.request import Request, stored_request
from churnkit.outgoing.sealing import unseal
from churnkit.results.codec import JsonObject, from_json
from churnkit.results.files import write_text_whole
from churnkit.results.pulled import PULLED, Pulled, PulledFile
from churnkit.services.look.received_files import known_suffix
from churnkit.services.sources.registering import owner_of
from churnkit.store import NewSourceFile, Source, SourceKind, StepTiming, Store, TrainingJob

PULL = "pull.json"
CREDENTIALS = "credentials.json"


@dataclass(frozen=True)
class PullOrder:
    """What a worker is told of a source; its credentials lie beside it until it has read them.

    Attributes
    ----------
    keep
        Where pages stay if the pull breaks off.
    zone
        IANA name of the shop's time zone.
    """

    kind: SourceKind
    settings: JsonObject
    cursor: JsonObject
    keep: Path
    zone: str
    max_bytes: int
    is_test: bool

    @classmethod
    def read(cls, path: Path) -> PullOrder:
        """The order in a file."""
        values = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**values, "keep": Path(values["keep"])})


def write_pull_order(store: Store, folders: Folders, job: TrainingJob, request: Request) -> Path:
    """Put what a pull needs into its job's folder.

    Raises
    ------
    NotFoundError
        The source is gone.
    SealingRefused
        Its credentials cannot be opened.
    """
    source = store.sources.get(request.source_id or "")
    sealed = store.sources.sealed(source.source_id)
    credentials = unseal(sealed, owner_of(source.source_id)) if sealed else {}
    folder = folders.job(job.job_id)
    order = {
        "kind": source.kind,
        "settings": source.source_settings,
        "cursor": source.pull_cursor,
        "keep": str(folders.source(source.shop_id, source.source_id)),
        "zone": store.shops.get(source.shop_id).shop_settings.time_zone,
        "max_bytes": max_file_bytes(),
        "is_test": request.is_test,
    }
    write_text_whole(folder / PULL, json.dumps(order))
    handle = os.open(folder / CREDENTIALS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(credentials, file)
    return folder / PULL


def take_credentials(folder: Path) -> dict[str, str]:
    """The credentials that a worker was handed, which are gone from the disk afterwards."""
    path = folder / CREDENTIALS
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise JobError("Fetching orders: the credentials were not handed over.", "Pull again.") from error
    finally:
        forget_credentials(folder)
    return {str(name): str(value) for name, value in json.loads(text).items()}


def forget_credentials(folder: Path) -> None:
    """Remove what a worker was handed and did not take."""
    (folder / CREDENTIALS).unlink(missing_ok=True)


def adopt_pull(
    store: Store, folders: Folders, job: TrainingJob, timings: list[StepTiming], *, at: datetime
) -> None:
    """Make the files that a pull brought uploads, and let the next one go on behind them."""
    request = stored_request(job.request)
    out = folders.out(job.job_id)
    pulled = from_json(Pulled, json.loads((out / PULLED).read_text(encoding="utf-8")))
    files = [_kept(folders, job.job_id, out, file) for file in pulled.files]
    store.sources.finish_pull(
        job.job_id,
        request.source_id or "",
        files,
        pull_cursor=None if request.is_test else json.loads(pulled.cursor),
        words=" ".join([pulled.words, *pulled.notes]),
        at=at,
        timings=timings,
    )


def _kept(folders: Folders, job_id: str, out: Path, file: PulledFile) -> NewSourceFile:
    """A file among the uploads; linked, so that it can be done again where the server dies before its row is there."""
    name = hashlib.sha256(f"{job_id}/{file.name}".encode()).hexdigest()[:32]
    target = folders.uploads / f"{name}{known_suffix(file.label)}"
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        os.link(out / file.name, target)
    return NewSourceFile(target, file.label, file.size_bytes, file.sha256, file.knows_until)


def note_failed_pull(store: Store, job: TrainingJob, words: str, *, is_told: bool = True) -> None:
    """Say why a pull came to nothing; what was known before stays as it is."""
    request = stored_request(job.request)
    now = datetime.now(UTC)
    store.sources.note_failure(request.source_id or "", words=words, at=now)
    if request.is_test or not is_told:
        return
    name = next(
        (one.name for one in store.sources.of_shop(job.session_id) if one.source_id == request.source_id),
        None,
    )
    if name is not None:
        store.events.note(
            job.session_id,
            "source_failed",
            key=job.job_id,
            words=f"New orders could not be fetched from {name}. {words}",
            at=now,
            details={"source_id": request.source_id, "job_id": job.job_id},
        )


def pulls_of(store: Store, source: Source) -> list[TrainingJob]:
    """The pulls of a source, newest first."""
    return [
        job
        for job in store.jobs.of_session(source.shop_id)
        if job.kind == "pull" and stored_request(job.request).source_id == source.source_id
    ]
