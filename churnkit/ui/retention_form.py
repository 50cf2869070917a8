"""How long a shop keeps its orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from churnkit.accounts import Action
from churnkit.results.shop import ShopSettings
from churnkit.services.privacy.kept_from import kept_from
from churnkit.store import Shop, Store
from churnkit.text.figures import counted, day
from churnkit.ui.rights import needs

_MOST_MONTHS = 600


def retention_form(store: Store) -> None:
    """The months of one shop, and what they mean today."""
    st.header("How long orders are kept")
    shops = {shop.shop_id: shop for shop in store.shops.all()}
    if not shops:
        st.write("There is no shop yet.")
        return
    st.caption(
        "Older orders leave the shop's history, in all its versions, when it next grows or is refreshed, and later files"
        " are read without them. That cannot be undone. Forecasts learn from what is kept: with less than a year they"
        " know no season. Earlier versions of the analysis, the reading of the first file and uploaded files that hold"
        " newer orders too keep theirs until you delete them."
    )
    shop_id = st.selectbox("Shop", list(shops), format_func=lambda one: shops[one].name, key="retention_shop")
    _months(store, shops[shop_id])


def _months(store: Store, shop: Shop) -> None:
    settings = shop.shop_settings
    months = st.number_input(
        "Months to keep (0 keeps all)",
        min_value=0,
        max_value=_MOST_MONTHS,
        value=settings.retention_months or 0,
        key=f"retention_{shop.shop_id}",
        **needs(Action.DELETE),
    )
    wanted = replace(settings, retention_months=int(months) or None)
    nothing_left = _nothing_left(store, shop, wanted)
    first = kept_from(wanted, datetime.now(UTC))
    if first is None:
        st.write("All orders are kept.")
    elif nothing_left:
        st.warning(
            f"All orders of this shop are older than {day(first)}: nothing would be left. Choose more months.",
            icon=":material/warning:",
        )
    else:
        st.write(f"Today that would be orders from {day(first)} on ({counted(months, 'month')}).")
    st.button(
        "Save",
        key=f"save_retention_{shop.shop_id}",
        on_click=_save,
        args=(store, shop.shop_id, wanted),
        **needs(Action.DELETE, disabled=nothing_left or wanted == settings),
    )


def _nothing_left(store: Store, shop: Shop, wanted: ShopSettings) -> bool:
    first = kept_from(wanted, datetime.now(UTC))
    runs = store.runs.of_session(shop.shop_id)
    newest = max((run.summary.cutoff for run in runs if run.summary.cutoff is not None), default=None)
    return first is not None and newest is not None and newest.date() <= first.date()


def _save(store: Store, shop_id: str, wanted: ShopSettings) -> None:
    store.shops.set_settings(shop_id, wanted)
