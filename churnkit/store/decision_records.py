"""What readers decide on an analysis: scenarios, lists of customers to contact, frozen campaigns, readouts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from churnkit.results.codec import JsonObject

CampaignStatus = Literal["planned", "running", "ended"]
WorkState = Literal["to_do", "contacted", "answered", "back", "gave_up"]


@dataclass(frozen=True)
class SavedScenario:
    """A what-if that its reader kept: what was set, and what came out."""

    session_id: str
    name: str
    settings: JsonObject
    figures: JsonObject
    created_at: datetime


@dataclass(frozen=True)
class ContactList:
    """A list of customers that its reader wants to contact."""

    list_id: str
    session_id: str
    name: str
    created_at: datetime
    customer_count: int


@dataclass(frozen=True)
class FrozenCampaign:
    """A frozen plan: ``facts`` holds its settings, assumptions and promise; ``started_on`` the day it went out."""

    campaign_id: str
    session_id: str
    run_id: str
    name: str
    status: CampaignStatus
    facts: JsonObject
    created_at: datetime
    started_on: date | None


@dataclass(frozen=True)
class StoredReadout:
    """A look at a campaign's results: what was read, the figures, and what they say.

    ``is_automatic`` where the program looked by itself, when the window was over.
    """

    readout_id: str
    campaign_id: str
    source: str
    figures: JsonObject
    words: list[str]
    is_complete: bool
    looked_at: datetime
    is_automatic: bool = False


@dataclass(frozen=True)
class WorkEntry:
    """How it stands with a customer whom the shop means to speak to.

    Attributes
    ----------
    contacted_on
        The day on which somebody last spoke to them.
    known_until
        Up to when their orders were known then, in the shop's own time, without a zone.
    noted_by
        Who said so, where people sign in; empty where the program did by itself (``is_automatic``).
    """

    shop_id: str
    customer_id: str
    state: WorkState
    note: str
    contacted_on: date | None
    known_until: datetime
    noted_by: str
    is_automatic: bool
    noted_at: datetime
