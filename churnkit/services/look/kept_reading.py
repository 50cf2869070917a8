"""How a look read its file, kept beside the canonical transactions: an analysis of the same file goes on from there.

Where it asks the same of the history, the look's profile is its own too.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pyarrow.parquet as pq

from churnkit import __version__
from churnkit.config import AnalysisSettings, Gates, ThresholdSettings
from churnkit.errors import DataError
from churnkit.ingest import FileFacts, Ingested, Reading
from churnkit.results.codec import Step, from_text
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.files import write_document
from churnkit.results.look_facts import READING_FILE
from churnkit.results.look_folder import reading_file
from churnkit.results.profile import Profile
from churnkit.results.uncounted import UNCOUNTED_FILE

_TRANSACTIONS, _PROFILE = "transactions.parquet", "profile.json"


@dataclass(frozen=True, kw_only=True)
class ProfileSettings:
    """What of the settings a profile depends on."""

    gates: Gates
    threshold: ThresholdSettings
    horizon_days: int | None

    @classmethod
    def of(cls, settings: AnalysisSettings) -> ProfileSettings:
        """Those of an analysis."""
        return cls(gates=settings.gates, threshold=settings.threshold, horizon_days=settings.horizon_days)


@dataclass(frozen=True, kw_only=True)
class KeptReading(FileFacts):
    """What reading the file found, which tables lie beside it, what the profile was asked, and the version of the product
    that read."""

    title: ClassVar[str] = "how a file was read"
    steps: ClassVar[tuple[Step, ...]] = ()

    made_by: str
    has_contacts: bool
    has_uncounted: bool
    profile_settings: ProfileSettings


def keep_reading(ingested: Ingested, folder: Path, settings: AnalysisSettings) -> None:
    """Put ``reading.json`` into the folder of a look, unless the same file may be read otherwise another day."""
    # Orders after today were left out, or counted in what is said of them.
    if ingested.ledger.rows("future_date") or ingested.understood.last > datetime.now():
        return
    kept = KeptReading(
        made_by=__version__,
        has_contacts=ingested.contacts is not None,
        has_uncounted=ingested.uncounted is not None,
        profile_settings=ProfileSettings.of(settings),
        **_facts(_without_examples(ingested)),
    )
    write_document(kept, folder / READING_FILE, indent=None)


def reading_of(look: Path, reading: Reading, workdir: Path, currency: str | None) -> Ingested | None:
    """What ``ingest`` would make of the file of a look; None where that must be found out from the file.

    Which is so where the look was asked another question, by another version of the product or before readings were kept,
    where its files are not those that it wrote, and where amounts of a file that names no currency get one.

    Parameters
    ----------
    currency
        What the owner says that amounts are in.
    """
    try:
        with reading_file(look / _TRANSACTIONS):
            rows = pq.read_metadata(look / _TRANSACTIONS).num_rows
        kept = from_text(KeptReading, (look / READING_FILE).read_bytes())
    except (FileNotFoundError, DataError):
        return None
    if (kept.made_by, kept.reading, kept.row_count_kept) != (__version__, reading, rows):
        return None
    if currency is not None and kept.currency is None:
        return None
    files = {
        "transactions": _TRANSACTIONS,
        "contacts": CONTACTS_FILE if kept.has_contacts else None,
        "uncounted": UNCOUNTED_FILE if kept.has_uncounted else None,
    }
    if not all((look / name).exists() for name in files.values() if name):
        return None
    workdir.mkdir(parents=True, exist_ok=True)
    for name in filter(None, files.values()):
        shutil.copyfile(look / name, workdir / name)
    places: dict[str, Any] = {field: workdir / name if name else None for field, name in files.items()}
    return Ingested(**_facts(kept), **places)


def profile_of(
    look: Path, ingested: Ingested, settings: AnalysisSettings, currency: str | None
) -> Profile | None:
    """The profile that the look wrote, if it is that of ``ingested``; None where the history must be profiled.

    Parameters
    ----------
    ingested
        What an analysis goes on from, of :func:`reading_of` or not.
    currency
        As there; amounts of several currencies are written in it.
    """
    try:
        kept = from_text(KeptReading, (look / READING_FILE).read_bytes())
        found = from_text(Profile, (look / _PROFILE).read_bytes())
    except (FileNotFoundError, DataError):
        return None
    if kept.made_by != __version__ or kept.profile_settings != ProfileSettings.of(settings):
        return None
    # Without customers who were erased, or orders that are kept no longer, other rows were kept or left out.
    if _facts(kept) != _facts(_without_examples(ingested)):
        return None
    return None if currency is not None and found.scope.currency is None else found


def _without_examples(ingested: Ingested) -> Ingested:
    """Without orders of somebody, which no analysis asks for."""
    return replace(ingested, understood=replace(ingested.understood, examples=()))


def _facts(read: FileFacts) -> dict[str, Any]:
    return {field.name: getattr(read, field.name) for field in fields(FileFacts)}
