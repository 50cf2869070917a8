"""A run's champion with all that scoring takes, as bytes that travel to the machines that score."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.btyd import GammaGamma, MbgNbd
from churnkit.btyd.rhythm import Rhythm
from churnkit.engines.rank_tables import RankTable
from churnkit.engines.reference import Reference
from churnkit.errors import ModelError
from churnkit.explain.process_parts import ProcessOfAll
from churnkit.explain.ranking import Shop
from churnkit.results.campaign_money import Assumptions
from churnkit.services.score.model_folder import PART_KINDS, model_files, read_model_folder
from churnkit.services.score.scorer import Scorer
from churnkit.tournament.portable.files import from_folder, to_files
from churnkit.tournament.portable.plain import part

REFERENCE = "everybody"
"""Folder in a model's of what its run knows of all customers."""
# Zip files carry a time; the same files shall have the same hash.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_KINDS = (
    *PART_KINDS,
    *(
        part(kind)
        for kind in (Reference, RankTable, MbgNbd, Rhythm, GammaGamma, ProcessOfAll, Shop, Assumptions)
    ),
)


@dataclass(frozen=True)
class Package:
    """Files that run no code, and the SHA-256 of them that they must have where they are opened."""

    content: bytes = field(repr=False)
    sha256: str

    @classmethod
    def of(cls, scorer: Scorer, reference: Reference) -> Package:
        """Of a run; errors as for :func:`package_files`."""
        return cls.of_files(package_files(scorer, reference, ""))

    @classmethod
    def of_files(cls, files: Mapping[str, bytes]) -> Package:
        """Put into a zip; contents by name."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(files.items()):
                archive.writestr(
                    zipfile.ZipInfo(name, _LONG_AGO), content, compress_type=zipfile.ZIP_DEFLATED
                )
        content = buffer.getvalue()
        return cls(content, hashlib.sha256(content).hexdigest())


def package_files(scorer: Scorer, reference: Reference, card: str) -> dict[str, bytes]:
    """A model's folder, contents by name, with a folder in it of what its run knows of all customers.

    Raises
    ------
    ModelError
        The model holds something that cannot be written without code.
    """
    known = to_files(reference, _KINDS)
    return {
        **model_files(scorer, card),
        **{f"{REFERENCE}/{name}": content for name, content in known.items()},
    }


@lru_cache(maxsize=2)
def opened(package: Package) -> tuple[Scorer, Reference]:
    """What is in it, read once in a process.

    Raises
    ------
    ModelError
        It is not what was sent, or the model gives other probabilities here than where it was packed.
    """
    found = hashlib.sha256(package.content).hexdigest()
    if found != package.sha256:
        raise ModelError(
            "Scoring on an engine: the model must arrive as it was sent, with the hash"
            f" {package.sha256[:12]}…; it has {found[:12]}….",
            "Start the scoring again.",
        )
    with TemporaryDirectory(prefix="churnkit-") as temporary:
        with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
            archive.extractall(temporary)
        scorer = read_model_folder(Path(temporary))
        reference = from_folder(Path(temporary) / REFERENCE, _KINDS)
    if not isinstance(reference, Reference):
        raise ModelError("Scoring on an engine: what came with the model describes no customers of a run.")
    return scorer, reference
