"""What is asked of reading a file: one value from the command line or a page down to the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from churnkit.config import IngestSettings
from churnkit.ingest.columns.mapping import ColumnMapping


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
    """

    settings: IngestSettings = field(default_factory=IngestSettings)
    mapping: ColumnMapping | None = None
    preset: str | None = None
    as_of: datetime | None = None
    one_day_is_enough: bool = False
