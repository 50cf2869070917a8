"""What Home's answers are made of: read once for everybody who looks at a version, as far as it is the same for all."""

from __future__ import annotations

import streamlit as st

from churnkit.results.folders import Results
from churnkit.results.quarter import QuarterChange
from churnkit.services.home.a_quarter_ago import a_quarter_ago
from churnkit.services.home.earlier import Earlier, earlier_standing
from churnkit.services.home.five import Known
from churnkit.services.since.campaign_states import CampaignState, campaign_states
from churnkit.services.since.earlier_runs import is_same_model
from churnkit.services.worklist.left_alone import left_alone
from churnkit.store import Store
from churnkit.ui.as_of import is_made_up
from churnkit.ui.opened import Opened, folder_stamp, open_version
from churnkit.ui.since_link import versions_before

_CACHED = 16


def known_of(opened: Opened) -> Known:
    """What is known of the version on screen."""
    shown, before = versions_before(opened)
    shop_id = opened.session.session_id
    earlier = None
    if before:
        then = open_version(opened, before[0].run_id)
        earlier = _earlier(
            *_key(then), *_key(opened.results), is_same_model(before[0], shown), then, opened.results
        )
    return Known(
        results=opened.results,
        held=opened.assumed.money,
        sample=is_made_up(opened),
        mine=opened.mine,
        earlier=earlier,
        quarter=None if before else change_since_a_quarter(opened),
        campaigns=campaigns_of(opened),
        entries=opened.store.worklist.of_shop(shop_id) if opened.mine else (),
        alone=left_alone(opened.workspace.store, shop_id),
    )


def change_since_a_quarter(opened: Opened) -> QuarterChange:
    """The changes of the version on screen against a quarter ago."""
    return _quarter(*_key(opened.results), opened.results)


def campaigns_of(opened: Opened) -> list[CampaignState]:
    """How the shop's campaigns stand: worked out anew when a campaign or a readout has changed."""
    store, shop_id = opened.workspace.store, opened.session.session_id
    campaigns = [one for one in store.campaigns.all() if one.session_id == shop_id]
    if not campaigns:
        return []
    state = tuple(
        (
            one.campaign_id,
            one.status,
            str(one.started_on),
            *(look.readout_id for look in store.readouts.of_campaign(one.campaign_id)),
        )
        for one in campaigns
    )
    return _states(shop_id, *_key(opened.results), state, store, opened.results)


def _key(results: Results) -> tuple[str, int]:
    return results.source, folder_stamp(results.folder)


@st.cache_resource(max_entries=_CACHED, show_spinner=False)
def _earlier(
    before: str, stamp: int, now: str, now_stamp: int, same: bool, _before: Results, _now: Results
) -> Earlier:
    return earlier_standing(_before, _now, same_model=same)


@st.cache_resource(max_entries=_CACHED, show_spinner=False)
def _quarter(source: str, stamp: int, _results: Results) -> QuarterChange:
    return a_quarter_ago(_results)


@st.cache_resource(max_entries=_CACHED, show_spinner="Reading what your campaigns have shown …")
def _states(
    shop_id: str,
    source: str,
    stamp: int,
    state: tuple[tuple[str, ...], ...],
    _store: Store,
    _results: Results,
) -> list[CampaignState]:
    return campaign_states(
        _store, shop_id, _results.folder / "transactions.parquet", _results.summary.question.cutoff
    )
