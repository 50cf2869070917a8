"""One customer: how they stand, why, what to do, what was done, and the way to the next."""

import streamlit as st

from churnkit import ui
from churnkit.services.decide.customer_list import customer
from churnkit.text.figures import escape_markdown
from churnkit.ui import keys
from churnkit.ui.customer_steps import steps
from churnkit.ui.customer_view import customer_page

opened = ui.open_results()
customer_id = st.query_params.get(keys.CUSTOMER, "")
found = customer(opened.store, opened.results, customer_id) if customer_id else None
steps(opened, customer_id)
if found is None:
    ui.title("Customer")
    ui.empty(
        "Nobody with this id",
        f"{escape_markdown(customer_id, 80)} is not a customer of this analysis. Look for them in the list."
        if customer_id
        else "The address names no customer. Choose one in the list.",
        icon=":material/person_search:",
    )
    st.stop()
ui.title(escape_markdown(customer_id, 300))
with st.container(horizontal=True, vertical_alignment="center"):
    st.badge(found.status or "status unknown", color="green" if found.status == "active" else "gray")
    if found.segment:
        st.badge(escape_markdown(found.segment), color="gray")
ui.as_of(opened)
customer_page(opened, found)
ui.definitions("p_churn", "clv", "status", "overdue", "holdout")
