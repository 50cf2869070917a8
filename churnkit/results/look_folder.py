"""What a first look at a file left on disk, for pages and reports: read when asked for, never computed here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from churnkit.errors import DataError
from churnkit.results.codec import Document, Step, from_text
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.reading_aloud import in_readers_locale
from churnkit.text.locale import current, using

# Each document's classes come when one is read: the server starts without them.
if TYPE_CHECKING:
    import pandas as pd

    from churnkit.results.look_facts import LookFacts
    from churnkit.results.profile import Profile

# What the libraries raise on a file that was cut off or overwritten.
_DAMAGED = (OSError, EOFError, ValueError, KeyError, RecursionError, pa.ArrowException, duckdb.Error)
_REMEDY = "Start the analysis again, or restore the data folder from a backup."

D = TypeVar("D", bound=Document)

_log = logging.getLogger(__name__)


@contextmanager
def reading_file(path: Path) -> Iterator[None]:
    """Say in words that a file of an analysis, which is read inside, is missing or damaged.

    Raises
    ------
    DataError
        It is; the log has what the library said.
    """
    try:
        yield
    except _DAMAGED as error:
        if not path.exists():
            raise DataError(
                f"Opening an analysis: its file {path.name} is missing from the data folder.", _REMEDY
            ) from None
        _log.warning("reading %s", path, exc_info=error)
        raise DataError(
            f"Opening an analysis: its file {path.name} is damaged and cannot be read.", _REMEDY
        ) from error


def document_from(kind: type[D], text: bytes, name: str, before: Step | None = None) -> D:
    """A document with the name of its file in the message where it cannot be read."""
    try:
        return from_text(kind, text, before)
    except DataError as error:
        raise DataError(
            f"Opening an analysis: its file {name} cannot be used. {error.message}", error.remedy
        ) from error


def table_of(path: Path, columns: list[str] | None) -> pa.Table:
    """A Parquet file. As a whole it is read without Arrow's data sets: 8 MB of libraries that most pages never need."""
    if columns is not None:
        return pq.read_table(path, columns=columns)
    with pq.ParquetFile(path) as file:
        return file.read()


class Look:
    """The first look at a file: transactions, ledger and profile (the layout is in ``services/analyse/run_folder.py``).

    Attributes are read on first use and kept; treat them as read-only.
    """

    def __init__(self, folder: Path, fallback_currency: str | None = None) -> None:
        self.folder = folder
        self.fallback_currency = fallback_currency
        self._locale = current().code

    @cached_property
    def facts(self) -> LookFacts:
        """``look.json``: how the file was read, monthly totals, shares of churn by threshold."""
        from churnkit.results.look_facts import LookFacts

        return self._document(LookFacts, "look.json")

    @cached_property
    def profile(self) -> Profile:
        """``profile.json``: how good the data are, and what they say before any model."""
        from churnkit.results.profile import Profile

        return self._document(Profile, "profile.json")

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Dropped and mended rows by reason."""
        return self._frame("ledger.parquet")

    def ledger_lines(self) -> list[dict[str, Any]]:
        """The rows of :attr:`ledger`, without the half second that a frame takes a process to load."""
        path = self.path("ledger.parquet")
        with reading_file(path):
            lines: list[dict[str, Any]] = table_of(path, None).to_pylist()
        return lines

    @cached_property
    def contacts(self) -> pd.DataFrame | None:
        """How customers are reached, by the shop's own file, see ``results.contacts``; None where it does not say."""
        return self._frame(CONTACTS_FILE) if self.path(CONTACTS_FILE).exists() else None

    @property
    def transactions_path(self) -> Path:
        """The canonical transactions as Parquet.

        Raises
        ------
        DataError
            The file is missing, or it was cut off.
        """
        with self.reading("transactions.parquet") as path:
            pq.read_metadata(path)
        return path

    @property
    def source(self) -> str:
        """What tells this from any other folder that is read: part of the key of whatever is kept of it.

        Texts are kept too, so it names the locale in which this reader's are written.
        """
        return f"{self.folder} {self._locale}"

    def path(self, name: str) -> Path:
        """Where one of the files lies."""
        return self.folder / name

    @contextmanager
    def reading(self, name: str) -> Iterator[Path]:
        """The path of one of the files, for reading it inside.

        Raises
        ------
        DataError
            The file is missing or damaged; the log has what the library said.
        """
        path = self.path(name)
        with reading_file(path):
            yield path

    @property
    def currency(self) -> str | None:
        """The currency of the file, else the workspace's; None where neither names one."""
        return self.facts.currency or self.fallback_currency

    def _document(self, kind: type[D], name: str) -> D:
        with self.reading(name) as path:
            text = path.read_bytes()
        with using(self._locale):
            # The look itself says which currency the amounts are in; where it is gone, a document still can be read.
            told = name != "look.json" and self.path("look.json").exists()
            currency = self.currency if told else self.fallback_currency
            return document_from(kind, text, name, partial(in_readers_locale, currency=currency))

    def _frame(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        with self.reading(name) as path:
            frame: pd.DataFrame = table_of(path, columns).to_pandas()
            return frame
