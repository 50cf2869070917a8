"""What the money on a page rests on, beside it: each assumption with where it comes from, and the form to change it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import AssumptionKind, Money
from churnkit.services.decide.recommendation import default_assumptions
from churnkit.services.decide.repricing import open_priced
from churnkit.services.decide.shop_assumptions import EDITABLE, forget_assumptions, say_assumptions
from churnkit.text.figures import escape_markdown, money, percent
from churnkit.ui.opened import Opened
from churnkit.ui.parts import guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.shop_fields import money_field

_KINDS: dict[AssumptionKind, str] = {"assumed": "assumed", "given": "your setting", "measured": "measured"}


def rests_on(opened: Opened, key: str) -> None:
    """A line with the assumptions behind the money here, and for the owner the way to change them."""
    held = opened.assumed.money
    with st.container(horizontal=True, vertical_alignment="center", key=f"rests_on_{key}"):
        st.markdown(f":material/tune: This rests on {_sentence(opened, held)}.", width="stretch")
        if opened.mine:
            with st.popover("Change", type="tertiary"):
                _form(opened, held, key)


def _sentence(opened: Opened, held: Money) -> str:
    results = opened.results
    cost = default_assumptions(results.customers, held, opened.currency).contact_cost
    said = [
        (f"a success rate of **{percent(held.save_rate)}**", "save_rate"),
        (f"**{percent(held.gone_success)}** of it with those who are probably gone for good", "gone_success"),
        (f"**{escape_markdown(money(cost, opened.currency))}** a contact", "contact_cost"),
        (f"**{percent(held.campaign_discount)}** discount", "campaign_discount"),
        (f"used anyway by **{percent(held.stayers_redeem)}**", "stayers_redeem"),
        (f"a margin of **{percent(held.margin)}**", "margin"),
    ]
    counts = _counting(opened)
    return ", ".join(f"{words} :gray[({_KINDS[held.kind(name)]})]" for words, name in said if name in counts)


def _counting(opened: Opened) -> tuple[str, ...]:
    """The assumptions that play a part: where the history tells nobody who is gone, success with them plays none."""
    tells_gone = bool((opened.results.customers["p_alive"] < 1).any())
    return tuple(name for name in EDITABLE if tells_gone or name != "gone_success")


def _form(opened: Opened, held: Money, key: str) -> None:
    note(opened.assumed.save_rate_words)
    with st.form(f"assumptions_{key}", border=False):
        values = {
            name: money_field(name, held, f"{key}_{name}", opened.currency) for name in _counting(opened)
        }
        st.caption(
            "Every page and file of this analysis counts with these from now on; what was tested on past dates stays as it"
            " was tested. An empty field goes back to what the analysis was made with."
        )
        sent = st.form_submit_button(
            "Use these", type="primary", key=f"{key}_assume", icon=":material/check:", **needs(Action.PLAN)
        )
    with guarded():
        if sent:
            changed = {name: value for name, value in values.items() if value != _shown(held, name)}
            base = opened.base_money
            found = say_assumptions(opened.store, opened.session.session_id, base, changed)
            _price(opened, found.money)
        if st.button(
            "Back to those of the analysis", key=f"{key}_forget", type="tertiary", **needs(Action.PLAN)
        ):
            forget_assumptions(opened.store, opened.session.session_id)
            _price(opened, opened.base_money)


def _shown(held: Money, name: str) -> float | None:
    """What the field held: nothing where the value is assumed."""
    value = getattr(held, name)
    return None if held.kind(name) == "assumed" or value is None else round(float(value), 4)


def _price(opened: Opened, held: Money) -> None:
    """Work it out while its reader waits here, and show every page under it."""
    with st.spinner("Working out what that changes …"):
        open_priced(Path(opened.results.folder), opened.results.fallback_currency, held)
    st.rerun()
