"""Every status of a file with what it says, and what the statuses of one row say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.ingest.cells import StatusClass, Verdict, verdict_of
from churnkit.ingest.rows.status_cells import StatusColumn
from churnkit.ingest.rows.status_counts import Together
from churnkit.ingest.rows.value_meanings import KnownBy


@dataclass(frozen=True)
class StatusTable:
    """Every value of every column with what it says, and how often they stand together.

    Attributes
    ----------
    classes
        One mapping a column: value in lower case -> what it says.
    known_by
        The same for what says so.
    written
        The same for how the file writes it.
    on_delivery
        All orders that wait for money are paid on the doorstep.
    """

    columns: tuple[StatusColumn, ...]
    together: tuple[Together, ...]
    classes: tuple[Mapping[str, StatusClass], ...]
    known_by: tuple[Mapping[str, KnownBy], ...]
    written: tuple[Mapping[str, str], ...]
    on_delivery: bool = False

    @property
    def orders(self) -> int:
        """Orders of the file, counted once for every combination of statuses that they have."""
        return sum(item.orders for item in self.together)

    def said(self, item: Together) -> tuple[StatusClass, ...]:
        """What the columns say of rows, blank cells left out."""
        pairs = zip(self.classes, item.cells[: len(self.columns)], strict=True)
        return tuple(classes[value] for classes, value in pairs if value is not None)

    def verdict(self, item: Together) -> Verdict:
        """What becomes of the rows."""
        doorstep = len(item.cells) > len(self.columns) and item.cells[-1] is not None
        return verdict_of(self.said(item), self.on_delivery or doorstep)

    def having(self, place: int, value: str) -> list[Together]:
        """The combinations with a value in a column."""
        return [item for item in self.together if item.cells[place] == value]
