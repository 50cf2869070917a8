"""The form in which a playbook is changed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from churnkit.accounts import Action
from churnkit.services.decide.next_best_action import ActionDesk
from churnkit.services.decide.playbook import AUDIENCES, USUAL, Intervention, Playbook, save_playbook
from churnkit.services.decide.reach import CHANNELS
from churnkit.store import Store
from churnkit.text.figures import escape_markdown
from churnkit.text.number_formats import CENTS
from churnkit.text.terms import term
from churnkit.ui import keys
from churnkit.ui.parts import guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.shop_fields import in_currency


def playbook_editor(
    store: Store, session_id: str, playbook: Playbook, desk: ActionDesk, currency: str | None
) -> None:
    """Costs, effects and sources of the interventions, kept for this analysis when the form is sent."""
    st.caption(
        "What each action costs and does. Nobody has measured these effects in this shop: change them to what you know, and"
        " let a campaign with customers left out for comparison measure them. Only the usual contact is counted"
        " with elsewhere; the others"
        " are yours to switch on."
    )
    note(desk.reach.words)
    with st.form("playbook", border=False):
        changes = {
            one.key: _fields(one, currency, usable=one.channel in desk.reach.channels)
            for one in playbook.interventions
        }
        sent = st.form_submit_button(
            "Use this playbook", key="playbook_save", icon=":material/check:", **needs(Action.PLAN)
        )
    if sent:
        with guarded():
            wanted = playbook
            for key, values in changes.items():
                wanted = wanted.edited(key, **values)
            save_playbook(store, session_id, wanted)
            st.rerun()
    if playbook != desk.usual and st.button(
        "Back to the usual playbook", key="playbook_reset", icon=":material/undo:", **needs(Action.PLAN)
    ):
        save_playbook(store, session_id, None)
        for name in [name for name in st.session_state if str(name).startswith(keys.PLAYBOOK_FIELDS)]:
            del st.session_state[name]
        st.rerun()


def _fields(one: Intervention, currency: str | None, *, usable: bool) -> dict[str, Any]:
    with st.container(border=True):
        values: dict[str, Any] = {
            "active": st.toggle(
                f"{one.title}, {CHANNELS[one.channel]}",
                one.active,
                key=f"{keys.PLAYBOOK_FIELDS}active_{one.key}",
                disabled=not usable,
                help=None
                if usable
                else "You have no such channel: the file holds no column for it. See Settings.",
            )
        }
        *numbers, most = st.columns(4)
        if one.key == USUAL:
            most = numbers[0]
        else:
            values |= _numbers(one, currency, *numbers)
        values["capacity"] = most.number_input(
            "At most",
            0,
            value=one.capacity,
            placeholder="any number",
            key=f"{keys.PLAYBOOK_FIELDS}most_{one.key}",
        )
        st.caption(f"For {AUDIENCES[one.audience]}. {escape_markdown(one.source, 300)}")
    return values


def _numbers(
    one: Intervention, currency: str | None, cost: Any, discount: Any, rate: Any
) -> dict[str, float | None]:
    return {
        "contact_cost": cost.number_input(
            in_currency("Cost of a contact", currency),
            0.0,
            value=one.contact_cost,
            format=CENTS,
            placeholder="say it to use this",
            key=f"{keys.PLAYBOOK_FIELDS}cost_{one.key}",
            help=term("contact_cost"),
        ),
        "discount": _percent(discount, "Discount (%)", one.discount, f"discount_{one.key}", None),
        "save_rate": _percent(rate, "Success rate (%)", one.save_rate, f"rate_{one.key}", term("save_rate")),
    }


def _percent(column: Any, label: str, share: float, key: str, meaning: str | None) -> float:
    shown = column.number_input(
        label, 0.0, 100.0, round(100 * share, 2), key=f"{keys.PLAYBOOK_FIELDS}{key}", help=meaning
    )
    return float(shown) / 100
