"""Fields for what a file does not say about money: empty ones are assumed, and say what is assumed."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from churnkit.config import Money
from churnkit.services.decide.reach import CHANNELS, Channel, Reach
from churnkit.text.figures import escape_markdown, money, percent
from churnkit.text.number_formats import CENTS
from churnkit.text.terms import term

ASSUMED_WORDS = (
    "An empty field is assumed, as it says: nobody has told us. What is assumed stands beside every figure that rests on"
    " it, and can be changed later without a new analysis."
)


@dataclass(frozen=True)
class Field:
    """A value of ``config.Money`` in a form; ``label`` and ``help`` are for its reader, shares are asked in percent."""

    label: str
    help: str
    is_share: bool = True
    low: float = 0.0


FIELDS: dict[str, Field] = {
    "margin": Field(
        "Margin on sales, in %",
        "The share of revenue that is profit after goods and shipping. Assumed: 100 %, so that revenue counts as profit.",
        low=0.1,
    ),
    "contact_cost": Field("Cost of one contact", term("contact_cost"), is_share=False),
    "call_cost": Field(
        "Cost of one personal call",
        "Minutes on the phone times what an hour of staff costs. Without it no call is suggested.",
        is_share=False,
    ),
    "save_rate": Field("Success rate, in %", term("save_rate"), low=0.1),
    "gone_success": Field(
        "Success with the long gone, in % of that",
        "With customers who have probably dropped out for good, as a share of the success rate, which holds for the others.",
    ),
    "stayers_redeem": Field(
        "Use the discount anyway, in %",
        "Of those who would have bought without it. What they are given is lost.",
    ),
    "campaign_discount": Field("Discount offered, in %", "Off the next order, for whoever is contacted."),
    "annual_discount_rate": Field(
        "Discount rate a year, in %",
        "By how much money in a year counts less than money today, in the value of a customer.",
    ),
}


def in_currency(label: str, currency: str | None) -> str:
    """The label of a field for an amount: with the currency in which it is typed, where that is known."""
    return f"{label} ({escape_markdown(currency)})" if currency else label


def money_field(name: str, now: Money, key: str, currency: str | None = None) -> float | None:
    """One field: the value, as a share where it is one; None where it is left to be assumed."""
    field = FIELDS[name]
    value = getattr(now, name)
    told = None if now.kind(name) == "assumed" or value is None else float(value)
    label = field.label
    if not field.is_share:
        label = in_currency(label, currency)
    most = 99.0 if name == "annual_discount_rate" else 100.0 if field.is_share else None
    typed = st.number_input(
        label,
        field.low,
        most,
        None if told is None else round(100 * told, 2) if field.is_share else told,
        1.0 if field.is_share else 0.1,
        "%g" if field.is_share else CENTS,
        key=key,
        placeholder=assumed_words(name, now, currency),
        help=field.help,
    )
    if typed is None:
        return None
    return typed / 100 if field.is_share else float(typed)


def assumed_words(name: str, now: Money, currency: str | None = None) -> str:
    """What holds where nobody has told: "35 %, assumed"."""
    default = getattr(Money, name)
    if name == "call_cost":
        return "not told: no calls"
    if name == "contact_cost":
        known = now.contact_cost if now.kind(name) == "assumed" else None
        share = f"{percent(now.contact_cost_share)} of the mean order"
        return f"{money(known, currency) if known is not None else share}, assumed"
    return f"{percent(default)}, assumed"


def channel_choice(told: tuple[Channel, ...], key: str, reach: Reach | None = None) -> tuple[Channel, ...]:
    """How else the owner reaches his customers, with addresses that are not in the file.

    ``reach`` is what is known of one shop; None asks of all, as every shop has its till or its parcels.
    """
    known = reach.channels if reach is not None else ("till",)
    offered = [one for one in CHANNELS if one not in known or one in told]
    if reach is not None:
        st.caption(escape_markdown(reach.words, 400))
    return tuple(
        st.pills(
            "You have addresses elsewhere, to reach them",
            offered,
            selection_mode="multi",
            default=[one for one in told if one in offered],
            format_func=CHANNELS.__getitem__,
            key=key,
            help="From another list that you keep. Nothing is proposed through a channel that you do not have.",
        )
    )
