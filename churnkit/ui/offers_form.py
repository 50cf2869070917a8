"""An experiment with several offers at once: which column is which, what each offer brought, and by when."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.charts.experiment_charts import differences, waiting_curves
from churnkit.services.campaign.any_experiment import read_experiment
from churnkit.services.campaign.several_offers import (
    MAX_OFFERS,
    OfferColumns,
    OffersReadout,
    offers_table,
    read_offers,
    waiting_table,
)
from churnkit.text.figures import escape_markdown
from churnkit.ui import keys
from churnkit.ui.expert_view import is_expert
from churnkit.ui.parts import chart, guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.small_files import small_table
from churnkit.ui.tables import table as shown_table

_MAX_MB = 50
_ALL_THE_SAME = "the same for everybody"


def offers_form() -> None:
    """A table of customers, each with the offer that was drawn for him and what he did."""
    st.caption(
        "For when several offers went out at once: a discount, a call and a reminder, or one offer on day 10, day 20 and"
        " day 30 of silence. One row per customer with the offer he was drawn for, one of them nothing, and whether he"
        " bought. Try a plan draws such groups: “Several offers at once” below a plan."
    )
    file = st.file_uploader(
        "Table of the experiment",
        ["csv", "xlsx"],
        key="offers_file",
        max_upload_size=_MAX_MB,
        **needs(Action.UPLOAD),
    )
    if file is None:
        return
    with guarded():
        table = _typed(file.file_id, small_table(file, "an experiment", keys.OFFERS_TABLE))
        columns = _columns(table)
        if columns is not None:
            _show(read_offers(table, columns))


@st.cache_data(max_entries=2, show_spinner="Reading the table …")
def _typed(file_id: str, _table: pd.DataFrame) -> pd.DataFrame:
    return read_experiment(_table)


def _columns(table: pd.DataFrame) -> OfferColumns | None:
    """Which column is which."""
    names = [str(name) for name in table.columns]
    with st.grid(3, min_column_width=220, gap="small"):
        arm = st.selectbox("Offer, by column", names, key="offers_arm", index=None)
        values = sorted(table[arm].astype(str).unique())[: MAX_OFFERS + 2] if arm else []
        base = st.selectbox("means no offer", values, key="offers_base", index=None)
        outcome = st.selectbox(
            "Outcome",
            [name for name in names if name != arm],
            key="offers_outcome",
            index=None,
            help="A column of money, or of 0 and 1: whoever stands above 0 has bought.",
        )
        days = st.selectbox(
            "Days until he bought",
            [name for name in names if name not in (arm, outcome)],
            key="offers_days",
            index=None,
            placeholder="not in the table",
            help="From one start for all offers, such as the day of the draw or of the last purchase, and not from the day"
            " on which the offer went out: else a later offer would look quicker. Empty for who has not bought.",
        )
        followed = _followed(names, days)
        equal = st.toggle(
            "All offers had the same chance",
            True,
            key="offers_equal",
            help="Then their sizes are checked: a difference too large for chance means that customers are missing.",
        )
    if not (arm and base and outcome):
        return None
    costs = _costs([value for value in values if value != base])
    return OfferColumns(arm, base, outcome, costs, days, followed, equal)


def _followed(names: list[str], days: str | None) -> str | float:
    """For how long who has not bought was followed."""
    if days is None:
        return 0.0
    column = st.selectbox(
        "Followed for days, by column",
        [_ALL_THE_SAME, *(name for name in names if name != days)],
        key="offers_followed",
        help="Whoever has not bought counts for as long as they were followed, and not as somebody who never will.",
    )
    if column != _ALL_THE_SAME:
        return column
    return float(st.number_input("Days that all were followed", 1.0, value=30.0, key="offers_followed_days"))


def _costs(offers: list[str]) -> dict[str, float]:
    """What an offer costs for each customer who got it."""
    with st.expander("What each offer costs a customer", icon=":material/payments:"):
        return {
            name: st.number_input(
                escape_markdown(name, 60), 0.0, value=0.0, step=0.5, key=f"offers_cost_{place}"
            )
            for place, name in enumerate(offers)
        }


def _show(found: OffersReadout) -> None:
    for sentence in found.words():
        st.markdown(f"- {escape_markdown(sentence, 600)}")
    with st.container(border=True):
        shown = {
            one.offer: one.difference.times(100) for one in found.found.offers if one.difference is not None
        }
        chart(
            differences(shown, "percentage points"),
            "Difference of each offer to none in the share that bought, with intervals",
            key="offers_chart",
        )
    shown_table(
        offers_table(found.found),
        (
            "offers.offer",
            "offers.customers",
            "offers.bought",
            "offers.share",
            "offers.difference",
            "offers.difference_low",
            "offers.difference_high",
            "offers.cost",
            "offers.cost_each",
            "offers.cost_extra",
            "offers.cost_extra_low",
            "offers.cost_extra_high",
        ),
        key="offers_table",
        alt="What each offer brought, and what a buyer cost",
    )
    note(
        "The ranges hold for all pairs of offers together in 95 of 100 such experiments. An extra buyer is one who would not"
        " have bought without the offer; where his cost has no upper end, there may have been none."
    )
    if found.by_arm:
        _when(found)


def _when(found: OffersReadout) -> None:
    with st.container(border=True):
        st.markdown("**By when did they buy?**")
        chart(
            waiting_curves(found.by_arm),
            "Share of the customers of each offer that has bought by day",
            key="offers_waiting",
        )
        st.caption(
            "Whoever has not bought yet counts for as long as they were followed"
            + (" (Kaplan and Meier's estimate)." if is_expert() else ".")
        )
    shown_table(
        waiting_table(found.by_arm),
        ("offers.offer", "waiting.day", "waiting.share", "waiting.low", "waiting.high"),
        key="waiting_table",
        alt="Share of the customers of each offer that has bought by day 10, 20, 30 and so on",
    )
