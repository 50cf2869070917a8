"""How the dates of a file's orders are read."""

from __future__ import annotations

from datetime import datetime

from churnkit.config import IngestSettings
from churnkit.ingest.cells import text_sql
from churnkit.ingest.columns import ColumnMapping, DateColumn, Dating, Rules
from churnkit.ingest.files import RawTable


def decide_dates(
    raw: RawTable, mapping: ColumnMapping, rules: Rules, settings: IngestSettings, now: datetime
) -> Dating:
    """Decide how dates are read: as somebody asked, else as the cells say, else as the export usually writes them.

    Raises
    ------
    MappingError
        The column of dates holds none, or the order of day and month stays open.
    """
    return DateColumn(
        raw=raw,
        column=mapping.columns["ordered_at"],
        time_column=mapping.columns.get("time"),
        day_first=settings.day_first if settings.day_first is not None else mapping.day_first,
        usual_day_first=rules.day_first if rules.day_first is not None else _zone_day_first(raw, rules),
        now=now,
    ).decide()


def _zone_day_first(raw: RawTable, rules: Rules) -> bool | None:
    if rules.zone_column not in raw.columns:
        return None
    (in_america,) = raw.one(
        "SELECT coalesce(bool_or(contains({zone}, 'US & Canada')), false) FROM {raw}",
        zone=text_sql(rules.zone_column),
    )
    return False if in_america else None
