"""Fitted models on disk: written in one step, loaded only after their bytes were recognised.

Unpickling runs code that the file chooses. The hash is kept apart from the file, in the store, so whoever
can write to the folder still cannot make the program run a file of their own.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
import io
import json
import pickle
import platform
import re
import sys
import uuid
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata as distributions
from pathlib import Path

import joblib

from churnkit import __version__
from churnkit.config import models_dir
from churnkit.errors import ModelError
from churnkit.results.codec import JsonObject
from churnkit.results.files import written_whole

LIBRARIES = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "imbalanced-learn",
    "xgboost-cpu",
    "lightgbm",
    "joblib",
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMPRESSION_LEVEL = 3
_TRAIN_AGAIN = "Train the model again."

# Modules with classes of models that have another name since some models were saved: then -> now.
_MOVED = {"churnkit.features.selection": "churnkit.features.feature_selection"}

# What a pickle raises when the classes or the layout it was written with are not there any more.
_UNREADABLE = (
    ImportError,
    AttributeError,
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    EOFError,
    pickle.UnpicklingError,
)


class ModelVersionWarning(UserWarning):
    """A model was saved with other library versions than the ones that load it."""


@dataclass(frozen=True)
class SavedModel:
    """A model file and its sidecar; keep ``sha256`` where the folder's writers cannot change it."""

    path: Path
    metadata_path: Path
    sha256: str
    metadata: JsonObject


def save_model(
    model: object, folder: Path, *, metadata: Mapping[str, object], created_at: datetime | None = None
) -> SavedModel:
    """Write ``model`` and a JSON sidecar under a new name into ``folder``, made if missing.

    Parameters
    ----------
    metadata
        JSON values of the caller's: features, horizon_days, figures …
    created_at
        When the model was fitted; left out of the sidecar if not given.

    Raises
    ------
    ModelError
        The metadata are no JSON values, the model cannot be pickled, or the folder cannot be written.
    """
    name = uuid.uuid4().hex
    path = folder / f"{name}.joblib"
    buffer = io.BytesIO()
    try:
        joblib.dump(model, buffer, compress=_COMPRESSION_LEVEL)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise ModelError(f"Saving a model: {type(model).__name__} cannot be pickled ({error}).") from error
    content = buffer.getvalue()
    record: JsonObject = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
        "created_at": None if created_at is None else created_at.isoformat(),
        "versions": installed_versions(),
        "metadata": dict(metadata),
    }
    try:
        sidecar = json.dumps(record, indent=2, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ModelError(f"Saving a model: its metadata must be JSON values ({error}).") from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The sidecar first: a model file that is there is complete, whenever the process dies.
        _write(metadata_path(path), sidecar.encode())
        _write(path, content)
    except OSError as error:
        raise ModelError(
            f"Saving a model into {folder}: the folder must be writable ({error}).",
            "Choose another folder with CHURNKIT_MODELS_DIR.",
        ) from error
    return SavedModel(path, metadata_path(path), record["sha256"], record)


def load_model(path: Path, *, expected_sha256: str, folder: Path | None = None) -> object:
    """The model in ``path``, if its bytes have the expected hash; nothing is unpickled before that.

    Parameters
    ----------
    folder
        The folder that the file must lie in, links followed; ``CHURNKIT_MODELS_DIR`` if not given.

    Raises
    ------
    ModelError
        The file lies outside the folder, is missing, has another hash, or cannot be read by the libraries
        that are installed.

    Warns
    -----
    ModelVersionWarning
        The model loads, but was saved with other versions of Python or of a library.
    """
    content = _verified_content(path, expected_sha256, models_dir() if folder is None else folder)
    differences = version_differences(path)
    told = "; ".join(f"{name} {saved} then, {now} now" for name, (saved, now) in differences.items())
    know_moved_modules()
    try:
        model = joblib.load(io.BytesIO(content))
    except _UNREADABLE as error:
        raise ModelError(
            f"Loading the model {path.name}: the installed libraries cannot read it ({error})."
            f" Versions that differ: {told or 'none'}.",
            _TRAIN_AGAIN,
        ) from error
    if differences:
        warnings.warn(
            ModelVersionWarning(f"Model {path.name} was saved with other versions: {told}."), stacklevel=2
        )
    return model


def know_moved_modules() -> None:
    """A pickle names the modules of its classes: those that have moved are found under their earlier name too."""
    for then, now in _MOVED.items():
        sys.modules.setdefault(then, importlib.import_module(now))


def metadata_path(path: Path) -> Path:
    """The sidecar of the model file ``path``; delete the two together."""
    return path.with_suffix(".json")


def version_differences(path: Path) -> dict[str, tuple[str, str]]:
    """Name -> (version that saved the model, version installed now), where they differ.

    Raises
    ------
    ModelError
        The sidecar is missing or damaged.
    """
    try:
        record = json.loads(metadata_path(path).read_text(encoding="utf-8"))
        saved = sorted(record["versions"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"Loading the model {path.name}: its sidecar {metadata_path(path).name} must be there and hold"
            f" the versions it was saved with ({type(error).__name__}: {error}).",
            _TRAIN_AGAIN,
        ) from error
    now = installed_versions()
    return {name: (version, now.get(name, "none")) for name, version in saved if now.get(name) != version}


def installed_versions() -> dict[str, str]:
    """Versions of Python, of churnkit and of the libraries whose objects a model may hold."""
    versions = {"python": platform.python_version(), "churnkit": __version__}
    for name in LIBRARIES:
        try:
            versions[name] = distributions.version(name)
        except distributions.PackageNotFoundError:
            continue
    return versions


def _verified_content(path: Path, expected_sha256: str, folder: Path) -> bytes:
    """The file's bytes: read once, so that what was hashed is what will be unpickled."""
    if not _SHA256.fullmatch(expected_sha256):
        raise ModelError(
            f"Loading the model {path.name}: the expected SHA-256 must be 64 hexadecimal digits, found"
            f" {expected_sha256!r}.",
            _TRAIN_AGAIN,
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ModelError(
            f"Loading the model {path}: it must lie inside the models folder {folder}.",
            "Put the folder's path into CHURNKIT_MODELS_DIR if it has moved.",
        )
    try:
        content = path.resolve().read_bytes()
    except OSError as error:
        raise ModelError(
            f"Loading the model {path}: the file cannot be read ({error}).", _TRAIN_AGAIN
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if not hmac.compare_digest(found, expected_sha256):
        raise ModelError(
            f"Loading the model {path.name}: its SHA-256 must be {expected_sha256[:12]}…, found"
            f" {found[:12]}…: the file was changed or damaged and has not been opened.",
            _TRAIN_AGAIN,
        )
    return content


def _write(path: Path, content: bytes) -> None:
    with written_whole(path, durable=True) as draft:
        draft.write_bytes(content)
