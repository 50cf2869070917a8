"""Everything that is known of one customer, as a ZIP of JSON files that they can be given."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnkit.errors import NotFoundError
from churnkit.results.codec import plain
from churnkit.results.files import is_temporary
from churnkit.results.folders import PRICED
from churnkit.store import Store
from churnkit.text.figures import counted, day

_CUSTOMER = "customer_id"
TABLES_FILE, ABOUT_FILE = "tables.json", "README.txt"


def customer_archive(store: Store, shop_id: str, folders: Iterable[Path], customer_id: str) -> bytes:
    """The ZIP: rows of the tables, rows of every file of the shop, and what is what.

    Parameters
    ----------
    folders
        Where the shop's files lie, see ``Platform.customer_folders``.

    Raises
    ------
    NotFoundError
        Nothing is known of them.
    """
    tables = store.erasures.rows_of(shop_id, customer_id)
    files = dict(_rows_of_files(folders, customer_id))
    if not tables and not files:
        raise NotFoundError(
            f"Taking out what is known of a customer: the shop knows nobody called {customer_id!r}.",
            "Look at the id on the Customers page: it is written exactly so, leading zeros too.",
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ABOUT_FILE, _about(store, shop_id, customer_id, tables, files))
        archive.writestr(TABLES_FILE, _json(tables))
        for name, rows in files.items():
            archive.writestr(f"files/{name}.json", _json(rows))
    return buffer.getvalue()


def _rows_of_files(
    folders: Iterable[Path], customer_id: str
) -> Iterator[tuple[str, list[dict[str, object]]]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.parquet")):
            parts = path.relative_to(folder).parts
            if PRICED in parts or is_temporary(path.name) or _CUSTOMER not in pq.read_schema(path).names:
                continue
            if path.name.startswith("input"):
                # Somebody's own file, which only a reader opens.
                continue
            rows = _rows(path, customer_id)
            if rows:
                yield "/".join((folder.name, *parts)).removesuffix(".parquet"), rows


def _rows(path: Path, customer_id: str) -> list[dict[str, object]]:
    # The statistics of row groups spare most of a large file.
    table: pa.Table = pq.read_table(path, filters=pc.field(_CUSTOMER).cast(pa.string()) == customer_id)
    found: list[dict[str, object]] = table.to_pylist()
    return found


def _json(value: object) -> str:
    return json.dumps(plain(value), indent=1, ensure_ascii=False, default=str) + "\n"


def _about(
    store: Store,
    shop_id: str,
    customer_id: str,
    tables: dict[str, list[dict[str, object]]],
    files: dict[str, list[dict[str, object]]],
) -> str:
    shop = store.shops.get(shop_id)
    lines = [
        f"What is known of customer {customer_id} of {shop.name}, on {day(datetime.now(UTC))}.",
        "",
        f"{TABLES_FILE}: rows of the database, by table.",
        *(f"  {table}: {counted(len(rows), 'row')}" for table, rows in tables.items()),
        "files/: rows of the analysis' files. history/ is what all files told of the orders, looks/ and runs/ are readings",
        "  and versions of the analysis; in them, lines and transactions are orders line by line, contacts how the customer",
        "  is reached, customers and scored the forecast, panel and past what was known and forecast at earlier dates,",
        "  contributions the reasons, actions what might suit the customer next.",
        *(f"  {name}: {counted(len(rows), 'row')}" for name, rows in files.items()),
        "",
        "Files that were handed over hold the same orders; columns that the analysis does not read are in them alone.",
    ]
    return "\n".join(lines) + "\n"
