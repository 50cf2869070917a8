"""The finished example: what an analysis of a bundled sample left, packed into a file, and put into a store at once.

A server takes it over as it takes over what a worker of its own has finished, so it is stored as every analysis is.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath

import pyarrow.parquet as pq

from churnkit import __version__
from churnkit.config import MEGABYTE, IngestSettings
from churnkit.errors import DataError, NotFoundError
from churnkit.ingest import Reading
from churnkit.jobs.adoption import adopt
from churnkit.jobs.layout import Folders, named_models, sidecar
from churnkit.jobs.orders import order_for
from churnkit.jobs.processes import process_started
from churnkit.jobs.removal import delete_session
from churnkit.jobs.request import Request, stored_request
from churnkit.jobs.status import Status, StepStatus
from churnkit.jobs.steps import STEPS
from churnkit.results.codec import JsonObject, part_from_json, part_to_json, to_json
from churnkit.results.folders import PRICED
from churnkit.results.run_settings import RunSettings
from churnkit.services.look.received_files import receive_upload
from churnkit.services.look.sample_shops import SAMPLES_FOLDER
from churnkit.store import JobKind, Session, Store, TrainingJob

EXAMPLE_TENANT = "demo"
"""Owns the example: no workspace, so nobody's to change, and open to everybody."""

ARCHIVE = SAMPLES_FOLDER / "example.zip"
READING = Reading(settings=IngestSettings(currency="USD"))
"""How its file is read: as usual, with the currency that an owner would have told."""

_CONTENTS = "contents.json"
_KEY = "example"
# The parts of the archive, and what becomes of them.
_LOOK, _RUN, _MODELS = "look", "run", "models"
_MOST_BYTES = 100 * MEGABYTE
# As old as zip knows: the same results make the same bytes.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Contents:
    """What the archive says of itself.

    Attributes
    ----------
    sample, sample_sha256
        The bundled file that was analysed.
    request
        What was asked of the analysis, as the store keeps it.
    sha256
        Of every file inside.
    """

    churnkit_version: str
    sample: str
    sample_sha256: str
    request: JsonObject
    sha256: dict[str, str]


def pack_example(store: Store, folders: Folders, session: Session, sample: Path, archive: Path) -> Contents:
    """Write a finished analysis of a bundled file to an archive."""
    assert session.look_id is not None and session.run_id is not None
    run = folders.run(session.session_id, session.run_id)
    parts = {
        _LOOK: _inside(folders.look(session.session_id, session.look_id)),
        _RUN: _inside(run),
        _MODELS: iter(
            (path.name, path)
            for name in named_models(run)
            for path in (folders.models / name, sidecar(folders.models / name))
        ),
    }
    files = {
        f"{part}/{name}": _plain(path) for part, inside in parts.items() for name, path in sorted(inside)
    }
    contents = Contents(
        __version__,
        sample.name,
        _hash(sample.read_bytes()),
        to_json(stored_request(store.jobs.get(session.run_id).request)),
        {name: _hash(content) for name, content in files.items()},
    )
    about = json.dumps(part_to_json(contents), indent=1).encode()
    # The look and the run have files in common: each lies there once, under its hash.
    inside = {_CONTENTS: about} | {contents.sha256[name]: content for name, content in files.items()}
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in inside.items():
            packed.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_LZMA)
    return contents


def contents_of(archive: Path = ARCHIVE) -> Contents:
    """What the archive says of itself.

    Raises
    ------
    DataError
        It is not there, or damaged.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            return part_from_json(Contents, json.loads(packed.read(_CONTENTS)), "the finished example")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise _unusable(str(error)) from error


def unpack(part: str, target: Path, archive: Path = ARCHIVE) -> None:
    """Write one part of the archive into a folder.

    Raises
    ------
    DataError
        A file is not the one that was packed.
    """
    contents = contents_of(archive)
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as packed:
        for name, packed_with in contents.sha256.items():
            folder, _, inside = name.partition("/")
            if folder != part or inside != PurePosixPath(inside).name or inside in ("", ".", ".."):
                continue
            (target / inside).write_bytes(_packed(packed, inside, packed_with))


def installed_example(store: Store, folders: Folders, archive: Path = ARCHIVE) -> Session:
    """The example's analysis in the store of its tenant, put there if it is missing or of another archive.

    Only while nobody changes a job.

    Raises
    ------
    DataError
        The archive is missing or damaged.
    """
    sealed = _hash(archive.read_bytes()) if archive.exists() else ""
    known = store.preferences.get(_KEY) or {}
    if known.get("sha256") == sealed:
        try:
            return store.sessions.get(str(known["session_id"]))
        except NotFoundError:
            pass
    contents = contents_of(archive)
    for earlier in store.sessions.all():
        delete_session(store, folders, earlier.session_id)
    session = _install(store, folders, contents, archive)
    store.preferences.set(_KEY, {"sha256": sealed, "session_id": session.session_id})
    return session


def _install(store: Store, folders: Folders, contents: Contents, archive: Path) -> Session:
    sample = SAMPLES_FOLDER / contents.sample
    with sample.open("rb") as stream:
        upload = receive_upload(store, stream, sample.name, folders.uploads, max_bytes=_MOST_BYTES)
    request = stored_request(contents.request)
    session = store.sessions.create(
        upload_id=upload.upload_id,
        column_mapping={},
        created_at=datetime.now(UTC),
        settings=_settings(request),
        name=sample.name,
    )
    take_over = partial(_take_over, store, folders, session.session_id, request, archive)
    take_over("look", {_LOOK: folders.out})
    store.sessions.set_status(session.session_id, "training")
    job = take_over("analyze", {_RUN: folders.out, _MODELS: folders.staged_models})
    # Nobody is to be told of it, and no copy of it is to be kept elsewhere.
    store.runs.set_followed_up(job.job_id)
    return store.sessions.get(session.session_id)


def _take_over(
    store: Store,
    folders: Folders,
    session_id: str,
    request: Request,
    archive: Path,
    kind: JobKind,
    parts: dict[str, Callable[[str], Path]],
) -> TrainingJob:
    """A job whose worker has just finished, as far as anybody can tell, made the session's."""
    queued = store.jobs.create(session_id, created_at=datetime.now(UTC), kind=kind, request=to_json(request))
    job = store.jobs.claim(queued.job_id, at=datetime.now(UTC))
    assert job is not None
    folder = folders.job(job.job_id)
    folder.mkdir(parents=True)
    order_for(store, folders, job).write(folder)
    for part, place in parts.items():
        unpack(part, place(job.job_id), archive)
    status = _finished(kind)
    status.write(folder)
    adopt(store, folders, job, status, at=datetime.now(UTC))
    return store.jobs.get(job.job_id)


def _finished(kind: JobKind) -> Status:
    """A worker's last word. It says of no step how long it took: that was on another machine."""
    pid = os.getpid()
    steps = tuple(StepStatus(step.key, state="done", share=1.0) for step in STEPS[kind])
    return Status("done", steps, pid, process_started(pid) or "")


def _settings(request: Request) -> JsonObject:
    reading = request.reading
    kept: JsonObject = part_to_json(RunSettings.of(request.settings, reading.settings, reading.as_of))
    return kept


def _inside(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.iterdir():
        if path.is_file() and path.name != PRICED:
            yield path.name, path


def _packed(packed: zipfile.ZipFile, name: str, sha256: str) -> bytes:
    try:
        if packed.getinfo(sha256).file_size > _MOST_BYTES:
            raise _unusable(f"{name} is too large")
        content = packed.read(sha256)
    except (KeyError, zipfile.BadZipFile, lzma.LZMAError) as error:
        raise _unusable(f"{name}: {error}") from error
    if _hash(content) != sha256:
        raise _unusable(f"{name} is not the file that was packed")
    return content


def _plain(path: Path) -> bytes:
    """A file's bytes; of a table without its own packing, which would keep the archive's from doing better."""
    if path.suffix != ".parquet":
        return path.read_bytes()
    table = io.BytesIO()
    pq.write_table(pq.read_table(path), table, compression="none", use_dictionary=False)
    return table.getvalue()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _unusable(why: str) -> DataError:
    return DataError(
        f"Opening the finished example: its file cannot be used ({why}).",
        "Make it again: python -m churnkit samples --output data/samples --example",
    )
