"""Who is told of what happens to shops, and what is on its way to them. Times are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from churnkit.results.shop_events import EventKind

Channel = Literal["mail", "slack"]
Rhythm = Literal["soon", "daily", "weekly"]
MessageStatus = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True)
class Subscription:
    """Somebody who is told what happens.

    Attributes
    ----------
    shop_id
        None for every shop of the workspace.
    person_id
        Whose own it is; None for an address that somebody else entered.
    address
        Of mail where it goes; of a chat what may be shown of its address.
    sealed_address
        Of a chat, see ``outgoing.sealing``; its owner is ``subscription`` and the id.
    time_zone
        IANA name of the zone whose mornings are meant.
    stop_token
        By which the link in a mail ends this subscription.
    told_until
        Number of the last event that was told or was there before.
    next_at, report_at
        When the next digest and the next report go; None while there is nothing to tell, or no report is wanted.
    """

    subscription_id: str
    shop_id: str | None
    person_id: str | None
    channel: Channel
    address: str
    sealed_address: str | None = field(repr=False)
    kinds: list[EventKind]
    rhythm: Rhythm
    with_report: bool
    time_zone: str
    stop_token: str = field(repr=False)
    created_by: str
    created_at: datetime
    told_until: int
    told_at: datetime | None = None
    next_at: datetime | None = None
    report_at: datetime | None = None


@dataclass(frozen=True)
class Message:
    """Something that is told to one subscription.

    Attributes
    ----------
    message_id
        The same each time that it is sent; of the same digest or report always the same.
    attachment
        Bytes of a PDF; gone once it was delivered.
    attempts
        How often it was sent, or tried to be.
    answer_words
        Why it has not arrived.
    """

    message_id: str
    subscription_id: str
    shop_id: str | None
    subject: str
    plain: str
    html: str
    attachment: bytes | None = field(repr=False)
    attachment_name: str | None
    status: MessageStatus
    attempts: int
    created_at: datetime
    next_at: datetime
    done_at: datetime | None = None
    answer_words: str | None = None


@dataclass(frozen=True)
class NewMessage:
    """A message that is to be queued; see :class:`Message`."""

    message_id: str
    shop_id: str | None
    subject: str
    plain: str
    html: str
    attachment: bytes | None = field(default=None, repr=False)
    attachment_name: str | None = None


@dataclass(frozen=True)
class DueMessage:
    """What the courier takes along."""

    tenant_id: str
    subscription: Subscription
    message: Message
