"""Two analyses side by side: before and after, or two shops."""

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.services.home.two_analyses import caveats, side_by_side
from churnkit.text.figures import day, escape_markdown
from churnkit.ui import keys
from churnkit.ui.opened import open_other

opened = ui.open_results()
store = opened.workspace.store
files = {one.upload_id: one.filename for one in store.uploads.all()}
others = {
    one.session_id: one
    for one in store.sessions.all()
    if one.run_id is not None and one.session_id != opened.session.session_id
}


def name_of(session_id: str) -> str:
    """An analysis as a list calls it."""
    session = others[session_id]
    return f"{session.name or files.get(session.upload_id, 'Analysis')} · {day(session.created_at)}"


def chosen() -> None:
    """Name the other analysis in the address."""
    st.query_params[keys.COMPARE_WITH] = st.session_state[keys.COMPARE_CHOICE]


ui.title("Compare", "This analysis beside another: before and after, or two shops.")
if not others:
    ui.empty("Nothing to compare with", "There is no other finished analysis here yet.")
    st.stop()
named = st.query_params.get(keys.COMPARE_WITH)
st.session_state[keys.COMPARE_CHOICE] = named if named in others else next(iter(others))
other_id = st.selectbox(
    "Compared with", list(others), format_func=name_of, key=keys.COMPARE_CHOICE, on_change=chosen, width=480
)
if named != other_id:
    # Whoever is handed the address sees the same two, whatever is analysed next.
    st.query_params[keys.COMPARE_WITH] = other_id
other = open_other(opened, others[other_id])
for sentence in caveats(opened.results, other):
    st.warning(escape_markdown(sentence, 600), icon=":material/info:")
lines = side_by_side(opened.results, other)
st.table(
    pd.DataFrame(
        {
            "This analysis": [escape_markdown(line.first, 600) for line in lines],
            escape_markdown(name_of(other_id), 100): [escape_markdown(line.second, 600) for line in lines],
            "Change": [line.change for line in lines],
        },
        index=[line.label for line in lines],
    )
)
ui.definitions("churn", "status", "value_at_risk", "clv", "champion")
