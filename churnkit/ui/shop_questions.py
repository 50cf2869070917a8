"""What the owner is asked before the first analysis: margin, currency, what a contact costs, how customers are reached."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import streamlit as st

from churnkit.services.look.sample_shops import is_sample
from churnkit.services.workspace.workspace_preferences import Preferences, load_preferences, save_preferences
from churnkit.ui.locale_choice import locale_field
from churnkit.ui.opened import OpenedLook, reach
from churnkit.ui.shop_fields import ASSUMED_WORDS, channel_choice, money_field

_ASKED = ("margin", "contact_cost", "call_cost")


def shop_questions(opened: OpenedLook) -> Callable[[], None]:
    """Asked openly the first time and in a drawer afterwards, of a made-up shop never; returns what keeps the answers.

    That raises SettingsError where an answer cannot be.
    """
    if not opened.mine or is_sample(opened.store.uploads.get(opened.session.upload_id).filename):
        return lambda: None
    now = load_preferences(opened.store)
    title = "What the file does not say" + (": as you said last time" if now.asked else "")
    with st.expander(title, icon=":material/storefront:", expanded=not now.asked):
        with st.grid(4, min_column_width=200, gap="small") as grid:
            with grid.cell():
                currency = _currency(opened, now)
            values: dict[str, float | None] = {}
            for name in _ASKED:
                with grid.cell():
                    values[name] = money_field(
                        name, now.money, f"ask_{name}", currency or opened.look.facts.currency
                    )
        locale = locale_field(now.locale, "ask_locale", currency or opened.look.facts.currency)
        channels = channel_choice(now.channels, "ask_channels", reach(opened))
        st.caption(ASSUMED_WORDS)

    def keep() -> None:
        told = dataclasses.replace(
            now,
            money=now.money.told(**values),
            currency=currency,
            channels=channels,
            asked=True,
            locale=locale,
        )
        save_preferences(opened.store, told)

    return keep


def _currency(opened: OpenedLook, now: Preferences) -> str | None:
    """The currency that the workspace falls back on; asked where the file names none."""
    named = opened.look.facts.currency
    if named:
        st.text_input("Currency", named, disabled=True, key="ask_currency_named", help="As the file says.")
        return now.currency
    typed = st.text_input(
        "Currency",
        now.currency or "",
        max_chars=3,
        placeholder="EUR, GBP, USD …",
        key="ask_currency",
        help="The file names none. Without it amounts are bare numbers; it can be told later under Settings.",
    )
    return typed.strip().upper() or None
