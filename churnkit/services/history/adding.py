"""A newer export is read and joins a shop's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from churnkit.ingest import Ingested, Reading, ingest
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.erased import Erased
from churnkit.results.look_folder import Look
from churnkit.results.shop import AdditionFigures
from churnkit.results.shop_history import FileFacts, LedgerLine, TellerKind
from churnkit.results.uncounted import UNCOUNTED_FILE
from churnkit.services.look.remembered_reading import with_known_columns
from churnkit.services.privacy.retention import without_older
from churnkit.services.privacy.tombstones import without_erased
from churnkit.shops import NewerFile, account_of, first_state, fold, require_believable, require_same_shop

# What looks at shares of a whole history says nothing of a month.
_OF_WHOLE_HISTORIES = ("one_customer", "come_back", "few_customers", "one_order", "returns", "days_of_month")
# Changes are what was cancelled or refunded, more often than not.
_OF_EXPORTS = ("rows_kept", "money_kept")


@dataclass(frozen=True, kw_only=True)
class ToAdd:
    """What is asked of a file, see ``jobs.addition_request``.

    Whoever was ``erased`` must not come back, nor what is before ``kept_from``.
    """

    name: str
    sha256: str | None
    kind: TellerKind
    knows_until: datetime | None
    takes_out_missing: bool
    asks_about_missing: bool
    corrects: bool
    insists: bool
    erased: Erased | None = None
    kept_from: datetime | None = None


def add_file(
    before: Path, files: Path | Sequence[Path], reading: Reading, asked: ToAdd, workdir: Path, folder: Path
) -> AdditionFigures:
    """Write the history ``before`` with a newer file into ``folder``.

    Raises
    ------
    DataError, MappingError
        The file cannot be read, or is of another shop.
    OpenQuestions
        It leaves something open that the files before did not answer, or lacks known orders of its time.
    """
    ingested = without_erased(_read(before, files, reading, asked.kind, workdir), asked.erased)
    ingested = without_older(ingested, asked.kept_from)
    file = replace(
        NewerFile.of(ingested, asked.name),
        kind=asked.kind,
        sha256=asked.sha256,
        knows_until=asked.knows_until,
        takes_out_missing=asked.takes_out_missing,
        asks_about_missing=asked.asks_about_missing,
        corrects=asked.corrects,
    )
    require_same_shop(before, file, workdir, insist=asked.insists)
    if not asked.insists:
        require_believable(before, file, workdir)
    return fold(before, file, folder)


def _read(
    before: Path, files: Path | Sequence[Path], reading: Reading, kind: TellerKind, workdir: Path
) -> Ingested:
    """The file read as the one before it, but for what was said of this one."""
    newest = account_of(before).standing()[-1].file
    paths = [files] if isinstance(files, Path) else list(files)
    known = with_known_columns(reading, paths, workdir, newest.mapping, newest.preset, newest.day_first)
    accepted = (*known.accepted, *_OF_WHOLE_HISTORIES, *(_OF_EXPORTS if kind == "changes" else ()))
    return ingest(
        paths, workdir, replace(known, one_day_is_enough=True, accepted=accepted), may_be_empty=True
    )


def first_version(look: Path, name: str, sha256: str | None, folder: Path) -> Path:
    """Version 1 of a shop's history, from the look at its first file, in ``folder``."""
    found = Look(look)
    facts = found.facts
    first_state(
        NewerFile(
            transactions=found.transactions_path,
            uncounted=look / UNCOUNTED_FILE,
            contacts=look / CONTACTS_FILE,
            facts=FileFacts(
                name=name,
                format_words=facts.format_words,
                preset=facts.preset,
                mapping=facts.mapping,
                day_first=facts.day_first,
                currency=facts.currency,
                rows_in=facts.rows_in,
                rows_kept=pq.read_metadata(found.transactions_path).num_rows,
                has_time=facts.has_time,
                has_order_id=facts.has_order_id,
                returns=facts.returns,
                notes=facts.notes,
                ledger=tuple(
                    LedgerLine(**{key: line[key] for key in _LEDGER}) for line in found.ledger_lines()
                ),
            ),
            sha256=sha256,
        ),
        folder,
    )
    return folder


_LEDGER = ("reason", "action", "rows", "explanation", "example_rows")
