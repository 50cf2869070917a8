"""A model as a folder that scores on engines: ``model/`` as elsewhere, with what the run knows of all its customers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from churnkit.engines.package import REFERENCE, Package, package_files
from churnkit.engines.reference import Reference
from churnkit.errors import ModelError
from churnkit.services.score.model_folder import write_model_folder
from churnkit.services.score.scorer import Scorer

HASHES = "SHA256SUMS"
_AGAIN = "Copy the folder again, or make it again: `python -m churnkit model` or `train`."


def write_engine_model(scorer: Scorer, reference: Reference, card: str, folder: Path) -> str:
    """Write the folder, as a whole; the hash of its list of hashes, which stands for all of it.

    ``sha256sum -c SHA256SUMS`` checks the files.

    Raises
    ------
    ModelError
        ``folder`` holds something else than a model, or the model something that cannot be written without code.
    """
    files = package_files(scorer, reference, card)
    hashes = _hashes(files)
    write_model_folder({**files, HASHES: hashes}, folder)
    return hashlib.sha256(hashes).hexdigest()


def package_of_folder(folder: Path) -> tuple[Package, str]:
    """The model in a folder, checked by its list of hashes, and the hash of that list.

    Raises
    ------
    ModelError
        It is none that scores on engines, or a file is missing, was changed, or is one too many.
    """
    doing = f"Loading the model in {folder}"
    try:
        hashes = (folder / HASHES).read_bytes()
    except OSError as error:
        raise ModelError(
            f"{doing}: it has no {HASHES}, so it cannot score on engines ({error.strerror}).",
            "Make such a folder with `python -m churnkit model NAME --output DIR`, or train one with `train`.",
        ) from error
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {name: (folder / name).read_bytes() for name in names if name != HASHES}
    if _hashes(files) != hashes:
        raise ModelError(f"{doing}: its files are not those that {HASHES} lists.", _AGAIN)
    if not any(name.startswith(f"{REFERENCE}/") for name in files):
        raise ModelError(f"{doing}: it does not say what its run knew of all customers.", _AGAIN)
    return Package.of_files(files), hashlib.sha256(hashes).hexdigest()


def _hashes(files: Mapping[str, bytes]) -> bytes:
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode()
