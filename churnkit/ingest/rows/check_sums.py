"""Checks of the gate for totals among the rows: a row that equals the sum of those above it, or of its order's others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from churnkit.ingest.engine import Row
from churnkit.ingest.questions import Check
from churnkit.ingest.rows.staged_rows import StagedRows
from churnkit.text import figures

# Rows of the file that are looked at; subtotals do not begin later.
_MAX_ROWS = 20_000
_MAX_ROWS_TO_FIND = 2 * _MAX_ROWS
# So many subtotals one after the other that leave no row out do not come about by chance.
_MIN_SUBTOTALS = 4
_MIN_SHARE_OF_SEVERAL, _MIN_COVERED = 0.3, 0.8
# Among round prices, the sum of a few rows is the price of the next by chance.
_MIN_ABOVE, _MIN_ABOVE_THE_LAST = 20, 5
_MIN_ORDERS, _MIN_SHARE = 10, 0.8

_REMEDY = (
    "Take the rows of totals out of the file and read it again, or say what such rows are (--row-kind) where a column"
    " names their kind."
)
_IN_ORDERS = """
    SELECT count(*), count(*) FILTER (abs(amount - 2 * largest) < 0.005 AND largest > 0),
           min(order_id) FILTER (abs(amount - 2 * largest) < 0.005 AND largest > 0)
    FROM gate_orders WHERE rows >= 3
"""


def check_sums_above(staged: StagedRows) -> Check:
    """Whether rows kept are totals of other rows kept, so that money counts twice or more."""
    words = _sums_in_the_file(staged) or _sums_in_orders(staged)
    return Check("sums_above", not words, words, _REMEDY)


def subtotals(cents: Sequence[int]) -> list[int]:
    """Places of the amounts that each are the sum of those since the one before, in a run that leaves no amount out.

    The run that reaches farthest; sums of a single amount, which any repeated price is, count only between others.

    >>> subtotals([100, 250, 350, 40, 60, 100, 7])
    [2, 5]
    """
    begins: dict[int, tuple[int, _Run]] = {0: (0, _Run())}
    best, above = _Run(), 0
    for place, amount in enumerate(cents):
        found = begins.get(above - amount)
        above += amount
        if found is None or amount <= 0 or place == found[0]:
            continue
        run = found[1].longer(place, of_several=place - found[0] > 1)
        begins[above] = (place + 1, run)
        best = run
    return best.places()


@dataclass(frozen=True)
class _Run:
    """Sums one behind the other: the last place, the run before it, and how many are sums of several amounts."""

    place: int = -1
    before: _Run | None = None
    length: int = 0
    of_several: int = 0

    def longer(self, place: int, *, of_several: bool) -> _Run:
        return _Run(place, self, self.length + 1, self.of_several + of_several)

    def places(self) -> list[int]:
        if self.of_several < _MIN_SHARE_OF_SEVERAL * self.length:
            return []
        found, run = [], self
        while run.before is not None:
            found.append(run.place)
            run = run.before
        return found[::-1]


def _sums_in_the_file(staged: StagedRows) -> str:
    rows = _first_amounts(staged)
    cents = [amount for _, amount in rows]
    found = subtotals(cents)
    if len(found) >= _MIN_SUBTOTALS and found[-1] + 1 >= _MIN_COVERED * len(cents):
        row, amount = rows[found[0]]
        return (
            f"{figures.count(len(found))} rows equal the sum of the rows above them, for example row"
            f" {figures.count(row)} with {figures.money(amount / 100)}: they look like subtotals, and money counts twice."
        )
    for place, above in enumerate(accumulate(cents[:-1]), 1):
        enough = _MIN_ABOVE if place < len(cents) - 1 else _MIN_ABOVE_THE_LAST
        if place >= enough and cents[place] == above > 0:
            row, amount = rows[place]
            return f"Row {figures.count(row)} equals the sum of all rows above it, {figures.money(amount / 100)}."
    return ""


def _first_amounts(staged: StagedRows) -> list[Row]:
    """Row and cents of the first rows kept: mostly they are among a few times as many, and the others need not be sorted."""
    for last in (_MAX_ROWS_TO_FIND, None):
        rows = staged.rows(
            """
            SELECT source_row, CAST(round(amount * 100) AS BIGINT) FROM {staged}
            WHERE reason IS NULL AND abs(amount) < 1e12 {within} ORDER BY source_row LIMIT {limit}
            """,
            within="" if last is None else f"AND source_row <= {last}",
            limit=str(_MAX_ROWS),
        )
        if len(rows) == _MAX_ROWS:
            break
    return rows


def _sums_in_orders(staged: StagedRows) -> str:
    orders, doubled, example = staged.one(_IN_ORDERS)
    if orders < _MIN_ORDERS or doubled < _MIN_SHARE * orders:
        return ""
    return (
        f"In {figures.count(doubled)} of {figures.count(orders)} orders of three rows or more, one row equals the sum of the"
        f" others, for example in order {example!r}: it looks like the order's total beside its lines, and money counts"
        " twice."
    )
