"""Whether what was done has worked: by campaigns that kept somebody back to compare with, else only who came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from churnkit.results.found import Found
from churnkit.results.readout_figures import Readout
from churnkit.services.home.answer import Answer, Mood, Way
from churnkit.services.since.campaign_states import CampaignState
from churnkit.store import WorkEntry
from churnkit.text import figures

_BEGIN = (
    "Nothing went out yet. Begin with one campaign that leaves a few customers out, drawn by chance: how much more the"
    " others buy is what it changed."
)


def did_it_work(
    campaigns: Sequence[CampaignState], entries: Sequence[WorkEntry], currency: str | None
) -> Answer:
    """What the latest campaign has shown, or how to find out.

    Parameters
    ----------
    campaigns
        Of the shop.
    entries
        Its work list; empty for whoever may not see it.
    """
    states = sorted(campaigns, key=_when, reverse=True)
    over = [one for one in states if one.stage == "over"]
    read = [one for one in over if isinstance(one.readout, Found)]
    running = [one for one in states if one.stage == "under way"]
    if read:
        return _read_out(read[0], running, currency)
    if running:
        return _under_way(running[0])
    if over:
        return _unread(over[0])
    if states:
        return _not_sent(states[0])
    return _without_campaign(entries)


def _when(state: CampaignState) -> date:
    return state.ends_on or date.min


def _read_out(state: CampaignState, running: Sequence[CampaignState], currency: str | None) -> Answer:
    assert isinstance(state.readout, Found)
    found, saves = state.readout.value, state.readout.value.realised.saves
    told: dict[str, tuple[str, str, Mood]] = {
        "worked": (f"kept {figures.people(saves.value)}", "Kept customers", "good"),
        "harmed": (f"lost {figures.people(-saves.value)}", "Drove customers away", "bad"),
        "unclear": ("not clear", "Cannot be told from chance", "unknown"),
    }
    figure, badge, mood = told[found.grade]
    more = f" {_many(running)} under way." if running else ""
    return Answer(
        question="worked",
        label=state.campaign.name,
        figure=figure,
        words=f"{_compared(found)}{_money(found, currency)}{more}",
        kind="measured",
        badge=badge,
        mood=mood,
        way=Way(label="See what it changed", page="readout", campaign_id=state.campaign.campaign_id),
    )


def _compared(found: Readout) -> str:
    bought = found.conversion
    return (
        f"{figures.percent(bought.treated)} of those contacted bought, and {figures.percent(bought.held_out)} of those left"
        " out for comparison."
    )


def _money(found: Readout, currency: str | None) -> str:
    net, cash = found.realised.year_net, partial(figures.short_money, currency=currency)
    if found.grade == "unclear":
        return " That is no more than chance would do."
    return f" Over a year that comes to {cash(net.value)} net, between {cash(net.low)} and {cash(net.high)}."


def _many(running: Sequence[CampaignState]) -> str:
    return "One more is" if len(running) == 1 else f"{figures.count(len(running))} more are"


def _under_way(state: CampaignState) -> Answer:
    until = figures.day(state.ends_on)
    so_far = f" So far {_compared(state.readout.value)}" if isinstance(state.readout, Found) else ""
    return Answer(
        question="worked",
        label=state.campaign.name,
        figure="under way",
        words=f"Orders count until {until}; only then can be said what it changed.{so_far}",
        kind="measured",
        badge=f"until {until}",
        mood="fair",
        way=Way(label="See how it stands", page="readout", campaign_id=state.campaign.campaign_id),
    )


def _unread(state: CampaignState) -> Answer:
    reason = "" if isinstance(state.readout, Found) else state.readout.reason
    return Answer(
        question="worked",
        label=state.campaign.name,
        figure="not known",
        words=f"It is over, but cannot be read out. {reason}",
        way=Way(label="Read it out by hand", page="readout", campaign_id=state.campaign.campaign_id),
    )


def _not_sent(state: CampaignState) -> Answer:
    return Answer(
        question="worked",
        label=state.campaign.name,
        figure="not sent yet",
        words=f"It is planned for {figures.counted(state.contacted, 'customer')}. Once it has gone out, enter the day: what"
        " came of it is then read from your orders.",
        way=Way(label="Enter the day", page="campaigns", campaign_id=state.campaign.campaign_id),
    )


def _without_campaign(entries: Sequence[WorkEntry]) -> Answer:
    back = sum(one.state == "back" for one in entries)
    spoken = sum(one.contacted_on is not None for one in entries)
    plan = Way(label="Plan a campaign", page="campaigns")
    if not spoken:
        return Answer(question="worked", label="Campaigns", figure="none yet", words=_BEGIN, way=plan)
    returned = sum(one.state == "back" and one.contacted_on is not None for one in entries)
    return Answer(
        question="worked",
        label="Spoken to, and bought again",
        figure=f"{figures.count(returned)} of {figures.count(spoken)}",
        words="Some of them would have come back anyway. What speaking to them changed only a campaign can tell that leaves"
        " some customers out."
        + (
            f" {figures.counted(back, 'customer')} of the list bought again in all."
            if back > returned
            else ""
        ),
        kind="measured",
        way=plan,
    )
