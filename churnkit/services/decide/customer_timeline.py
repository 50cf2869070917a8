"""What happened to one customer, newest first: orders, campaigns, the work list, and moves between versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd
import pyarrow.parquet as pq

from churnkit.campaigns import HOLDOUT
from churnkit.services.worklist.listed import STATES
from churnkit.text import figures
from churnkit.windows import last_day

if TYPE_CHECKING:
    from churnkit.store import FrozenCampaign, Store, WorkEntry

Kind = Literal["order", "campaign", "work", "standing"]
MAX_VERSIONS = 12


@dataclass(frozen=True)
class Happening:
    """Something that happened on a day, in a sentence."""

    on: date
    kind: Kind
    words: str


@dataclass(frozen=True)
class Sent:
    """A campaign that has the customer, and what came of it for this one.

    Attributes
    ----------
    held_out
        Left alone on purpose, to compare with.
    orders, spent
        The customer's since the campaign went out, within its window; money. None before it went out.
    readout
        What the campaign as a whole has changed, as it was read last; empty where nobody looked yet.
    """

    campaign: FrozenCampaign
    held_out: bool
    orders: int | None
    spent: float | None
    readout: str


def sent_to(
    store: Store, session_id: str, customer_id: str, orders: pd.DataFrame, horizon_days: int
) -> list[Sent]:
    """The campaigns of an analysis that have a customer, newest first.

    Parameters
    ----------
    orders
        The customer's: ``ordered_at``, ``amount``.
    """
    found = []
    for campaign, arm in store.campaigns.of_customer(session_id, customer_id):
        number = spent = None
        if campaign.started_on is not None:
            until = campaign.started_on + timedelta(days=horizon_days)
            days = orders["ordered_at"].dt.date
            since = orders[(days >= campaign.started_on) & (days < until)]
            number, spent = len(since), float(since["amount"].sum())
        readouts = store.readouts.of_campaign(campaign.campaign_id)
        words = readouts[0].words if readouts else []
        found.append(Sent(campaign, arm == HOLDOUT, number, spent, words[0] if words else ""))
    return found


def timeline(
    orders: pd.DataFrame,
    sent: Sequence[Sent],
    entries: Sequence[WorkEntry],
    standings: Sequence[tuple[date, str]],
    currency: str | None,
) -> list[Happening]:
    """Everything that is known of a customer, newest first.

    Parameters
    ----------
    standings
        From :func:`standings_of`.
    """
    found = [
        Happening(
            row["ordered_at"].date(),
            "order",
            f"Bought {figures.counted(int(row['lines']), 'line')} for {figures.money(float(row['amount']), currency)}",
        )
        for row in orders.to_dict("records")
    ]
    for one in sent:
        if one.campaign.started_on is not None:
            words = "Left alone, to compare with, by" if one.held_out else "Contacted by"
            found.append(
                Happening(one.campaign.started_on, "campaign", f"{words} the campaign “{one.campaign.name}”")
            )
    for entry in entries:
        who = "" if entry.is_automatic or not entry.noted_by else f" ({entry.noted_by})"
        note = f". {entry.note}" if entry.note else ""
        words = f"Work list: {STATES[entry.state].lower()}{who}{note}"
        found.append(Happening(entry.noted_at.date(), "work", words))
    found += [Happening(on, "standing", words) for on, words in _changes(standings)]
    order = {"standing": 0, "work": 1, "campaign": 2, "order": 3}
    return sorted(found, key=lambda one: (-one.on.toordinal(), order[one.kind]))


def standings_of(versions: Mapping[datetime, Path], customer_id: str) -> list[tuple[date, str]]:
    """Where a customer stood in each version, oldest first: the last day of its orders, and ``high risk`` or ``lapsed``.

    Parameters
    ----------
    versions
        The customers' file of each version by its cutoff; the last ``MAX_VERSIONS`` are read.
    """
    found = []
    for cutoff in sorted(versions)[-MAX_VERSIONS:]:
        names = [name for name in ("status", "risk_tier") if name in pq.read_schema(versions[cutoff]).names]
        rows = pq.read_table(
            versions[cutoff], columns=names, filters=[("customer_id", "=", customer_id)]
        ).to_pylist()
        if rows:
            found.append((last_day(cutoff), _standing(rows[0])))
    return found


def _standing(row: Mapping[str, object]) -> str:
    if row.get("status") == "lapsed":
        return "lapsed"
    tier = row.get("risk_tier")
    return f"active, {tier} risk" if isinstance(tier, str) else "active"


def _changes(standings: Sequence[tuple[date, str]]) -> list[tuple[date, str]]:
    told = []
    before = ""
    for on, now in standings:
        if before and now != before:
            told.append((on, f"By the data until here: {now} (before: {before})"))
        before = now
    return told
