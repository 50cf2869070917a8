"""What a reader asks of a campaign: whom, how many, who is left out, and the offer."""

from __future__ import annotations

import dataclasses

import streamlit as st

from churnkit.results.campaign_facts import DEFAULT_HOLDOUT_SHARE, MAX_NAME
from churnkit.results.campaign_money import Assumptions
from churnkit.results.whom import Whom
from churnkit.services.campaign.campaign_plans import Wish
from churnkit.text.number_formats import slider_percent
from churnkit.text.terms import term
from churnkit.ui import keys
from churnkit.ui.parts import note
from churnkit.ui.shop_fields import in_currency

UNTITLED = "untitled"
OFFER_FIELDS = ("campaign_cost", "campaign_discount", "campaign_rate")
# In percent: half is what tells most, and more would spare for nothing.
_MOST_HELD_OUT = 50


def campaign_name() -> str:
    """The field for the campaign's name."""
    name = st.text_input(
        "Name", key="campaign_name", max_chars=MAX_NAME, placeholder="for example: spring comeback"
    )
    return name.strip() or UNTITLED


def wished_campaign(name: str, whom: Whom, most: int, currency: str | None, *, tells_consent: bool) -> Wish:
    """The wish that the widgets stand at, of ``most`` customers at most; their size has been begun (``begin_size``).

    ``tells_consent``: the shop's file says who agreed to be written to.
    """
    size = st.number_input(
        "Customers, at most",
        1,
        most,
        key=keys.CAMPAIGN_SIZE,
        help="Those to contact and those left out for comparison together. It begins with the recommended number, where"
        " the result can be told from chance; else with the fewest where it can.",
    )
    st.session_state.setdefault(keys.CAMPAIGN_HOLDOUT, round(100 * DEFAULT_HOLDOUT_SHARE))
    share = st.slider(
        "Left out for comparison",
        0,
        _MOST_HELD_OUT,
        format=slider_percent(),
        key=keys.CAMPAIGN_HOLDOUT,
        help=term("holdout"),
    )
    pays, consenting, floor, refused = _left_out(currency, tells_consent=tells_consent)
    return Wish(
        name=name,
        whom=whom,
        max_customers=int(size),
        holdout_share=share / 100,
        value_floor=floor,
        only_profitable=pays,
        only_consenting=consenting,
        do_not_contact=refused,
    )


def _left_out(
    currency: str | None, *, tells_consent: bool
) -> tuple[bool, bool, float | None, frozenset[str]]:
    """Whether contacts must pay and must be agreed to, the least value if kept, and ids not to contact."""
    with st.expander("Who is not on the list", icon=":material/person_off:"):
        pays = st.toggle("Whoever is expected to cost more than he brings", key=keys.CAMPAIGN_PAYS)
        consenting = not tells_consent or st.toggle(
            "Whoever did not agree to be written to",
            value=True,
            key="campaign_consent",
            help="By the column of your file that says who agreed. A customer of whom it says nothing did not.",
        )
        floor = st.number_input(
            in_currency("Worth less than, value if kept", currency),
            0.0,
            value=None,
            key="campaign_floor",
            placeholder="no limit",
            help=term("clv_if_kept"),
        )
        refused = st.text_area(
            "Do not contact (one id a line)",
            key="campaign_refused",
            help="E-mail addresses count in any spelling, wherever ids are addresses.",
        )
        st.caption("Customers of campaigns that are planned or running are never on it.")
    return pays, consenting, floor, frozenset(line.strip() for line in refused.splitlines() if line.strip())


def offered(assumed: Assumptions, words: str, currency: str | None) -> Assumptions:
    """The offer that the widgets stand at; they begin at ``assumed``, and ``words`` say where that comes from."""
    with st.expander("Offer and assumptions", icon=":material/tune:"):
        cost = st.number_input(
            in_currency("Cost of a contact", currency),
            0.0,
            value=assumed.contact_cost,
            key="campaign_cost",
            step=0.5,
        )
        discount = st.number_input(
            "Discount (%)", 0.0, 100.0, round(100 * assumed.discount, 1), key="campaign_discount"
        )
        rate = st.number_input(
            "Success rate (%)",
            0.0,
            100.0,
            round(100 * assumed.save_rate, 1),
            key="campaign_rate",
            help=term("save_rate"),
        )
        note(words)
    # A field shows fewer digits than a measured rate has.
    same = rate == round(100 * assumed.save_rate, 1)
    return dataclasses.replace(
        assumed,
        contact_cost=cost,
        discount=discount / 100,
        save_rate=assumed.save_rate if same else rate / 100,
    )
