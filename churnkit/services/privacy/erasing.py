"""Erasing one customer from the files of a shop: a worker writes what each must hold, the server puts it in place.

Nothing is changed here. ``erased.json`` in the folder of the result says which file takes which place, so that a server
that died in between goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnkit.results.codec import Step
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.erased import address_hash
from churnkit.results.files import ROW_GROUP_ROWS, is_temporary, write_document
from churnkit.results.folders import PRICED
from churnkit.results.look_facts import READING_FILE
from churnkit.services.privacy.raw_files import without_rows_of
from churnkit.services.privacy.scrubbing import Person
from churnkit.services.privacy.tombstones import without

ERASED_FILE = "erased.json"
_ADDRESSES = ("email", "phone", "customer_name")
_LEDGER = ("example_rows",)
# Files to score lie in their jobs' folders, and are handed-over files like others.
_HANDED_OVER = "input"
_PULLED = "sources"
# What stands between customer and moment in the id of an order that has none.
_MADE_OF = "@"
_OF_CUSTOMER, _OF_ORDER = "customer_id", "order_id"


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """A file and what takes its place: a name in the result's folder, None where the file goes."""

    place: str
    draft: str | None


@dataclass(frozen=True, kw_only=True)
class ErasedFiles:
    """What a worker found of a customer.

    Attributes
    ----------
    rows
        Rows of tables and of handed-over files that held them.
    hashes
        Of their e-mail addresses, by which they are known in other shops.
    removed_uploads
        Names of handed-over files that go as a whole, because no row can be taken out of one of their kind.
    """

    title: ClassVar[str] = "the account of an erasure"
    steps: ClassVar[tuple[Step, ...]] = ()

    files: tuple[Replacement, ...] = ()
    rows: int = 0
    hashes: tuple[str, ...] = field(default_factory=tuple)
    removed_uploads: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShopFiles:
    """Where a shop's customers may be found.

    Attributes
    ----------
    folders
        Of the analysis and of its jobs.
    uploads
        Files as they were handed over.
    columns
        Headers of those files by field, see ``ingest.ColumnMapping``.
    """

    folders: tuple[Path, ...]
    uploads: tuple[Path, ...]
    columns: dict[str, str]


def erase_from_files(
    shop: ShopFiles, customers: Sequence[str], key: str, work: Path, out: Path
) -> ErasedFiles:
    """Write every file that holds one of these customers once more, without them, and say which goes where.

    Parameters
    ----------
    key
        Of the hashes, see ``results.erased``.
    work, out
        Folders for what is needed in between, and for the result.

    Raises
    ------
    OSError
        A file cannot be read or written.
    """
    person = person_of(shop, customers)
    drafts = _Drafts(out)
    for path in _files_of(shop.folders):
        _without(path, person, drafts)
    for path in shop.uploads:
        if path.is_file():
            drafts.take_upload(path, person, shop.columns, work)
    hashes = sorted(address_hash(key, one) for one in person.addresses if "@" in one)
    found = ErasedFiles(
        files=tuple(drafts.files),
        rows=drafts.rows,
        hashes=tuple(hashes),
        removed_uploads=tuple(drafts.removed),
    )
    write_document(found, out / ERASED_FILE)
    return found


def person_of(shop: ShopFiles, customers: Sequence[str]) -> Person:
    """What is known of customers: their addresses and the ids of their orders."""
    ids = frozenset(customers)
    addresses: set[str] = set()
    orders: set[str] = set()
    for path in _files_of(shop.folders):
        if path.suffix != ".parquet":
            continue
        names = pq.read_schema(path).names
        wanted = _ADDRESSES if path.name == CONTACTS_FILE else (_OF_ORDER,)
        if _OF_CUSTOMER not in names or not set(wanted) & set(names):
            continue
        for name in sorted(set(wanted) & set(names)):
            table = _only(pq.read_table(path, columns=[_OF_CUSTOMER, name]), _OF_CUSTOMER, ids)
            found = {str(one) for one in table[name].to_pylist() if one is not None and str(one).strip()}
            (orders if name == _OF_ORDER else addresses).update(found)
    return Person(ids, frozenset(addresses), frozenset(orders))


class _Drafts:
    """What takes the place of which file, counted."""

    def __init__(self, out: Path) -> None:
        self.files: list[Replacement] = []
        self.removed: list[str] = []
        self.rows = 0
        self._out = out

    def draft(self, path: Path) -> Path:
        """Where what takes the place of ``path`` is written."""
        name = f"{len(self.files):06d}{path.suffix}"
        self.files.append(Replacement(place=str(path), draft=name))
        return self._out / name

    def table(self, path: Path, table: pa.Table, rows: int) -> None:
        """A table that takes a file's place."""
        pq.write_table(table, self.draft(path), row_group_size=ROW_GROUP_ROWS)
        self.rows += rows

    def take_upload(self, path: Path, person: Person, columns: dict[str, str], work: Path) -> None:
        """A handed-over file without a person's rows; one that cannot be written so goes as a whole."""
        target = self._out / f"upload-{len(self.files):06d}{path.suffix}"
        rows = without_rows_of(path, person, columns, work, target)
        if rows is None:
            target.unlink(missing_ok=True)
            self.files.append(Replacement(place=str(path), draft=None))
            self.removed.append(path.name)
        elif rows:
            self.files.append(Replacement(place=str(path), draft=target.name))
            self.rows += rows


def _files_of(folders: Sequence[Path]) -> Iterator[Path]:
    """Files that outlive a job; what is priced is made again, and nothing behind a link is ours."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if not path.is_file() or path.is_symlink() or PRICED in parts or is_temporary(path.name):
                continue
            if not path.name.startswith(_HANDED_OVER):
                yield path


def _without(path: Path, person: Person, drafts: _Drafts) -> None:
    if _PULLED in path.parts or path.name == READING_FILE:
        # Pages of a pull that broke off, as a shop system sent them: the next pull asks for them again. How a look read
        # shows rows as examples; the file is read again.
        drafts.files.append(Replacement(place=str(path), draft=None))
    elif path.suffix == ".parquet":
        _without_rows(path, person, drafts)
    elif path.suffix == ".json":
        before = path.read_text(encoding="utf-8")
        after = person.out_of_json(before)
        if after != before:
            drafts.draft(path).write_text(after, encoding="utf-8")
    elif path.suffix in (".txt", ".csv", ".html", ".md"):
        before = path.read_text(encoding="utf-8", errors="replace")
        after = "".join(map(person.out_of_words, before.splitlines(keepends=True)))
        if after != before:
            drafts.draft(path).write_text(after, encoding="utf-8")


def _without_rows(path: Path, person: Person, drafts: _Drafts) -> None:
    names = pq.read_schema(path).names
    if _OF_CUSTOMER in names:
        # Most tables hold the customer once or not at all: the others are not read as a whole.
        ids = pq.read_table(path, columns=[_OF_CUSTOMER])
        rows = _only(ids, _OF_CUSTOMER, person.customer_ids).num_rows
        if rows:
            drafts.table(path, without(pq.read_table(path), _OF_CUSTOMER, person.customer_ids), rows)
    elif _OF_ORDER in names:
        _without_orders(path, person, drafts)
    elif set(_LEDGER) & set(names):
        table = pq.read_table(path)
        cleaned = _cleaned(table, person)
        if not cleaned.equals(table):
            drafts.table(path, cleaned, 0)


def _without_orders(path: Path, person: Person, drafts: _Drafts) -> None:
    """A table that says what became of orders; the id of an order may be made of its customer's."""
    table = pq.read_table(path)
    starts = tuple(f"{customer}{_MADE_OF}" for customer in person.customer_ids)
    orders = person.order_ids | {
        order for order in pc.unique(table[_OF_ORDER]).to_pylist() if order and str(order).startswith(starts)
    }
    gone = _only(table, _OF_ORDER, orders).num_rows
    if gone:
        drafts.table(path, without(table, _OF_ORDER, orders), gone)


def _cleaned(table: pa.Table, person: Person) -> pa.Table:
    for name in set(_LEDGER) & set(table.column_names):
        texts = [None if text is None else person.out_of_words(text) for text in table[name].to_pylist()]
        place, kind = table.column_names.index(name), table.schema.field(name)
        table = table.set_column(place, kind, pa.array(texts, kind.type))
    return table


def _only(table: pa.Table, column: str, values: frozenset[str]) -> pa.Table:
    texts = pc.cast(table[column], pa.string())
    return table.filter(pc.is_in(texts, value_set=pa.array(sorted(values), pa.string())))
