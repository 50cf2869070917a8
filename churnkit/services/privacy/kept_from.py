"""From when on a shop keeps its orders."""

from __future__ import annotations

import calendar
from datetime import datetime, time
from zoneinfo import ZoneInfo

from churnkit.results.shop import ShopSettings


def kept_from(settings: ShopSettings, now: datetime) -> datetime | None:
    """The midnight in the shop's own time from which on it keeps orders; None where it keeps them all.

    Parameters
    ----------
    now
        Any instant with its zone. A day that the month in question lacks is that month's last.
    """
    if settings.retention_months is None:
        return None
    today = now.astimezone(ZoneInfo(settings.time_zone)).date()
    months = today.year * 12 + today.month - 1 - settings.retention_months
    year, month = months // 12, months % 12 + 1
    number = min(today.day, calendar.monthrange(year, month)[1])
    return datetime.combine(today.replace(year=year, month=month, day=number), time())
