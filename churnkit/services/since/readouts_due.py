"""Reading out campaigns whose window is over, by themselves: with every new version."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from churnkit.campaigns import CampaignPlan
from churnkit.errors import DataError
from churnkit.results.folders import Results
from churnkit.results.shop_events import EventKind
from churnkit.services.campaign.campaign_plans import open_campaign
from churnkit.services.campaign.readouts import keep_readout, read_out_campaign, results_of_orders
from churnkit.services.since.campaign_states import last_day_of, stage_of
from churnkit.store import FrozenCampaign, Run, Store, StoredReadout
from churnkit.text import figures
from churnkit.windows import last_day


def read_out_over(store: Store, run: Run, folder: Path) -> list[StoredReadout]:
    """Read out each campaign of the shop whose window the orders of a version cover, unless that was done already.

    The same however often it is done. That a campaign is over is noted as an event, with what came of it or why nothing
    can be said.
    """
    results = Results(folder)
    observed_until = results.summary.question.cutoff
    made = []
    for campaign in store.campaigns.all():
        if campaign.session_id != run.session_id or campaign.started_on is None:
            continue
        if any(look.is_complete for look in store.readouts.of_campaign(campaign.campaign_id)):
            continue
        plan = open_campaign(store, campaign.campaign_id)
        if stage_of(campaign, plan, observed_until) == "over":
            made += _read_out(store, campaign, plan, results)
    return made


def _read_out(
    store: Store, campaign: FrozenCampaign, plan: CampaignPlan, results: Results
) -> list[StoredReadout]:
    ended = last_day_of(campaign, plan)
    _note(
        store,
        campaign,
        "campaign_ended",
        f"The campaign {campaign.name!r} is over: its last day was {figures.day(ended)}.",
    )
    try:
        outcomes = results_of_orders(plan, campaign, results.folder / "transactions.parquet")
        readout = read_out_campaign(plan, outcomes)
    except DataError as error:
        words = f"The campaign {campaign.name!r} is over, but cannot be read out. {_without_ids(error)}"
        _note(store, campaign, "readout_ready", words)
        return []
    look = keep_readout(
        store,
        campaign,
        readout,
        source=f"the shop's own orders, until {figures.day(last_day(results.summary.question.cutoff))}",
        currency=results.currency,
        automatic=True,
    )
    _note(store, campaign, "readout_ready", f"The campaign {campaign.name!r} has a result: {look.words[0]}")
    return [look]


def _without_ids(error: DataError) -> str:
    """Why, as far as it names nobody: examples of customers stand in the message after a semicolon."""
    return f"{error.message.split(';')[0].rstrip('.')}."


def _note(store: Store, campaign: FrozenCampaign, kind: EventKind, words: str) -> None:
    store.events.note(
        campaign.session_id,
        kind,
        key=campaign.campaign_id,
        words=words,
        at=datetime.now(UTC),
        details={"campaign_id": campaign.campaign_id},
    )
