"""Days and times as requests give them: written out, never a number, which could be seconds or days since any year."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: Any) -> Any:
    if not isinstance(value, date) and not (isinstance(value, str) and _WRITTEN.match(value)):
        raise ValueError("a day or time is written out, such as 2026-03-02 or 2026-03-02T10:30:00")
    return value


def _of_the_file(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    except OverflowError:
        raise ValueError("there is no such time in UTC") from None


Day = Annotated[date, BeforeValidator(_written)]
"""A day of the calendar."""
ShopTime = Annotated[datetime, BeforeValidator(_written), AfterValidator(_of_the_file)]
"""A time of a shop's file: such times have no zone and leave as UTC, so one with a zone is taken in UTC."""
