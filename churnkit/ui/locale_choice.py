"""How numbers and dates are written: chosen by an example of each, proposed from the browser's language."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import streamlit as st

from churnkit.accounts import Action
from churnkit.services.workspace.workspace_preferences import load_preferences, save_preferences
from churnkit.store import Store
from churnkit.text.figures import day, money, percent
from churnkit.text.locale import using
from churnkit.text.locale_table import DEFAULT, LOCALES, nearest
from churnkit.ui.rights import needs

TITLE = "How numbers and dates are written"
HELP = "On every page, in reports and in messages. Files for other tools keep plain numbers and dates."
_AMOUNTS = 1234567, 98.76
_SHARE = 0.154
_DAY = date(2025, 12, 3)


def example(code: str, currency: str | None = None) -> str:
    """Figures in a locale: ``1,234,567 · £98.76 · 15.4 % · 3 Dec 2025``."""
    large, small = _AMOUNTS
    with using(code):
        return " · ".join([money(large), money(small, currency), percent(_SHARE), day(_DAY)])


def locale_field(chosen: str | None, key: str, currency: str | None = None, **options: Any) -> str:
    """A list of locales, each with an example; the code of the chosen one.

    Nobody's choice yet: the browser's language is proposed, which counts once it is kept.
    """
    codes = list(LOCALES)
    start = chosen or proposed()
    picked: str = st.selectbox(
        TITLE,
        codes,
        index=codes.index(start),
        format_func=lambda code: f"{LOCALES[code].name}:  {example(code, currency)}",
        key=key,
        **{"help": HELP, **options},
    )
    return picked


def proposed() -> str:
    """The locale that the browser's language suggests."""
    return (nearest(st.context.locale) or DEFAULT).code


def locale_setting(store: Store) -> None:
    """The workspace's choice; a change holds at once."""
    now = load_preferences(store)
    chosen = now.locale or DEFAULT.code
    picked = locale_field(chosen, "locale", now.currency, **needs(Action.PLAN, help=HELP))
    suggested = proposed()
    words = (
        "Fields in which you type a number follow your browser instead, and so does the calendar of a date."
        " A change shows at once, also in analyses that are there."
    )
    if now.locale is None and suggested != chosen:
        words += f" Your browser asks for {LOCALES[suggested].name}."
    st.caption(words)
    if picked != chosen:
        save_preferences(store, dataclasses.replace(now, locale=picked))
        st.rerun()
