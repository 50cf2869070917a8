"""What happened to a shop, as the store keeps it. Times are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from churnkit.results.shop_events import EventKind


@dataclass(frozen=True)
class ShopEvent:
    """Something that happened to a shop.

    Attributes
    ----------
    event_number
        Counts up over all shops in the order in which events were noted.
    event_key
        By which the same event is known when it is noted again, e.g. the id of a run.
    sentence
        One plain sentence, without any customer's id or name.
    details
        JSON values for programs: ids, counts, shares, money; nothing of a single customer either.
    """

    event_id: str
    event_number: int
    shop_id: str
    kind: EventKind
    event_key: str
    sentence: str
    details: dict[str, Any]
    happened_at: datetime
