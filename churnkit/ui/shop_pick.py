"""Which shop a form of the settings is about."""

from __future__ import annotations

import streamlit as st

from churnkit.store import Shop, Store
from churnkit.text.figures import day
from churnkit.ui.chosen import chosen_session


def shop_pick(store: Store, key: str) -> Shop | None:
    """A choice among the workspace's shops, the open one first; None where there is none."""
    shops = store.shops.all()
    if not shops:
        st.write("There is no shop yet: upload a file of orders first.")
        return None
    if len(shops) == 1:
        return shops[0]
    opened = chosen_session()
    open_id = opened.session.session_id if opened else None
    place = next((k for k, shop in enumerate(shops) if shop.shop_id == open_id), 0)
    by_id = {shop.shop_id: shop for shop in shops}

    def label(shop_id: str) -> str:
        return f"{by_id[shop_id].name} · {day(by_id[shop_id].created_at)}"

    chosen: str = st.selectbox("Shop", list(by_id), index=place, format_func=label, key=key)
    return by_id[chosen]
