"""The closer look at the open file's orders, worked out once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from churnkit.results.closer_look import CloserLook
from churnkit.ui.opened import OpenedLook, folder_stamp


def closer_look_of(opened: OpenedLook) -> CloserLook:
    """Lifetimes, orders a day and the smallest orders."""
    look = opened.look
    return _closer_look(
        str(look.folder), folder_stamp(look.folder), look.transactions_path, look.profile.scope.cutoff
    )


@st.cache_resource(max_entries=8, show_spinner="Counting days …")
def _closer_look(folder: str, stamp: int, _transactions: Path, _cutoff: datetime) -> CloserLook:
    # Ibis comes when it is needed: the server starts without it.
    from churnkit.services.look.closer import look_closer

    return look_closer(_transactions, _cutoff)
