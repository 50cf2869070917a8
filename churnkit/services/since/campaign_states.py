"""How a shop's campaigns stand by its newest orders: too early, under way, or over and read out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

from churnkit.campaigns import CampaignPlan
from churnkit.errors import DataError
from churnkit.results.found import Found, Missing
from churnkit.results.readout_figures import Readout
from churnkit.services.campaign.campaign_plans import open_campaign
from churnkit.services.campaign.readouts import read_out_campaign, results_of_orders
from churnkit.services.decide.shop_assumptions import readout_figures
from churnkit.store import FrozenCampaign, Store, StoredReadout
from churnkit.text import figures
from churnkit.windows import outcome_end, window_over

Stage = Literal["not sent", "under way", "over"]


@dataclass(frozen=True)
class CampaignState:
    """One campaign.

    Attributes
    ----------
    contacted, held_out
        Customers of its arms.
    ends_on
        The last day whose orders count; None before it has gone out.
    readout
        What the orders say so far, or in the end; or why they say nothing.
    kept
        The stored readout of a window that is over, the newest one.
    """

    campaign: FrozenCampaign
    stage: Stage
    contacted: int
    held_out: int
    ends_on: date | None
    readout: Found[Readout] | Missing
    kept: StoredReadout | None


def campaign_states(
    store: Store, shop_id: str, transactions: Path, observed_until: datetime
) -> list[CampaignState]:
    """The shop's campaigns that have gone out or are planned, newest first; ended ones for as long as they are read out.

    Parameters
    ----------
    transactions
        The orders of the version on screen.
    observed_until
        Its cutoff.
    """
    campaigns = [one for one in store.campaigns.all() if one.session_id == shop_id]
    return [_state(store, one, transactions, observed_until) for one in campaigns]


def stage_of(campaign: FrozenCampaign, plan: CampaignPlan, observed_until: datetime) -> Stage:
    """Where a campaign stands by orders that reach until an instant."""
    if campaign.started_on is None:
        return "not sent"
    begun = datetime.combine(campaign.started_on, time())
    return "over" if window_over(begun, plan.settings.horizon_days, observed_until) else "under way"


def last_day_of(campaign: FrozenCampaign, plan: CampaignPlan) -> date | None:
    """The last day whose orders count for a campaign; None before it has gone out."""
    if campaign.started_on is None:
        return None
    end = outcome_end(datetime.combine(campaign.started_on, time()), plan.settings.horizon_days)
    return (end - timedelta(days=1)).date()


def _state(
    store: Store, campaign: FrozenCampaign, transactions: Path, observed_until: datetime
) -> CampaignState:
    plan = open_campaign(store, campaign.campaign_id)
    stage = stage_of(campaign, plan, observed_until)
    kept = next((one for one in store.readouts.of_campaign(campaign.campaign_id) if one.is_complete), None)
    return CampaignState(
        campaign=campaign,
        stage=stage,
        contacted=len(plan.treated),
        held_out=len(plan.held_out),
        ends_on=last_day_of(campaign, plan),
        readout=_readout(campaign, plan, stage, kept, transactions),
        kept=kept,
    )


def _readout(
    campaign: FrozenCampaign, plan: CampaignPlan, stage: Stage, kept: StoredReadout | None, transactions: Path
) -> Found[Readout] | Missing:
    if stage == "not sent":
        return Missing("It has not gone out. When it does, write the day down on Campaigns.")
    if kept is not None:
        try:
            return Found(readout_figures(kept, campaign.name))
        except DataError as error:
            return Missing(f"{error.message} {error.remedy}")
    try:
        return Found(read_out_campaign(plan, results_of_orders(plan, campaign, transactions)))
    except DataError as error:
        return Missing(f"{error.message} {error.remedy}".strip())


def difference_words(found: Readout) -> str:
    """The difference of the arms in a sentence, with the interval that may be believed at this point."""
    conversion = found.conversion
    interval = conversion.interval(found.complete)
    sure = "" if found.complete else ", however often one looks"
    return (
        f"{figures.percent(conversion.treated)} of those contacted bought, {figures.percent(conversion.held_out)} of those"
        f" left out for comparison: {figures.points(interval.value)} points, between {figures.points(interval.low)} and"
        f" {figures.points(interval.high)}{sure}."
    )
