"""Upload a file, confirm its columns, look at what was read, choose the churn threshold, start."""

import dataclasses

import streamlit as st

from churnkit import ui
from churnkit.charts.threshold_chart import gap_histogram, return_curve
from churnkit.config import IngestSettings
from churnkit.errors import ChurnkitError, StoreError
from churnkit.ingest import ColumnMapping, Inspection, Reading
from churnkit.services.look.upload_preview import (
    check_mapping,
    open_questions,
    preset_titles,
    save_choice,
    saved_mapping,
)
from churnkit.services.workspace.workspace_preferences import default_settings
from churnkit.store import Upload
from churnkit.text.figures import count, days, escape_markdown, size
from churnkit.ui import keys
from churnkit.ui.chosen import UPLOAD, Chosen, chosen_session, forget, remember
from churnkit.ui.column_choice import column_choice
from churnkit.ui.file_choice import choose_file
from churnkit.ui.inspecting import inspected, not_inspected
from churnkit.ui.read_account import what_was_read
from churnkit.ui.reading_options import reading_options
from churnkit.ui.shop_questions import shop_questions
from churnkit.ui.threshold_picker import start_button, threshold_choice

NEW_FILE = "new"
REFRESH_SECONDS = 0.5

here = ui.workspace()


def new_file() -> None:
    """Leave the open analysis for a fresh upload."""
    forget()
    st.query_params[UPLOAD] = NEW_FILE


def configure(upload: Upload) -> None:
    """Preview, format in words, mapping and options of an upload; ends in reading the file."""
    ui.title("Check the columns", f"{escape_markdown(upload.filename)} · {size(upload.file_size_bytes)}")
    st.button(
        "Choose another file",
        on_click=new_file,
        key="other_file",
        icon=":material/arrow_back:",
        type="tertiary",
    )
    sheets = st.session_state.get(keys.sheets(upload.upload_id), ())
    reading = reading_options(sheets)
    first = inspected(upload, reading)
    if isinstance(first, ChurnkitError):
        not_inspected(first)
        return
    if first.sheets != sheets:
        st.session_state[keys.sheets(upload.upload_id)] = first.sheets
        st.rerun()
    known = preset_titles().get(first.preset or "")
    st.markdown(
        f":material/description: Read as **{escape_markdown(first.format_words)}** · {count(first.row_count)} rows"
        + (f" · recognised as an export of **{escape_markdown(known)}**" if known else "")
    )
    choose_columns(upload, reading, first)
    rows = count(IngestSettings().preview_rows)
    with st.expander(f"The first {rows} rows, as they are", icon=":material/table_rows:", expanded=True):
        st.dataframe(first.preview, hide_index=True, height=320, key="preview", alt="First rows of the file")


def choose_columns(upload: Upload, reading: Reading, first: Inspection) -> None:
    """The columns of a file that was looked at, what speaks against them, and the button that reads it."""
    kept = saved = saved_mapping(here.store, first)
    if kept is not None and not st.toggle(
        "Use the columns that you chose last time for a file with this header", value=True, key="use_saved"
    ):
        saved = None
    chosen = column_choice(upload, first, saved)
    changed = chosen != dict(first.mapping.columns)
    wrong = check_mapping(chosen, first.columns)
    if not wrong:
        wrong = open_questions(inspected(upload, reading, chosen) if changed else first)
    for sentence in wrong:
        st.warning(escape_markdown(sentence, limit=1000), icon=":material/help:")
    if not wrong:
        st.success("The columns fit together: the file can be read.", icon=":material/check_circle:")
    for sentence in first.notes:
        ui.note(sentence)
    if st.button(
        "Read the file", type="primary", disabled=bool(wrong), key="read_file", icon=":material/play_arrow:"
    ):
        # A mapping kept from last time must not come back after its user has gone over to the suggestions.
        if changed or kept is not None:
            save_choice(here.store, first, ColumnMapping(chosen))
        asked = dataclasses.replace(reading, mapping=ColumnMapping(chosen) if changed else None)
        session = here.platform.start_look(here.store, upload.upload_id, asked, default_settings(here.store))
        st.query_params.pop(UPLOAD, None)
        remember(session.session_id)
        st.rerun()


@st.fragment(run_every=REFRESH_SECONDS)
def reading(opened: Chosen) -> None:
    """Progress of the first look."""
    with ui.guarded():
        read_so_far(opened)


def read_so_far(opened: Chosen) -> None:
    """The bar of the first look; a full rerun once it has ended."""
    job = here.platform.progress(opened.store, opened.session.session_id)
    if job is None or not job.is_active:
        st.rerun()
    st.progress(min(1.0, job.percent / 100), text=job.step or "Waiting for its turn")
    if opened.mine and st.button("Stop", key="stop_reading"):
        here.platform.cancel(opened.store, job.job_id)
        st.rerun()


@st.fragment
def threshold(opened: ui.OpenedLook) -> None:
    """The churn threshold with its consequences, live, and the start of the analysis."""
    found = opened.look.profile.threshold
    st.subheader(ui.TERMS["threshold"].title, help=ui.term("threshold"))
    st.write(found.reason)
    view = threshold_choice(opened, opened.session.horizon_days or found.days, "threshold_days")
    one, two = st.columns(2)
    with one, st.container(border=True):
        st.markdown("**How soon customers come back**")
        ui.chart(
            return_curve(found, view.days),
            f"Return curve with the threshold at {days(view.days)}",
            key="return_curve",
        )
    with two, st.container(border=True):
        st.markdown("**Gaps between purchases**")
        ui.chart(gap_histogram(found.gap_distribution.histogram), "Gaps by length", key="gap_histogram")
    keep = shop_questions(opened)
    start_button(opened, view.days, "Start analysis", "start_analysis", keep=keep)


def look_of(chosen: Chosen) -> None:
    """The first look at a chosen file: how far it is, why it failed, or what it found."""
    _, store, session, mine = chosen
    ui.title("What was read", escape_markdown(store.uploads.get(session.upload_id).filename))
    st.button("New file", on_click=new_file, key="new_file", icon=":material/add:", type="tertiary")
    job = here.platform.progress(store, session.session_id)
    look = job if job is not None and job.kind == "look" else None
    if look is not None and look.is_active:
        reading(chosen)
    elif look is not None and look.status == "failed" and here.platform.look_folder(session) is None:
        st.error(escape_markdown(f"{look.error_message} {look.error_remedy or ''}", limit=2000))
        if mine and st.button("Check the columns again", key="configure_again", type="primary"):
            st.query_params[UPLOAD] = session.upload_id
            st.rerun()
    else:
        opened = ui.open_look()
        what_was_read(opened)
        threshold(opened)


wanted = st.query_params.get(UPLOAD)
chosen = chosen_session() if wanted is None else None
if chosen is not None:
    look_of(chosen)
elif wanted in (None, NEW_FILE):
    choose_file()
else:
    try:
        upload = here.store.uploads.get(wanted)
    except StoreError as error:
        ui.show_error(error)
        st.query_params.pop(UPLOAD, None)
        choose_file()
    else:
        configure(upload)
