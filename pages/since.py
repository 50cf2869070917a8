"""What happened since an earlier version: sales, who moved, whose forecast came true, what campaigns have shown."""

import streamlit as st

from churnkit import ui
from churnkit.text.figures import count, day
from churnkit.ui.campaign_states_view import campaign_states_view
from churnkit.ui.compared import changes_since, forecast_check
from churnkit.ui.home_known import campaigns_of
from churnkit.ui.quarter_cards import quarter_cards
from churnkit.ui.since_link import versions_before
from churnkit.ui.since_view import forecasts, moves, shop_cards, valuable
from churnkit.windows import last_day

opened = ui.open_results()
results = opened.results
shown, earlier = versions_before(opened)
cutoffs = {run.run_id: run.summary.cutoff for run in earlier if run.summary.cutoff}


def compared() -> None:
    """The version on screen beside an earlier one."""
    by_id = {run.run_id: run for run in earlier}
    chosen = by_id[
        st.selectbox(
            "Compared with",
            by_id,
            format_func=lambda one: f"the orders until {day(last_day(cutoffs[one]))}",
            key="since_version",
            bind="query-params",
            width=320,
        )
    ]
    found = changes_since(opened, shown, chosen)
    shop_cards(found, opened.currency)
    valuable(opened, found)
    moves(opened, found)
    with ui.guarded():
        forecasts(forecast_check(opened, chosen, earlier), opened.currency)


def nothing_yet() -> None:
    """The first version: what will stand here, and how it comes."""
    box = ui.empty(
        "Nothing to compare with yet",
        "This is the first version of this shop's orders. Add a newer export, and here stands who has come to high risk, who"
        " came back, and whether the forecast came true.",
        icon=":material/update:",
    )
    box.page_link("pages/history.py", label="Add a newer export", icon=":material/upload_file:")
    st.header("Against a quarter ago", anchor=False)
    quarter_cards(opened)


ui.title(
    "Since last time",
    f"What has changed in your shop: who came to risk, who came back, of {count(len(results.customers))} customers.",
)
ui.as_of(opened)
if earlier:
    compared()
else:
    nothing_yet()
store = opened.workspace.store
campaign_states_view(store, campaigns_of(opened))
ui.definitions("status", "risk_tier", "p_churn", "value_at_risk", "clv", "interval")
