"""What became of the customers who asked to be erased, and how long orders are kept."""

from __future__ import annotations

import streamlit as st

from churnkit.store import Erasure, Store
from churnkit.text.figures import count, day

_ROWS = 20


def privacy_form(store: Store) -> None:
    """Erasures, newest first, and what stays where."""
    st.subheader("Erased customers")
    st.caption(
        "Customers, page of one of them, Their data: take out everything about them as a file, or erase them. churnkit"
        " keeps a keyed hash of their id and e-mail address, by which later files are read without them, and nothing else."
    )
    erasures = store.erasures.all()
    if not erasures:
        st.write("Nobody yet.")
    names = {shop.shop_id: shop.name for shop in store.shops.all()}
    for erasure in erasures[:_ROWS]:
        st.text(f"{day(erasure.requested_at)} · {names.get(erasure.shop_id, 'a shop')} · {_state(erasure)}")
    if len(erasures) > _ROWS:
        st.caption(f"And {count(len(erasures) - _ROWS)} before them.")
    st.subheader("What stays where")
    st.markdown(
        "- Sums, charts and model files hold no names or ids; the next version is computed without who was erased.\n"
        "- The database file is written anew when the server next starts: until then traces of deleted rows may lie in its"
        " free space.\n"
        "- Backups made before hold them still. A backup that is restored is cleaned by the list beside it; delete old"
        " backups at their own rhythm.\n"
        "- churnkit does not encrypt its folders by itself: put the data folder on an encrypted disk (LUKS, FileVault,"
        " BitLocker, or your cloud's encrypted volume)."
    )


def _state(erasure: Erasure) -> str:
    if erasure.done_at is None:
        return "under way, or it failed: the progress of the shop's work says why"
    return f"done, {count(erasure.erased_rows or 0)} rows gone"
