"""The shop's name and logo: the form in the settings, and the sidebar's head."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.services.workspace.brand import MAX_NAME_LETTERS, Brand, checked_logo, load_brand, save_brand
from churnkit.store import Store
from churnkit.text.figures import escape_markdown
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs


def brand_form(store: Store) -> None:
    """Name and logo; kept when they are sent."""
    now = load_brand(store)
    with st.form("brand"):
        st.header("Your shop")
        st.caption("Stands at the head of reports, on screen and on paper, and in the sidebar.")
        name = st.text_input("Name", now.name, max_chars=MAX_NAME_LETTERS, key="brand_name")
        chosen = st.file_uploader(
            "Logo, PNG or JPEG",
            ["png", "jpg", "jpeg"],
            key="brand_logo",
            max_upload_size=2,
            **needs(Action.PLAN),
        )
        without = False
        if now.logo is not None:
            st.image(now.logo, caption="The logo now", width=150)
            without = st.checkbox("Without a logo", key="brand_without_logo")
        if not st.form_submit_button("Save", key="save_brand", **needs(Action.PLAN)):
            return
        with guarded():
            logo = None if without else now.logo if chosen is None else checked_logo(chosen.getvalue())
            save_brand(store, Brand(name, logo))
            st.toast("Saved.", icon=":material/check:")


def show_brand(store: Store) -> None:
    """Logo above the sidebar's doors, the name below them."""
    brand = load_brand(store)
    if brand.logo is not None:
        st.logo(brand.logo, size="large")
    if brand.name:
        st.markdown(f"**{escape_markdown(brand.name)}**")
