"""What is asked of reading a file: one value from the command line or a page down to the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from churnkit.config import IngestSettings
from churnkit.ingest.columns.mapping import ColumnMapping

StatusAnswer = Literal["counts", "left_out"]
"""What becomes of orders with a status."""

RowKindAnswer = Literal["sale", "return", "left_out"]
"""What rows of one kind are."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a file is to be read, as far as somebody said so; the rest is decided from the file.

    Attributes
    ----------
    settings
        Sheet, encoding, separators, the order of day and month, currency, what becomes of returns.
    mapping
        Columns by field. It goes before the preset, and that before what header and cells suggest.
    preset
        Name of a shop system's export, ``NO_PRESET`` for none of the known ones. None: by the header.
    as_of
        Rows at or after this instant, in the shop's local time, are left out before anything else is decided or
        computed.
    one_day_is_enough
        Accept orders that are all of one day, which are no history to learn from.
    statuses, row_kinds
        What values of the columns of statuses and of row kinds mean, in lower case; they go before all that the product
        knows of such words.
    nobody
        Cells of the customer's column, in lower case, that name nobody: ``cash``.
    accepted
        Names of checks that somebody looked at and found right.
    """

    settings: IngestSettings = field(default_factory=IngestSettings)
    mapping: ColumnMapping | None = None
    preset: str | None = None
    as_of: datetime | None = None
    one_day_is_enough: bool = False
    statuses: Mapping[str, StatusAnswer] = field(default_factory=dict)
    row_kinds: Mapping[str, RowKindAnswer] = field(default_factory=dict)
    nobody: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
