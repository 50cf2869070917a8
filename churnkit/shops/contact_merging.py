"""How customers are reached, by all files of a shop."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.ingest.engine import compose, connect, quote_identifier
from churnkit.shops.history_files import columns_of, write_parquet


def merge_contacts(before: Path, file: Path | None, target: Path, *, newer_wins: bool) -> None:
    """Write the contacts of both to ``target``; cells that only one of them has are kept.

    Parameters
    ----------
    before, file
        Parquet with one row a customer; either may be missing.
    newer_wins
        Whether the file is right where both say something.
    """
    present = [path for path in (before, file) if path is not None and path.exists()]
    if not present:
        return
    if len(present) == 1:
        shutil.copyfile(present[0], target)
        return
    first, second = (present[1], present[0]) if newer_wins else (present[0], present[1])
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        names = [columns_of(connection, path) for path in (first, second)]
        cells = ", ".join(_cell(name, *names) for name in sorted((names[0] | names[1]) - {"customer_id"}))
        for table, path in (("first_told", first), ("second_told", second)):
            connection.execute(
                compose("CREATE TEMP TABLE {table} AS FROM read_parquet($path)", table=table),
                {"path": str(path)},
            )
        query = compose(
            "SELECT customer_id, {cells} FROM first_told FULL JOIN second_told USING (customer_id) ORDER BY customer_id",
            cells=cells,
        )
        write_parquet(connection, query, target)


def _cell(name: str, first: set[str], second: set[str]) -> str:
    column = quote_identifier(name)
    if name in first and name in second:
        return f"coalesce(first_told.{column}, second_told.{column}) AS {column}"
    return f"{'first_told' if name in first else 'second_told'}.{column}"
