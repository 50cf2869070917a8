"""Looking at an uploaded file before it is read: by a reader, which may refuse it or be stopped."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.errors import ChurnkitError
from churnkit.ingest import Inspection, Reading
from churnkit.jobs.reading import ReadingStopped
from churnkit.store import Upload
from churnkit.text.figures import escape_markdown
from churnkit.ui import keys
from churnkit.ui.parts import show_error
from churnkit.ui.rights import needs
from churnkit.ui.small_files import wait_for
from churnkit.ui.workspace import workspace


def inspected(upload: Upload, reading: Reading) -> Inspection | ChurnkitError:
    """What a reader finds in the file, or why it finds nothing."""
    here = workspace()
    again = st.session_state.pop(keys.LOOK_AGAIN, False)
    try:
        ticket = here.platform.readings.inspection(here.store, upload, reading, again=again)
        wait_for(ticket, "Looking at the file …")
        return ticket.answer()
    except ChurnkitError as error:
        return error


def not_inspected(error: ChurnkitError) -> None:
    """Why the file was not looked at, and the way to try again where that may help."""
    if isinstance(error, ReadingStopped) and not error.by_the_file:
        st.info(escape_markdown(str(error), limit=1000), icon=":material/stop_circle:")
    else:
        show_error(error)
    if isinstance(error, ReadingStopped):
        st.button(
            "Look again",
            key="look_again",
            on_click=st.session_state.update,
            args=({keys.LOOK_AGAIN: True},),
            **needs(Action.UPLOAD),
        )
