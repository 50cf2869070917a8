"""A shop that begins with a source instead of a file."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.errors import ChurnkitError
from churnkit.services.sources.registering import add_source, begin_shop, waiting_shops
from churnkit.sources.kinds import KINDS
from churnkit.store import Shop, Store
from churnkit.text.figures import escape_markdown
from churnkit.ui.parts import guarded
from churnkit.ui.rights import may, needs
from churnkit.ui.source_fields import credential_fields, gives_field, settings_fields, why_not
from churnkit.ui.source_forms import choose_kind, source_forms
from churnkit.ui.workspace import workspace


def first_source(store: Store) -> None:
    """Shops that wait for their first orders, and a form to begin one; nothing for who may set no source up."""
    if not may(Action.SOURCES):
        return
    for shop in waiting_shops(store):
        _waiting_shop(store, shop)
    with st.expander(
        "No file at hand? Take the orders from the shop itself", icon=":material/cloud_download:"
    ):
        st.write(
            "From Shopify or WooCommerce, a link, a folder, object storage or a database. The first look begins by itself"
            " when the orders are here, and later pulls bring what is new."
        )
        kind = choose_kind("first_source_kind")
        why = why_not(kind)
        if why:
            st.info(why, icon=":material/info:")
            return
        with st.form(f"first_source_{kind}", border=False):
            name = st.text_input("Name of the shop", key=f"first_source_shop_{kind}", max_chars=80)
            settings = settings_fields(kind, f"first_{kind}", {})
            credentials = credential_fields(kind, f"first_{kind}")
            gives = gives_field(kind, f"first_{kind}")
            pressed = st.form_submit_button(
                "Begin", type="primary", key=f"first_source_begin_{kind}", **needs(Action.SOURCES)
            )
        if not pressed:
            return
        with guarded():
            shop = begin_shop(store, name)
            try:
                source = add_source(
                    store,
                    shop.shop_id,
                    kind,
                    name=KINDS[kind].title,
                    settings=settings,
                    credentials=credentials,
                    gives=gives,
                )
            except ChurnkitError:
                workspace().platform.delete_empty_shop(store, shop.shop_id)
                raise
            workspace().platform.start_pull(store, source.source_id)
            st.rerun()


def _waiting_shop(store: Store, shop: Shop) -> None:
    with st.expander(
        f"{escape_markdown(shop.name)} waits for its first orders",
        expanded=True,
        icon=":material/hourglass_empty:",
        key=f"waiting_{shop.shop_id}",
    ):
        source_forms(store, shop.shop_id)
        if st.button(
            "Delete this shop", key=f"delete_shop_{shop.shop_id}", type="tertiary", **needs(Action.DELETE)
        ):
            with guarded():
                workspace().platform.delete_empty_shop(store, shop.shop_id)
                st.rerun()
