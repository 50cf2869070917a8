"""The words of an action: a template or a language model's text, filled in for one customer."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.errors import ChurnkitError
from churnkit.services.campaign.campaign_text import FIELDS, Draft, merge_values, template, write_with
from churnkit.services.campaign.language_model import LanguageModel
from churnkit.services.decide.next_best_action import TODAY, ActionDesk
from churnkit.services.decide.playbook import Intervention, Playbook
from churnkit.services.decide.reach import CHANNELS
from churnkit.text.figures import escape_markdown
from churnkit.ui.keys import text_draft
from churnkit.ui.parts import guarded, note, show_error
from churnkit.ui.rights import needs, require

TONES = ("friendly", "matter-of-fact", "warm and personal")


def words_to_send(desk: ActionDesk, playbook: Playbook, *, dated: bool) -> None:
    """A template or a language model's text, filled in for one customer.

    ``dated``: whether the data are of these days, so that a last order may be quoted and a last day promised.
    """
    found = desk.rank(playbook, min(TODAY, len(desk.customers)))
    in_use = [one for one in playbook.interventions if one.active]
    if not in_use:
        note("The playbook has no active entry.")
        return
    one = st.selectbox("For", in_use, format_func=lambda v: v.title, key="text_action", width=260)
    theirs = found.table[found.table["intervention"] == one.key]
    with_product = st.toggle(
        "Suggest the product that goes with what the customer has",
        value=one.key == "product",
        key="text_product",
        disabled=bool(desk.customers["product"].isna().all()),
    )
    own = st.session_state.get(text_draft(one.key, with_product=with_product, dated=dated))
    draft: Draft = own or template(one, with_product, dated=dated)
    _ask_model(one, with_product=with_product, dated=dated)
    if not dated:
        note("The data are too old to quote a last order or to promise a last day: the text holds neither.")
    st.caption(
        f"From a {draft.source}. Fields in braces are filled in for each customer by your mailing tool, or by us below."
    )
    st.markdown(f"**To be sent {CHANNELS[one.channel]}**" if one.channel != "phone" else "**For the call**")
    with st.container(border=True):
        st.text(draft.subject)
        st.text(draft.body)
    if len(theirs):
        row = {str(name): value for name, value in theirs.iloc[0].items()}
        filled = draft.filled(merge_values(row, one))
        st.markdown("**For the first customer on today's list**")
        with st.container(border=True):
            st.text(filled.subject)
            st.text(filled.body)
    with st.expander("What the fields stand for"):
        for name, meaning in FIELDS.items():
            st.markdown(f"- `{{{name}}}`: {meaning}")


def _ask_model(one: Intervention, *, with_product: bool, dated: bool) -> None:
    """A button for a language model, where one is configured."""
    try:
        model = LanguageModel.from_environment()
    except ChurnkitError as error:
        show_error(error)
        return
    if model is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tone = st.selectbox("Tone", TONES, key="text_tone", width=200)
        asked = st.button(
            "Write it anew",
            key="text_ask",
            icon=":material/edit_note:",
            **needs(
                Action.PLAN,
                help=escape_markdown(
                    f"Asks the language model at {model.host}. It is told the kind of offer and the fields, and nothing of"
                    " any customer; numbers, names and dates are filled in here."
                ),
            ),
        )
    if asked:
        with guarded(), st.spinner("Writing …"):
            require(Action.PLAN)
            st.session_state[text_draft(one.key, with_product=with_product, dated=dated)] = write_with(
                model, one, product=with_product, dated=dated, tone=tone
            )
            st.rerun()
