"""Erasures of customers, as the table holds them. Times are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Erasure:
    """That somebody was erased from a shop; who, nobody can tell from it.

    Attributes
    ----------
    erasure_id
        That of the job that did it.
    erased_rows
        Rows of tables and files that they had; None until it is done.
    """

    erasure_id: str
    shop_id: str
    erased_rows: int | None
    requested_at: datetime
    done_at: datetime | None
