"""The one-to-one assignment of two lists with the greatest total."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


def best_assignment(worth: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs of a row and a column, no row and no column twice, whose worths add up to the most.

    Shortest augmenting paths (Crouse 2016, "On implementing 2D rectangular assignment algorithms"), with ties broken as
    in ``scipy.optimize.linear_sum_assignment``: importing that takes as long as reading a small file. Every row of a
    table that is not taller than wide gets a column, else every column a row.

    >>> best_assignment([[0.9, 0.8], [0.8, 0.1]])
    [(0, 1), (1, 0)]
    """
    costs = [[-cell for cell in row] for row in worth]
    if not costs or not costs[0]:
        return []
    is_tall = len(costs) > len(costs[0])
    if is_tall:
        costs = [list(column) for column in zip(*costs, strict=True)]
    columns = _Paths(costs).columns()
    return sorted((column, row) if is_tall else (row, column) for row, column in enumerate(columns))


@dataclass
class _Paths:
    """Rows find their columns one after the other; each may push earlier ones to others."""

    costs: list[list[float]]

    def columns(self) -> list[int]:
        """The column of each row."""
        width = len(self.costs[0])
        self.of_row, self.of_column = [-1] * len(self.costs), [-1] * width
        self.row_prices, self.column_prices = [0.0] * len(self.costs), [0.0] * width
        for row in range(len(self.costs)):
            self._enter(row)
        return self.of_row

    def _enter(self, row: int) -> None:
        came_from, column = self._shortest(row)
        while True:
            before = came_from[column]
            self.of_column[column] = before
            self.of_row[before], column = column, self.of_row[before]
            if before == row:
                return

    def _shortest(self, first: int) -> tuple[list[int], int]:
        """The cheapest path from a row to a free column; the prices are those after it."""
        width = len(self.costs[0])
        came_from, distances = [-1] * width, [math.inf] * width
        # From the last to the first, so that equal costs give each row its own column.
        remaining = list(range(width - 1, -1, -1))
        rows, seen, shortest, row = [first], [], 0.0, first
        while True:
            chosen, lowest = -1, math.inf
            for place, column in enumerate(remaining):
                through = (
                    shortest + self.costs[row][column] - self.row_prices[row] - self.column_prices[column]
                )
                if through < distances[column]:
                    distances[column], came_from[column] = through, row
                is_free = self.of_column[column] == -1
                if distances[column] < lowest or (distances[column] == lowest and is_free):
                    chosen, lowest = place, distances[column]
            shortest, column = lowest, remaining[chosen]
            seen.append(column)
            remaining[chosen] = remaining[-1]
            remaining.pop()
            row = self.of_column[column]
            if row == -1:
                break
            rows.append(row)
        self._reprice(first, rows, seen, distances, shortest)
        return came_from, column

    def _reprice(
        self, first: int, rows: list[int], seen: list[int], distances: list[float], shortest: float
    ) -> None:
        self.row_prices[first] += shortest
        for row in rows[1:]:
            self.row_prices[row] += shortest - distances[self.of_row[row]]
        for column in seen:
            self.column_prices[column] -= shortest - distances[column]
