"""What the cells of each column of a report are, over all rows or over those that are no headings and subtotals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.ingest.engine import counted, quote_identifier
from churnkit.ingest.files import RawTable

_FULL = 0.9
_NEARLY_ALL = 0.98
_PATTERNS = {
    "date": r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^\d{1,2}[-. ]+\p{L}{3,10}[-. ,]+\d{2,4}|^\p{L}{3,10}[-. ]+\d{1,2},? +\d{4}",
    "number": r"[-+(]?\s*\p{Sc}?\s*[-+]?\d[\d.,' ]*\s*[\p{Sc}\p{L}]{0,3}\)?",
    "whole": r"-?\d+(\.0+)?",
}


@dataclass(frozen=True)
class BlockCells:
    """The filled cells of a column: how many, how many different ones, and of what kind they are."""

    rows: int
    filled: int
    distinct: int
    dates: int
    whole: int
    numbers: int
    first_is_filled: bool

    @property
    def blank_share(self) -> float:
        """Share of rows without a cell, 0..1."""
        return 1 - self.filled / max(1, self.rows)

    @property
    def are_dates(self) -> bool:
        """Nearly all cells are dates."""
        return self.filled > 0 and self.dates >= _FULL * self.filled

    @property
    def are_numbers(self) -> bool:
        """Nearly all cells are numbers."""
        return self.filled > 0 and self.numbers >= _FULL * self.filled

    @property
    def are_unique(self) -> bool:
        """Nearly no cell comes twice."""
        return self.filled > 0 and self.distinct >= _NEARLY_ALL * self.filled


def cells_of(raw: RawTable, body: str) -> Mapping[str, BlockCells]:
    """What the cells of each column are, over the rows that are no subtotals."""
    found = {}
    for name in raw.columns:
        column = quote_identifier(name)
        kind = raw.types[name]
        text = f"trim(CAST({column} AS VARCHAR))"
        is_date = "true" if kind.startswith(("TIMESTAMP", "DATE")) else f"regexp_matches({text}, $date)"
        number = "true" if kind in ("BIGINT", "DOUBLE", "INTEGER") else f"regexp_full_match({text}, $number)"
        if is_date == "true":
            number = "false"
        row = raw.one(
            """
            SELECT count(*), count({column}), count(DISTINCT {column}), {dates}, {whole}, {numbers},
                   coalesce(arg_min({column} IS NOT NULL, {row}), false)
            FROM {raw} WHERE {body}
            """,
            {
                name: pattern
                for name, pattern in _PATTERNS.items()
                if f"${name}" in is_date + number + "$whole"
            },
            column=column,
            dates=counted(f"{column} IS NOT NULL AND {is_date}"),
            whole=counted(f"{column} IS NOT NULL AND regexp_full_match({text}, $whole)"),
            numbers=counted(f"{column} IS NOT NULL AND {number}"),
            body=body,
        )
        found[name] = BlockCells(*row)
    return found
