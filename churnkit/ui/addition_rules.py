"""What holds for every newer file of a shop: what becomes of missing orders, and what follows an addition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from churnkit.accounts import Action
from churnkit.results.shop import AfterAdding, MissingOrders
from churnkit.store import Store
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs

_MISSING: Mapping[MissingOrders, str] = {
    "ask": "Ask me each time",
    "keep": "They stay in the history",
    "take_out": "They leave the history",
}
_AFTER: Mapping[AfterAdding, str] = {
    "refresh": "Forecast anew with the model in use",
    "retrain": "Train models again",
    "nothing": "Nothing, until I say so",
}


def addition_rules(store: Store, shop_id: str) -> None:
    """Two lists; what is chosen holds from the next file on."""
    settings = store.shops.get(shop_id).shop_settings
    with st.container(horizontal=True):
        _choice(
            store,
            shop_id,
            "missing_orders",
            "Known orders that a newer file of their time lacks",
            _MISSING,
            settings.missing_orders,
        )
        _choice(
            store,
            shop_id,
            "after_adding",
            "Once a file has changed the history",
            _AFTER,
            settings.after_adding,
        )


def _choice(
    store: Store, shop_id: str, name: str, label: str, words: Mapping[Any, str], current: str
) -> None:
    key = f"history_{name}_{shop_id}"
    options = list(words)
    st.selectbox(
        label,
        options,
        index=options.index(current),
        format_func=words.__getitem__,
        key=key,
        on_change=_settle,
        args=(store, shop_id, name, key),
        **needs(Action.PLAN),
    )


def _settle(store: Store, shop_id: str, name: str, key: str) -> None:
    with guarded():
        settings = store.shops.get(shop_id).shop_settings
        store.shops.set_settings(shop_id, replace(settings, **{name: st.session_state[key]}))
