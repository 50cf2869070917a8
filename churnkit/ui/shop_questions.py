"""What the owner is asked before the first analysis: margin, currency, what a contact costs, how customers are reached."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import streamlit as st

from churnkit.errors import SettingsError
from churnkit.services.look.sample_shops import is_sample
from churnkit.services.workspace.workspace_preferences import Preferences, load_preferences, save_preferences
from churnkit.text.currencies import COMMON
from churnkit.ui.locale_choice import locale_field
from churnkit.ui.opened import OpenedLook, reach
from churnkit.ui.shop_fields import ASSUMED_WORDS, channel_choice, money_field

_ASKED = ("margin", "contact_cost", "call_cost")
NO_CURRENCY = "no currency: bare numbers"


def shop_questions(opened: OpenedLook) -> Callable[[], None]:
    """Asked openly the first time and in a drawer afterwards, of a made-up shop never; returns what keeps the answers.

    That raises SettingsError where an answer cannot be, or the currency was passed over.
    """
    if not opened.mine or is_sample(opened.store.uploads.get(opened.session.upload_id).filename):
        return lambda: None
    now = load_preferences(opened.store)
    title = "What the file does not say" + (": as you said last time" if now.asked else "")
    with st.expander(title, icon=":material/storefront:", expanded=not now.asked):
        with st.grid(4, min_column_width=200, gap="small") as grid:
            with grid.cell():
                answer = _currency(opened, now)
            told = None if answer == NO_CURRENCY else answer
            currency = opened.look.facts.currency or told
            values: dict[str, float | None] = {}
            for name in _ASKED:
                with grid.cell():
                    values[name] = money_field(name, now.money, f"ask_{name}", currency)
        locale = locale_field(now.locale, "ask_locale", currency)
        channels = channel_choice(now.channels, "ask_channels", reach(opened))
        st.caption(ASSUMED_WORDS)

    def keep() -> None:
        if answer is None:
            raise SettingsError(
                "The currency is not chosen: the file names none.",
                "Choose it above under Your shop, or choose there that amounts stay bare numbers.",
            )
        kept = dataclasses.replace(
            now,
            money=now.money.told(**values),
            currency=told,
            channels=channels,
            asked=True,
            locale=locale,
        )
        save_preferences(opened.store, kept)

    return keep


def _currency(opened: OpenedLook, now: Preferences) -> str | None:
    """The currency that the workspace falls back on, as a code or :data:`NO_CURRENCY`; None while nobody has said it.

    Asked where the file names none: nothing is taken for granted, and bare numbers are an answer of their own.
    """
    named = opened.look.facts.currency
    if named:
        st.text_input("Currency", named, disabled=True, key="ask_currency_named", help="As the file says.")
        return now.currency or NO_CURRENCY
    said = now.currency or (NO_CURRENCY if now.asked else None)
    offered = list(dict.fromkeys([*([now.currency] if now.currency else []), *COMMON, NO_CURRENCY]))
    picked = st.selectbox(
        "Currency",
        offered,
        index=None if said is None else offered.index(said),
        accept_new_options=True,
        placeholder="choose, or type a code",
        key="ask_currency",
        help="The file names none. It can be changed later under Settings, also for analyses that are there.",
    )
    return picked if picked in (None, NO_CURRENCY) else picked.strip().upper()
