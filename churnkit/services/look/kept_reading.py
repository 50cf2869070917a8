"""How a look read its file, kept beside the canonical transactions: an analysis of the same file goes on from there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pyarrow.parquet as pq

from churnkit import __version__
from churnkit.errors import DataError
from churnkit.ingest import Check, ColumnMapping, Ingested, Ledger, Reading, Understood
from churnkit.results.codec import Step, from_text
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.files import write_document
from churnkit.results.look_facts import READING_FILE
from churnkit.results.uncounted import UNCOUNTED_FILE

_TRANSACTIONS = "transactions.parquet"


@dataclass(frozen=True, kw_only=True)
class KeptReading:
    """``ingest.Ingested`` without its files, and the version of the product that read."""

    title: ClassVar[str] = "how a file was read"
    steps: ClassVar[tuple[Step, ...]] = ()

    made_by: str
    reading: Reading
    ledger: Ledger
    mapping: ColumnMapping
    preset: str | None
    format_words: str
    has_time: bool
    has_order_id: bool
    currency: str | None
    notes: tuple[str, ...]
    understood: Understood
    encoding: str | None
    checks: tuple[Check, ...]
    day_first: bool | None
    has_contacts: bool
    has_uncounted: bool


def keep_reading(ingested: Ingested, folder: Path) -> None:
    """Put ``reading.json`` into the folder of a look, unless the same file may be read otherwise another day."""
    if ingested.ledger.rows("future_date"):
        return
    facts = {
        name: value for name, value in vars(ingested).items() if name in KeptReading.__dataclass_fields__
    }
    kept = KeptReading(
        made_by=__version__,
        has_contacts=ingested.contacts is not None,
        has_uncounted=ingested.uncounted is not None,
        # Orders of somebody, which no analysis asks for.
        **{**facts, "understood": replace(ingested.understood, examples=())},
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
        kept = from_text(KeptReading, (look / READING_FILE).read_bytes())
        rows = pq.read_metadata(look / _TRANSACTIONS).num_rows
    except (FileNotFoundError, DataError):
        return None
    if (kept.made_by, kept.reading, kept.ledger.row_count_kept) != (__version__, reading, rows):
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
    facts = {name: value for name, value in vars(kept).items() if name in Ingested.__dataclass_fields__}
    return Ingested(**facts, **places)
