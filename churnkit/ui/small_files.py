"""Waiting for a reader on a page, with a way to stop it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from churnkit.jobs.reading import Ticket
from churnkit.jobs.reading.endings import NO_ANSWER
from churnkit.text.figures import duration
from churnkit.ui.workspace import workspace

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

# Most files are looked at within this time: a bar would only flicker.
QUIET_SECONDS = 0.7
BEAT_SECONDS = 0.5
# More than any page that waits has below that place.
_LEFT_BY_LAST_PAGE = 40


def wait_for(ticket: Ticket[Any], words: str) -> None:
    """Draw what is waited for until ``ticket`` has ended.

    A visitor who goes elsewhere, changes a widget or presses Stop ends this run of the page at one of its draws; the
    reader is stopped with it.
    """
    if ticket.wait(QUIET_SECONDS):
        return
    box = st.empty()
    with box.container(border=True):
        beat = st.empty()
        st.button(
            "Stop", key=f"stop_{ticket.ticket_id}", on_click=ticket.cancel, icon=":material/stop_circle:"
        )
    # What stood here before this run stays until it ends: these take its place.
    for _ in range(_LEFT_BY_LAST_PAGE):
        st.empty()
    began = time.monotonic()
    try:
        while not ticket.wait(BEAT_SECONDS):
            beat.markdown(f":material/hourglass_top: {words} {duration(time.monotonic() - began)}")
    finally:
        # Has an effect only where Streamlit has ended this run of the page.
        ticket.give_up()
    box.empty()


def small_table(file: UploadedFile, what: str, key: str) -> pd.DataFrame:
    """The table in an uploaded ``file``, read once by a reader; ``what`` it is, for messages.

    Raises
    ------
    DataError
        It is no table, or was not read to the end.
    """
    kept = st.session_state.get(key)
    if kept is None or kept[0] != file.file_id or kept[1].how in NO_ANSWER:
        here = workspace()
        file.seek(0)
        ticket = here.platform.readings.table(here.store, file, file.name, what)
        kept = st.session_state[key] = (file.file_id, ticket)
    wait_for(kept[1], f"Reading {what} …")
    table: pd.DataFrame = kept[1].answer()
    return table
