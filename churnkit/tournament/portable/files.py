"""A folder that holds one object of known classes: ``model.json``, ``arrays.npz``, boosters' own files."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from churnkit.errors import ModelError
from churnkit.results.codec import JsonObject
from churnkit.tournament.persistence import installed_versions
from churnkit.tournament.portable.plain import Kind, Reader, Writer

MODEL_FILE = "model.json"
ARRAYS_FILE = "arrays.npz"
FORMAT = "churnkit model"
VERSION = 1
# A model of a large shop takes some 20 MB; a small file that unpacks to more than this is no model.
MAX_BYTES = 1_000_000_000
_NOT_A_MODEL = (
    "Give the folder model/ that `analyze --output` wrote, or a model downloaded from the Models page."
)

# What values raise that do not fit each other.
_UNFIT = (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError, zipfile.BadZipFile)


def to_files(item: object, kinds: Sequence[Kind]) -> Mapping[str, bytes]:
    """The files of an object, contents by name.

    Raises
    ------
    ModelError
        It holds an object of no known kind.
    """
    writer = Writer(kinds)
    values = writer.value(item)
    files = dict(writer.files)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **writer.arrays)  # type: ignore[arg-type]
    files[ARRAYS_FILE] = buffer.getvalue()
    head = {
        "format": FORMAT,
        "version": VERSION,
        "versions": installed_versions(),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "values": values,
    }
    return {MODEL_FILE: (json.dumps(head, allow_nan=False) + "\n").encode(), **files}


def from_folder(folder: Path, kinds: Sequence[Kind]) -> object:
    """The object that :func:`to_files` wrote into ``folder``; no code of the files is run.

    Raises
    ------
    ModelError
        Files are missing, changed or damaged, or of a newer version.
    """
    head = _head(folder)
    files = {name: _content(folder, name, str(sha256)) for name, sha256 in head["sha256"].items()}
    try:
        arrays = _arrays(files.pop(ARRAYS_FILE))
        return Reader(kinds, arrays, files).value(head["values"])
    except _UNFIT as error:
        raise _damaged(folder, f"{type(error).__name__}: {error}") from error


def _head(folder: Path) -> JsonObject:
    path = folder / MODEL_FILE
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _damaged(folder, f"{MODEL_FILE} is too large")
        head = json.loads(path.read_bytes())
    except OSError as error:
        raise ModelError(
            f"Loading the model in {folder}: {MODEL_FILE} cannot be read ({error.strerror}).", _NOT_A_MODEL
        ) from error
    except (ValueError, RecursionError) as error:
        raise _damaged(folder, f"{MODEL_FILE} is no JSON") from error
    parts = {"version": int, "versions": dict, "sha256": dict, "values": dict}
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ModelError(f"Loading the model in {folder}: {MODEL_FILE} is not one of churnkit.", _NOT_A_MODEL)
    if not all(isinstance(head.get(name), kind) for name, kind in parts.items()):
        raise _damaged(folder, f"{MODEL_FILE} lacks parts")
    if head["version"] > VERSION:
        raise ModelError(
            f"Loading the model in {folder}: its format has version {head['version']}, this churnkit knows it up to"
            f" {VERSION}.",
            "Update churnkit.",
        )
    return head


def _content(folder: Path, name: str, sha256: str) -> bytes:
    """The bytes of a file beside ``model.json``, if they are those that it was written with."""
    path = folder / name
    if Path(name).name != name or path.is_symlink():
        raise _damaged(folder, f"{name!r} is no file of a model")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _damaged(folder, f"{name} is too large")
        content = path.read_bytes()
    except OSError as error:
        raise _damaged(folder, f"{name} cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _damaged(folder, f"{name} is not the file that was written")
    return content


def _arrays(content: bytes) -> Mapping[str, np.ndarray]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise ValueError("the arrays unpack to more than a model takes")
    loaded: Any = np.load(io.BytesIO(content), allow_pickle=False)
    with loaded as arrays:
        return {name: arrays[name] for name in arrays.files}


def _damaged(folder: Path, what: str) -> ModelError:
    return ModelError(
        f"Loading the model in {folder}: it is damaged: {what}.", "Copy the folder again, or train again."
    )
