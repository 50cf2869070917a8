"""How a look read its file, kept beside the canonical transactions: an analysis of the same file goes on from there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pyarrow.parquet as pq

from churnkit import __version__
from churnkit.errors import DataError
from churnkit.ingest import FileFacts, Ingested, Reading
from churnkit.results.codec import Step, from_text
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.files import write_document
from churnkit.results.look_facts import READING_FILE
from churnkit.results.look_folder import reading_file
from churnkit.results.uncounted import UNCOUNTED_FILE

_TRANSACTIONS = "transactions.parquet"


@dataclass(frozen=True, kw_only=True)
class KeptReading(FileFacts):
    """What reading the file found, which tables lie beside it, and the version of the product that read."""

    title: ClassVar[str] = "how a file was read"
    steps: ClassVar[tuple[Step, ...]] = ()

    made_by: str
    has_contacts: bool
    has_uncounted: bool


def keep_reading(ingested: Ingested, folder: Path) -> None:
    """Put ``reading.json`` into the folder of a look, unless the same file may be read otherwise another day."""
    # Orders after today were left out, or counted in what is said of them.
    if ingested.ledger.rows("future_date") or ingested.understood.last > datetime.now():
        return
    kept = KeptReading(
        made_by=__version__,
        has_contacts=ingested.contacts is not None,
        has_uncounted=ingested.uncounted is not None,
        # Orders of somebody, which no analysis asks for.
        **{**_facts(ingested), "understood": replace(ingested.understood, examples=())},
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


def _facts(read: FileFacts) -> dict[str, Any]:
    return {field.name: getattr(read, field.name) for field in fields(FileFacts)}
