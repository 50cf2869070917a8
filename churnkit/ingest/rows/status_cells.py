"""The cells of the columns of statuses as SQL, and the text that stands for all of a row's statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from churnkit.ingest.cells import StatusSubject, is_of_line, status_subject, trimmed_sql
from churnkit.ingest.files import RawTable

# Between the parts of a key: the unit separator, which no export has in a status.
_BETWEEN = "\x1f"
_ON_DELIVERY = "on delivery"


@dataclass(frozen=True)
class StatusColumn:
    """One column of statuses; ``of_line`` says that its cells speak of the line, not of the order."""

    name: str
    subject: StatusSubject
    of_line: bool

    @classmethod
    def named(cls, name: str) -> StatusColumn:
        """A column as its header describes it."""
        return cls(name, status_subject(name), is_of_line(name))


@dataclass(frozen=True)
class StatusCells:
    """Columns of statuses, and the one with the means of payment if some of its values are paid on the doorstep.

    Attributes
    ----------
    doorstep
        Those values, in lower case.
    """

    columns: tuple[StatusColumn, ...] = ()
    method: str | None = None
    doorstep: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """The cells' names in statements."""
        found = tuple(f"status_{place}" for place in range(len(self.columns)))
        return (*found, "paid_on") if self.method is not None and found else found

    def of_order(self) -> tuple[str, ...]:
        """The names of those that an order's further rows take from its first one."""
        lines = {f"status_{place}" for place, column in enumerate(self.columns) if column.of_line}
        return tuple(name for name in self.names() if name not in lines)

    def sql(self, raw: RawTable, doorstep: str) -> tuple[str, ...]:
        """The cells as columns of a statement on the raw table; ``doorstep`` names the bound list."""
        cells = [f"lower({trimmed_sql(raw, column.name)})" for column in self.columns]
        if self.method is not None and cells:
            method = f"lower({trimmed_sql(raw, self.method)})"
            cells.append(f"CASE WHEN list_contains({doorstep}, {method}) THEN '{_ON_DELIVERY}' END")
        return tuple(f"{cell} AS {name}" for cell, name in zip(cells, self.names(), strict=True))

    def key_sql(self) -> str:
        """All of a row's statuses in one text, as `key` makes it."""
        return f" || '{_BETWEEN}' || ".join(f"coalesce({name}, '')" for name in self.names())


def key(values: Sequence[str | None]) -> str:
    """The statuses of one row in one text."""
    return _BETWEEN.join(value or "" for value in values)
