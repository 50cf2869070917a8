"""Upload a file, check what was understood of it, answer what is open, choose the churn threshold, start."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from churnkit import ui
from churnkit.accounts import Action
from churnkit.charts.threshold_chart import gap_histogram, return_curve
from churnkit.config import IngestSettings
from churnkit.errors import ChurnkitError, StoreError
from churnkit.ingest import FIELDS, Inspection, OpenQuestions, Reading
from churnkit.services.look.asked import column_words, on_page
from churnkit.services.look.upload_preview import preset_titles
from churnkit.services.workspace.workspace_preferences import default_settings
from churnkit.store import Upload
from churnkit.text.figures import count, days, escape_markdown, size
from churnkit.ui import keys
from churnkit.ui.answering import LookedAt, given_answers, look_at
from churnkit.ui.chosen import UPLOAD, Chosen, chosen_session, forget, remember
from churnkit.ui.column_choice import column_choice
from churnkit.ui.file_choice import choose_file
from churnkit.ui.file_questions import file_questions
from churnkit.ui.first_source import first_source
from churnkit.ui.indicator_choice import indicator_choice
from churnkit.ui.inspecting import not_inspected
from churnkit.ui.mapping_json import mapping_json
from churnkit.ui.read_account import what_was_read
from churnkit.ui.reading_options import reading_options
from churnkit.ui.shop_questions import shop_questions
from churnkit.ui.threshold_picker import start_button, threshold_choice
from churnkit.ui.tournament_form import tournament_form
from churnkit.ui.understood_view import understood_view
from churnkit.ui.way import way

NEW_FILE = "new"
# Steps of the way.
UNDERSTOOD, ASKED = (2,), (3, 4)
REFRESH_SECONDS = 0.5

here = ui.workspace()


def new_file() -> None:
    """Leave the open analysis for a fresh upload."""
    forget()
    st.query_params[UPLOAD] = NEW_FILE


def configure(upload: Upload) -> None:
    """What was understood of an upload, what is open, and how to change it; ends in reading the file."""
    way(2)
    ui.title(
        "Check what was understood", f"{escape_markdown(upload.filename)} · {size(upload.file_size_bytes)}"
    )
    st.button(
        "Choose another file",
        on_click=new_file,
        key="other_file",
        icon=":material/arrow_back:",
        type="tertiary",
    )
    # The answer stands above the options that it depends on.
    seen, changes = st.container(), st.container()
    sheets = st.session_state.get(keys.sheets(upload.upload_id), ())
    with changes:
        options = reading_options(upload.upload_id, sheets)
    with seen:
        asked = look_at(upload, options)
        found = asked.found
        given_answers(upload, asked.answers)
        if isinstance(found, OpenQuestions):
            file_questions(upload, found.questions, early=True)
            return
        if isinstance(found, ChurnkitError):
            not_inspected(found)
            return
        check(upload, asked, found, changes)
    if found.sheets != sheets:
        st.session_state[keys.sheets(upload.upload_id)] = found.sheets
        st.rerun()


def check(upload: Upload, asked: LookedAt, found: Inspection, changes: DeltaGenerator) -> None:
    """Questions first, then what was understood, then the button; columns and rows of the file stand below."""
    known = preset_titles().get(found.preset or "")
    st.markdown(
        f":material/description: Read as **{escape_markdown(found.format_words)}** · {count(found.row_count)} rows"
        + (f" · recognised as an export of **{escape_markdown(known)}**" if known else "")
    )
    st.caption(escape_markdown(column_words(found.mapping.columns), 1000))
    file_questions(upload, found.questions, early=False)
    understood_view(upload, found, asked.answers.version)
    for sentence in found.notes:
        ui.note(on_page(sentence))
    ending = st.container()
    with changes:
        open_columns = [one for one in found.questions if one.field in FIELDS and not one.refusal]
        by_hand = any(not (question.choices or question.refusal) for question in found.questions)
        with st.expander("Change columns", icon=":material/view_column:", expanded=by_hand):
            wrong = column_choice(upload, found, asked.answers.version)
        rows = count(IngestSettings().preview_rows)
        with st.expander(
            f"The first {rows} rows, as they are", icon=":material/table_rows:", expanded=bool(open_columns)
        ):
            st.dataframe(
                found.preview, hide_index=True, height=320, key="preview", alt="First rows of the file"
            )
    if any(question.refusal for question in found.questions):
        return
    with changes, st.expander("The columns as JSON: paste, load, save", icon=":material/data_object:"):
        mapping_json(upload, found, asked.answers.version)
    with ending:
        read_button(upload, asked.reading, is_open=bool(found.questions or wrong))


def read_button(upload: Upload, asked: Reading, *, is_open: bool) -> None:
    """The way on: the file is read as its owner has seen."""
    if not is_open:
        st.success("The file can be read.", icon=":material/check_circle:")
    if st.button(
        "Read the file",
        type="primary",
        key="read_file",
        icon=":material/play_arrow:",
        **ui.needs(Action.RUN, disabled=is_open),
    ):
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
    if opened.mine and st.button("Stop", key="stop_reading", **ui.needs(Action.RUN)):
        here.platform.cancel(opened.store, job.job_id)
        st.rerun()


@st.fragment
def threshold(opened: ui.OpenedLook) -> None:
    """The churn threshold with its consequences, live, and the start of the analysis."""
    found = opened.look.profile.threshold
    keep = shop_questions(opened)
    st.header(ui.TERMS["threshold"].title, help=ui.term("threshold"))
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
    indicators = indicator_choice(None, "indicators") if opened.mine else None
    tournament = None
    if opened.mine:
        usual = default_settings(here.store).tournament
        tournament = tournament_form(usual, view.churned, f"first_{opened.session.session_id}")
    start_button(
        opened,
        view.days,
        "Start analysis",
        "start_analysis",
        keep=keep,
        indicators=indicators,
        tournament=tournament,
    )


def look_of(chosen: Chosen) -> None:
    """The first look at a chosen file: how far it is, why it failed, or what it found."""
    _, store, session, mine = chosen
    job = here.platform.progress(store, session.session_id)
    look = job if job is not None and job.kind == "look" else None
    way(*(ASKED if session.look_id is not None else UNDERSTOOD))
    ui.title("What was read", escape_markdown(store.uploads.get(session.upload_id).filename))
    st.button(
        "New file",
        on_click=new_file,
        key="new_file",
        icon=":material/add:",
        type="tertiary",
        **ui.needs(Action.UPLOAD),
    )
    if look is not None and look.is_active:
        reading(chosen)
    elif look is not None and look.status == "failed" and here.platform.look_folder(session) is None:
        st.error(escape_markdown(f"{look.error_message} {look.error_remedy or ''}", limit=2000))
        if mine and st.button(
            "Back to the questions", key="configure_again", type="primary", **ui.needs(Action.UPLOAD)
        ):
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
elif not ui.may(Action.UPLOAD):
    ui.title("Upload")
    ui.empty(
        "Nothing to look at yet",
        "Your role hands over no files here: an analyst of the workspace does. What they analyse opens on every page.",
    )
elif wanted in (None, NEW_FILE):
    choose_file()
    first_source(here.store)
else:
    try:
        upload = here.store.uploads.get(wanted)
    except StoreError as error:
        ui.show_error(error)
        st.query_params.pop(UPLOAD, None)
        choose_file()
    else:
        configure(upload)
