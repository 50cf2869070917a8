"""The raw table that reading a file leaves behind, and what every later room asks it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from churnkit.ingest.engine import Row, compose, one_row, quote_identifier
from churnkit.ingest.files.column_names import SOURCE_ROW
from churnkit.ingest.files.file_format import FileFormat, Part, RowProblem

if TYPE_CHECKING:
    import pandas as pd

# Small dictionaries make low-cardinality columns fast to scan; large ones cost a third of the writing time.
PARQUET_OPTIONS = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 8192"

# Repeats need neighbouring rows (lines of one order).
HEAD_ROWS = 200_000

# Signs of ASCII that are no blanks lie between these two.
TIDY = "{cell} >= '!' AND {cell} < chr(127) AND {cell}[-1] BETWEEN '0' AND '9'"

# Rows that looks at samples ask for.
SPREADS = (5_000, 2_000)

_ROW = quote_identifier(SOURCE_ROW)
# Beside a column of the file, whose header is no such thing.
_COPIES = f"{SOURCE_ROW} copies"
_TALLY = "raw_cells"
_NUMBERS = itertools.count(1)
_FIRST = "(SELECT * FROM {table} WHERE {row} < {begin} + {count})"
# In a table of the connection a row's number is its place there and one, which costs nothing to know.
_NUMBERED = "(SELECT *, rowid + 1 AS {row} FROM {table})"
# Rows of a table are fetched by their place: a condition on all rows would read all columns of all of them.
_PLACES = (
    "(SELECT *, rowid + 1 AS {row} FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {condition}))"
)

# Looks at cells of a column with fewer repeats, in the head, are looks at all rows.
_MOST_DIFFERENT = 0.5


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """A file as a table: its columns as they are, plus ``source_row``, on the connection that reads it.

    Statements name it by slots, see `compose`: ``{raw}`` is the table, ``{head}`` its first `HEAD_ROWS` rows, and
    ``{row}`` the column ``source_row``; `tally` gives two more for the different cells of a column.

    Attributes
    ----------
    path
        Parquet file in the working folder; text columns for delimited files (an empty field is NULL),
        typed or text columns for Excel and Parquet, and ``source_row`` BIGINT.
    table
        Name of the table on the connection that holds the rows in memory, in the order of the file; there is no file then.
        Empty: the file does.
    columns
        Header names, trimmed and made unique, without ``source_row``.
    row_count
        Records in the table.
    problems
        Examples of records that could not be read, in file order, at most `MAX_PROBLEMS` of them.
    problem_counts
        (reason, number of records) over all of them: ``row_count + problem_count`` is the number of
        records in the file.
    parts
        The sheets or files that make up the table, with their rows; empty where it is one alone.
    notes
        What was joined, left out and filled, for the user.
    merged
        Columns of a sheet with cells that are merged over several rows: a blank one below takes the value above it.
    filled_rows
        Name of the temporary table of the rows with a cell that was taken from above, empty where there are none.
    is_sample
        Rows drawn from another table, see `spread`: what holds for all of them may not hold for that one.
    """

    connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False)
    path: Path
    columns: tuple[str, ...]
    row_count: int
    format: FileFormat
    problems: tuple[RowProblem, ...] = ()
    problem_counts: tuple[tuple[str, int], ...] = ()
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    merged: frozenset[str] = frozenset()
    filled_rows: str = ""
    is_sample: bool = False
    table: str = ""

    @property
    def source(self) -> str:
        """The table in a statement, whose parameter ``$source`` is in `bound`."""
        return compose(_NUMBERED, table=self.table, row=_ROW) if self.table else "read_parquet($source)"

    @property
    def bound(self) -> dict[str, object]:
        """The parameters of `source`."""
        return {} if self.table else {"source": str(self.path)}

    @property
    def problem_count(self) -> int:
        """Number of records that could not be read."""
        return sum(count for _, count in self.problem_counts)

    @cached_property
    def types(self) -> Mapping[str, str]:
        """SQL type of every column and of ``source_row``, ``VARCHAR`` for text."""
        return {name: kind for name, kind, *_ in self.rows("DESCRIBE SELECT * FROM {raw}")}

    def one(self, template: str, bound: Mapping[str, object] | None = None, /, **slots: str) -> Row:
        """The only row of a statement about this table."""
        return one_row(self.connection, *self._asked(template, bound, slots))

    def rows(self, template: str, bound: Mapping[str, object] | None = None, /, **slots: str) -> list[Row]:
        """All rows of a statement about this table."""
        return self.connection.execute(*self._asked(template, bound, slots)).fetchall()

    def frame(
        self, template: str, bound: Mapping[str, object] | None = None, /, **slots: str
    ) -> pd.DataFrame:
        """A statement's rows as a frame."""
        found: pd.DataFrame = self.connection.execute(*self._asked(template, bound, slots)).df()
        return found

    def run(self, template: str, bound: Mapping[str, object] | None = None, /, **slots: str) -> None:
        """Run a statement that makes another table of this one."""
        self.connection.execute(*self._asked(template, bound, slots))

    def where(self, condition: str, bound: Mapping[str, object] | None = None, *, file_name: str) -> RawTable:
        """The rows for which a condition on ``{row}`` holds as a raw table of their own, in a file beside this one's."""
        target = self.path.with_name(file_name)
        if self.table:
            kept_rows = compose(
                _PLACES, table=self.table, row=_ROW, condition=compose(condition, row="(rowid + 1)")
            )
        else:
            kept_rows = compose(
                "(SELECT * FROM {raw} WHERE {condition})",
                raw=self.source,
                condition=compose(condition, row=_ROW),
            )
        (kept,) = self.one(
            "COPY {kept_rows} TO $target (FORMAT parquet)",
            {"target": str(target), **(bound or {})},
            kept_rows=kept_rows,
        )
        return replace(self, path=target, table="", row_count=int(kept))

    def among(self, rows: str) -> str:
        """The rows whose numbers a table holds as ``source_row``, in a statement."""
        if self.table:
            theirs = compose("SELECT source_row - 1 FROM {rows}", rows=rows)
            return compose(
                "(SELECT *, rowid + 1 AS {row} FROM {table} WHERE rowid IN ({theirs}))",
                table=self.table,
                row=_ROW,
                theirs=theirs,
            )
        return compose(
            "(SELECT * FROM {raw} WHERE {row} IN (SELECT source_row FROM {rows}))",
            raw=self.source,
            row=_ROW,
            rows=rows,
        )

    def spread(self, rows: int) -> RawTable:
        """About so many rows, of `SPREADS`, as a raw table that is made once: looks at single columns need not read all.

        Rows are drawn by their number's hash: every so many-th row would meet the same line of every order.
        """
        if rows not in self._spreads:
            step = self.step(rows)
            near = self._drawn if self.row_count > HEAD_ROWS else self
            drawn = near.where(_drawn_by(step), file_name=f"{self.path.stem}_every_{step}.parquet")
            self._spreads[rows] = replace(drawn, is_sample=True)
        return self._spreads[rows]

    def step(self, rows: int) -> int:
        """One row in so many gives about ``rows``; 1 where the table has no more than twice as many."""
        return max(1, self.row_count // rows)

    @cached_property
    def _drawn(self) -> RawTable:
        """The rows of all spreads: a long table is read once for them."""
        condition = " OR ".join(_drawn_by(self.step(rows)) for rows in SPREADS)
        return self.where(condition, file_name=f"{self.path.stem}_drawn.parquet")

    @cached_property
    def tidy(self) -> set[str]:
        """Text columns known to begin with a visible sign and to end with a digit in every filled cell: most ids.

        Nothing is trimmed off such a cell, and it is no word. Whoever looks through a column anyway adds it, see `TIDY`.
        """
        return set()

    @cached_property
    def _spreads(self) -> dict[int, RawTable]:
        return {}

    def first(self, rows: int) -> str:
        """The first so many rows in a statement."""
        begin = "1" if self.table else compose("(SELECT min({row}) FROM {raw})", row=_ROW, raw=self.source)
        return compose(_FIRST, table=self.source, row=_ROW, begin=begin, count=str(rows))

    def tally(self, column: str, *, asked_again: bool = True) -> dict[str, str]:
        """Slots for a look at single cells of a column: ``{cells}`` has each of them, and ``{copies}`` rows hold it.

        In a long table each different cell is there once, where they repeat: they are told apart once and looked at as
        often as anybody likes; not for a look that hardly another follows. NULL is one of them.
        """
        if not asked_again and column not in self._tallies:
            return {"cells": self.source, "copies": "1"}
        name = quote_identifier(_COPIES)
        if column not in self._tallies:
            cell = quote_identifier(column)
            if self._repeats(column):
                table = f"{_TALLY}_{next(_NUMBERS)}"
                self.run(
                    "CREATE TEMP TABLE {table} AS SELECT {cell}, count(*) AS {copies} FROM {raw} GROUP BY ALL",
                    table=table,
                    cell=cell,
                    copies=name,
                )
            else:
                table = compose(
                    "(SELECT {cell}, 1 AS {copies} FROM {raw})", cell=cell, copies=name, raw=self.source
                )
            self._tallies[column] = table
        return {"cells": self._tallies[column], "copies": name}

    def _repeats(self, column: str) -> bool:
        """Whether cells of a long table repeat enough for `tally` to pay."""
        if self.is_sample or self.row_count <= HEAD_ROWS:
            return False
        cell = quote_identifier(column)
        rows, different = self.one("SELECT count(*), approx_count_distinct({cell}) FROM {head}", cell=cell)
        return bool(different <= _MOST_DIFFERENT * rows)

    @cached_property
    def _tallies(self) -> dict[str, str]:
        return {}

    def _asked(
        self, template: str, bound: Mapping[str, object] | None, slots: Mapping[str, str]
    ) -> tuple[str, dict[str, object]]:
        """A statement with its slots filled, and its parameters."""
        named = {"raw": self.source, "row": _ROW, "head": self.first(HEAD_ROWS + 1)}
        statement = compose(template, **(named | dict(slots)))
        # A statement on a column's different cells alone does not name the file.
        own = self.bound if self.source in statement else {}
        return statement, {**own, **(bound or {})}


def _drawn_by(step: int) -> str:
    # Written out: the hash's remainder by a bound number is one of 128 bits, and takes four times as long.
    return f"hash({{row}}) % {int(step)} = 0"
