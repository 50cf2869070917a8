"""Where the results of a campaign come from: later orders, or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from churnkit.accounts import Action
from churnkit.campaigns import CampaignPlan
from churnkit.experiments import Outcomes
from churnkit.services.campaign.readouts import OrderSource, results_of_orders, results_of_table
from churnkit.store import FrozenCampaign
from churnkit.ui import keys
from churnkit.ui.rights import needs
from churnkit.ui.small_files import small_table

ORDERS, FILE = "later orders", "a file of results"
_MAX_MB = 50


@dataclass(frozen=True)
class CameIn:
    """Results, what they came from, and its currency."""

    outcomes: Outcomes
    source: str
    currency: str | None


def results_source(
    kept: FrozenCampaign, plan: CampaignPlan, sources: Mapping[str, OrderSource], currency: str | None
) -> Callable[[], CameIn] | None:
    """Reads the results from where the reader chooses; None while nothing is chosen.

    ``currency`` is that of the analysis on which the campaign was planned.
    """
    chosen = st.segmented_control(
        "Results from", [ORDERS, FILE], default=ORDERS, required=True, key="readout_from", bind="query-params"
    )
    return _in_orders(kept, plan, sources) if chosen == ORDERS else _in_file(plan, currency)


def _in_orders(
    kept: FrozenCampaign, plan: CampaignPlan, sources: Mapping[str, OrderSource]
) -> Callable[[], CameIn] | None:
    chosen = st.selectbox(
        "Orders of",
        list(sources),
        format_func=lambda one: sources[one].label,
        key="readout_orders",
        bind="query-params",
        help="Add the shop's newest export under History first, or upload it; reading it is enough.",
    )
    if kept.started_on is None:
        st.caption("Write down on Campaigns on which day it went out.")
        return None
    if chosen is None:
        return None
    orders = sources[chosen]
    return lambda: CameIn(results_of_orders(plan, kept, orders.transactions), orders.label, orders.currency)


def _in_file(plan: CampaignPlan, currency: str | None) -> Callable[[], CameIn] | None:
    file = st.file_uploader(
        "A row for each customer of the campaign: customer_id, and converted, revenue or both",
        ["csv", "xlsx"],
        key="readout_file",
        max_upload_size=_MAX_MB,
        **needs(Action.UPLOAD),
    )
    horizon_days = plan.settings.horizon_days
    over = st.toggle("The days of the campaign are over in this file", True, key="readout_over")
    elapsed = (
        None
        if over
        else st.number_input(
            "Days that it covers", 1, horizon_days, max(1, horizon_days // 2), key="readout_days"
        )
    )
    if file is None:
        return None

    def come_in() -> CameIn:
        table = small_table(file, "the results of a campaign", keys.RESULTS_TABLE)
        return CameIn(results_of_table(plan, table, elapsed), file.name, currency)

    return come_in
