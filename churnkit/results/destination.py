"""Where a shop's scores are sent, and how a sending went, as the store keeps both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from churnkit.results.codec import Step

DestinationKind = Literal["hubspot", "klaviyo", "s3", "folder"]
Audience = Literal["everybody", "high_and_medium", "high"]
KnownBy = Literal["email", "customer_id"]


@dataclass(frozen=True, kw_only=True)
class DestinationSettings:
    """What of a shop is sent, and where to; credentials are kept apart.

    Attributes
    ----------
    audience
        Whose scores are sent: of everybody, or of the active with a high (or medium) risk.
    known_by
        What the other tool knows a customer by.
    id_property
        HubSpot's own property with the shop's id of a customer, where customers are known by that.
    bucket, prefix, region, endpoint
        A place in object storage, as ``outgoing.object_storage.StoragePlace`` has it.
    folder
        Name of a folder below the server's folder for exports.
    """

    title: ClassVar[str] = "a destination's settings"
    steps: ClassVar[tuple[Step, ...]] = ()

    audience: Audience = "everybody"
    known_by: KnownBy = "email"
    id_property: str = ""
    bucket: str = ""
    prefix: str = ""
    region: str = "us-east-1"
    endpoint: str | None = None
    folder: str = ""


@dataclass(frozen=True, kw_only=True)
class PushFigures:
    """How many customers a sending reached.

    Attributes
    ----------
    sent
        Got new values.
    cleared
        Had the values taken away: they left the audience, or the shop's customers.
    unchanged
        Had these values already.
    refused
        By reason, those who did not.
    """

    title: ClassVar[str] = "the account of a sending"
    steps: ClassVar[tuple[Step, ...]] = ()

    sent: int = 0
    cleared: int = 0
    unchanged: int = 0
    refused: dict[str, int] = field(default_factory=dict)
