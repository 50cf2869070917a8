"""What became of the customers who asked to be erased, and how long orders are kept."""

from __future__ import annotations

from datetime import UTC

import streamlit as st

from churnkit.accounts import Action
from churnkit.config.storage import BACKUP_TO
from churnkit.store import Erasure, Store
from churnkit.text.figures import count, day, escape_markdown, instant, size
from churnkit.ui.retention_form import retention_form
from churnkit.ui.rights import needs
from churnkit.ui.workspace import workspace

_ROWS = 20


def privacy_form(store: Store) -> None:
    """Erasures, newest first, and what stays where."""
    st.header("Erased customers")
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
    retention_form(store)
    _backups(store)
    st.header("What stays where")
    st.markdown(
        "- Sums, charts and model files hold no names or ids; the next version is computed without who was erased.\n"
        "- The database file is written anew when the server next starts: until then traces of deleted rows may lie in its"
        " free space.\n"
        "- Backups made before hold them still. A backup that is restored is cleaned by the list beside it; delete old"
        " backups at their own rhythm.\n"
        "- churnkit does not encrypt its folders by itself: put the data folder on an encrypted disk (LUKS, FileVault,"
        " BitLocker, or your cloud's encrypted volume)."
    )


def _backups(store: Store) -> None:
    """Where backups go, how the last one went, and a button."""
    st.header("Backups")
    platform = workspace().platform
    state = platform.backup_state(store)
    if state.goes_to is None:
        st.write(
            f"None are made by this server. Whoever runs it names a folder or s3://bucket/folder as `{BACKUP_TO}`, or runs"
            " `python -m churnkit backup DEST` while it is stopped."
        )
        return
    st.write(
        "The whole data folder, of every workspace, is copied to where whoever runs this server wants it."
    )
    if state.is_under_way:
        st.info("A backup is being made.", icon=":material/hourglass_top:")
    elif state.failure is not None:
        st.error(f"The last backup failed: {escape_markdown(state.failure, 400)}")
    if state.made is not None:
        made = state.made.manifest
        when = instant(made.made_at.replace(tzinfo=UTC))
        st.text(f"Last backup: {when} UTC, {count(len(made.files))} files, {size(made.size_bytes)}.")
    if st.button(
        "Back up now",
        icon=":material/backup:",
        key="backup_now",
        **needs(Action.DELETE, disabled=state.is_under_way),
    ):
        platform.start_backup(store)
        st.rerun()


def _state(erasure: Erasure) -> str:
    if erasure.done_at is None:
        return "under way, or it failed: the progress of the shop's work says why"
    return f"done, {count(erasure.erased_rows or 0)} rows gone"
