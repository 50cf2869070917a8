"""Home: an owner's five questions, each with a figure, a sentence and one way on."""

from datetime import date

import streamlit as st

from churnkit import ui
from churnkit.services.home.five import home_answers
from churnkit.text.figures import counted, day, days, escape_markdown, percent
from churnkit.ui.analysis_note import show_note
from churnkit.ui.as_of import short_history_note
from churnkit.ui.currency_note import currency_note
from churnkit.ui.home_known import known_of
from churnkit.ui.home_lower import more_to_know
from churnkit.ui.home_view import answer_view

# The heading is there while the results are still being read.
ui.title("Home")
meaning = st.empty()
opened = ui.open_results()
results = opened.results
question = results.summary.question


def meant() -> str:
    """What leaving means here, and how far the threshold tells a pause from a loss."""
    share = question.return_share
    back = "" if share is None else f" {percent(share)} of those silent for so long came back all the same."
    return f"To leave means here: no purchase in the {days(question.horizon_days)} from {day(question.cutoff)}.{back}"


meaning.caption(meant())
show_note(opened.session, mine=opened.mine)
currency_note(opened)
short_history_note(opened)
for answer in home_answers(known_of(opened), date.today()):
    answer_view(answer)
more_to_know(opened)
notes = results.summary.notes
if notes:
    with st.expander(f"{counted(len(notes), 'thing')} to know about these data", icon=":material/info:"):
        for sentence in notes:
            st.markdown(f"- {escape_markdown(sentence, 600)}")
if ui.is_expert():
    from churnkit.ui.home_expert import expert_part

    expert_part(opened)
ui.definitions("churn", "status", "churn_rate", "value_at_risk", "risk_tier", "clv", "champion", "interval")
