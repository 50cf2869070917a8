"""How good the data are: the score and what it lost, every check, and what the orders look like."""

from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.services.deliver.downloads import DOWNLOADS, file_name
from churnkit.services.deliver.report_content import profile_of
from churnkit.services.deliver.report_files import build_profile
from churnkit.text.figures import count, day, days, escape_markdown, money, percent, short_money
from churnkit.ui.quality_checks import checks, score_card
from churnkit.ui.quality_orders import customers_and_orders, over_time, products
from churnkit.ui.quality_values import rows_and_values

opened = ui.open_look()
profile, currency = profile_of(opened.look), opened.currency
name = opened.store.uploads.get(opened.session.upload_id).filename
VIEWS = {
    "Checks": partial(checks, profile),
    "Rows and values": partial(rows_and_values, opened),
    "Customers and orders": partial(customers_and_orders, opened),
    "Over time": partial(over_time, opened),
    "Products": partial(products, opened),
}


def downloads() -> None:
    """The profile and the ledger to take away."""
    with st.container(horizontal=True):
        for kind in ("profile_pdf", "profile_html", "ledger"):
            file = DOWNLOADS[kind]
            ui.download(
                file.label,
                partial(build_profile, opened.look, kind, name),
                file_name(kind, name),
                file.mime,
                key=f"download_{kind}",
                help=file.words,
            )


def figures() -> None:
    """Customers, orders, revenue, threshold."""
    customers, orders, threshold = profile.customers, profile.orders, profile.threshold
    ui.cards(
        [
            ui.Card(
                label="Customers",
                value=count(customers.customers),
                below=f"{percent(customers.one_time_share)} bought once only",
                key="card_customers",
            ),
            ui.Card(
                label="Orders",
                value=count(orders.orders),
                below=f"{escape_markdown(money(orders.value.mean, currency))} on average",
                key="card_orders",
            ),
            ui.Card(
                label="Revenue after returns",
                value=short_money(orders.net, currency),
                below=f"{percent(orders.returned_share)} was returned",
                key="card_revenue",
            ),
            ui.Card(
                value=days(threshold.days),
                term="threshold",
                below=f"{percent(threshold.lapsed.share)} are silent for longer",
                key="card_threshold",
            ),
        ]
    )


scope = profile.scope
ui.title(
    "Data quality",
    f"Orders from {day(scope.first_order)} to {day(scope.last_order)}, {days(scope.history_days)} up to"
    f" {day(scope.cutoff)}.",
)
score_card(profile)
downloads()
figures()
view = st.segmented_control(
    "Part of the profile",
    list(VIEWS),
    default=next(iter(VIEWS)),
    required=True,
    key="quality_view",
    bind="query-params",
    label_visibility="collapsed",
)
VIEWS[view]()
with st.expander("What these terms mean", icon=":material/menu_book:"):
    for line in profile.definitions:
        st.markdown(f"**{line.term}** – {line.meaning}")
