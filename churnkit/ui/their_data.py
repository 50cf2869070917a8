"""One customer's data: a file for them, and erasing them for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from churnkit.accounts import Action
from churnkit.services.privacy.archive_name import archive_name
from churnkit.text.figures import count
from churnkit.ui.parts import download
from churnkit.ui.rights import needs

if TYPE_CHECKING:
    from churnkit.ui.opened import Opened

_ASKED = "erasing_asked"


def their_data(opened: Opened, customer_id: str) -> None:
    """What a customer may ask a shop for; only its owner's workspace can answer."""
    if not opened.mine:
        return
    with st.expander("Their data", icon=":material/privacy_tip:", key="their_data"):
        st.caption(
            "A customer may ask for everything that you hold about them, and to be erased. The file has their rows from"
            " every table and every version; erasing takes them out of all of it and keeps them out of later files."
        )
        download(
            "Everything about them (ZIP)",
            lambda: _archive(opened, customer_id),
            archive_name(),
            "application/zip",
            key="customer_archive",
        )
        _erasing(opened, customer_id)


def _erasing(opened: Opened, customer_id: str) -> None:
    """What erasing does, and the button, once the id was written out: it cannot be undone."""
    if st.session_state.get(_ASKED) == customer_id:
        st.info(
            "They are being erased. Settings, tab Privacy, says when it is done; the pages show them until then."
        )
        return
    others = len(opened.workspace.platform.shops_with(opened.store, opened.session.session_id)) - 1
    same = f" The same goes for {count(others)} other analyses of the same files." if others > 0 else ""
    st.caption(
        "**Erasing** takes their orders, forecasts and contacts out of every version, list, campaign and uploaded file of"
        " this shop, and later files are read without them. Sums that were computed with them stay until the next"
        " version. A workbook or an archive among your uploads goes as a whole: single rows cannot be taken out of it."
        f" This cannot be undone.{same}"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            "Write their id here to erase them", key=f"erase_id_{customer_id}", max_chars=500
        )
        st.button(
            "Erase",
            icon=":material/person_remove:",
            key="erase_customer",
            on_click=_erase,
            args=(opened, customer_id),
            **needs(
                Action.DELETE,
                disabled=typed.strip() != customer_id,
                help="Write their id into the field, exactly as it stands above.",
            ),
        )


def _erase(opened: Opened, customer_id: str) -> None:
    opened.workspace.platform.erase_customer(opened.store, opened.session.session_id, customer_id)
    st.session_state[_ASKED] = customer_id


def _archive(opened: Opened, customer_id: str) -> bytes:
    from churnkit.services.privacy.customer_archive import customer_archive

    session_id = opened.session.session_id
    folders = opened.workspace.platform.customer_folders(opened.store, session_id)
    return customer_archive(opened.store, session_id, folders, customer_id)
