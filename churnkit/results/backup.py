"""What a backup holds, as the file beside it says: written last, so that a backup without it is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.results.codec import Step

MANIFEST = "manifest.json"
ERASURES = "erasures.json"


@dataclass(frozen=True, kw_only=True)
class BackedUpFile:
    """A file; ``name`` begins with ``data/`` or ``models/``."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class BackupManifest:
    """All files of a backup.

    Attributes
    ----------
    made_at
        In UTC, without a zone.
    churnkit_version
        Of the program that made it.
    """

    title: ClassVar[str] = "the list of a backup's files"
    steps: ClassVar[tuple[Step, ...]] = ()

    made_at: datetime
    churnkit_version: str
    files: tuple[BackedUpFile, ...]

    @property
    def size_bytes(self) -> int:
        """Of all files."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, kw_only=True)
class KeptErasure:
    """One hash of an erased customer, as ``store.erasures`` has it."""

    erasure_id: str
    tenant_id: str
    shop_id: str
    erasure_key: str
    person_hash: str
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class KeptErasures:
    """Who was erased until now: beside the backups, for those that were made before."""

    title: ClassVar[str] = "the list of erased customers"
    steps: ClassVar[tuple[Step, ...]] = ()

    erasures: tuple[KeptErasure, ...] = ()
