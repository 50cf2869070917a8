"""The choice of a frozen campaign."""

from __future__ import annotations

import streamlit as st

from churnkit.store import FrozenCampaign, Store


def choose_campaign(store: Store, key: str) -> FrozenCampaign | None:
    """One of the workspace's campaigns, kept under ``key`` of the session; None where there is none."""
    campaigns = {kept.campaign_id: kept for kept in store.campaigns.all()}
    if not campaigns:
        return None
    if st.session_state.get(key) not in campaigns:
        st.session_state[key] = next(iter(campaigns))
    return campaigns[
        st.selectbox(
            "Campaign",
            campaigns,
            format_func=lambda one: campaigns[one].name,
            key=key,
            bind="query-params",
            width=360,
        )
    ]
