"""A shop's sources: what each brought last, pulling and testing them, and a form to add one."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from churnkit.accounts import Action
from churnkit.jobs.request import stored_request
from churnkit.services.sources.registering import add_source, change_source
from churnkit.sources.kinds import KINDS
from churnkit.sources.settings import settings_of, where
from churnkit.store import Source, SourceFile, SourceKind, Store, TrainingJob
from churnkit.text.figures import counted, escape_markdown, instant
from churnkit.ui.parts import guarded, note
from churnkit.ui.rights import may, needs
from churnkit.ui.source_fields import credential_fields, gives_field, settings_fields, why_not
from churnkit.ui.workspace import workspace

POLL_SECONDS = 1.5
_LISTED = 12


def sources_of_open(store: Store, shop_id: str, *, mine: bool) -> None:
    """The sources of the open analysis, which its own workspace alone sees."""
    if not mine:
        note("Only its owner sees where its orders come from.")
        return
    source_forms(store, shop_id)


def source_forms(store: Store, shop_id: str) -> None:
    """Where a shop's new orders come from."""
    st.caption(
        "A source brings new orders by itself: at the press of a button, or when a schedule says so. What it brings joins"
        " the history like a file that you add."
    )
    if not may(Action.SOURCES):
        st.info("An administrator of the workspace sets sources up.", icon=":material/lock:")
        return
    known = store.sources.of_shop(shop_id)
    for source in known:
        _source(store, source)
    with st.expander("Add a source", expanded=not known, icon=":material/add_link:", key="source_new"):
        new_source(store, shop_id)


def new_source(store: Store, shop_id: str) -> None:
    """A form for one more source."""
    kind = choose_kind("source_kind")
    why = why_not(kind)
    if why:
        st.info(why, icon=":material/info:")
        return
    with st.form(f"source_form_{kind}", border=False):
        name = st.text_input("Name", placeholder=KINDS[kind].title, key=f"source_name_{kind}", max_chars=80)
        settings = settings_fields(kind, f"source_{kind}", {})
        credentials = credential_fields(kind, f"source_{kind}")
        gives = gives_field(kind, f"source_{kind}")
        pressed = st.form_submit_button(
            "Add and fetch", type="primary", key=f"source_add_{kind}", **needs(Action.SOURCES)
        )
    if not pressed:
        return
    with guarded():
        source = add_source(
            store, shop_id, kind, name=name, settings=settings, credentials=credentials, gives=gives
        )
        workspace().platform.start_pull(store, source.source_id)
        st.rerun()


def choose_kind(key: str) -> SourceKind:
    """One of the kinds, with what its owner needs."""
    kind: SourceKind = st.selectbox(
        "Where from", tuple(KINDS), format_func=lambda one: KINDS[one].title, key=key
    )
    st.caption(f"{KINDS[kind].about} {KINDS[kind].steps}")
    return kind


def _source(store: Store, source: Source) -> None:
    key = source.source_id
    with st.container(border=True, key=f"source_{key}"):
        st.markdown(f"**{escape_markdown(source.name)}**")
        place = where(settings_of(source.kind, source.source_settings))
        st.caption(
            escape_markdown(f"{KINDS[source.kind].title} · {place}", limit=400)
            + (" · paused: no schedule asks it" if source.paused_at else "")
        )
        _state(store, source)
        with st.container(horizontal=True):
            _buttons(store, source)
        _brought(store, source)
        with st.expander("Change", key=f"source_more_{key}"):
            _change(store, source)


def _state(store: Store, source: Source) -> None:
    """What the source does, or did last."""
    jobs = workspace().platform.source_jobs(store, source.source_id)
    if jobs and jobs[0].status in ("pending", "running"):
        _waiting(store, source.source_id)
        return
    if source.last_result is None:
        st.write("Not asked yet.")
        return
    words = escape_markdown(source.last_result, limit=1500)
    at = instant(source.last_pulled_at)
    if source.last_failed:
        st.error(f"{at}: {words} What was known before stays as it is.", icon=":material/error:")
    else:
        st.write(f"{at}: {words}")


@st.fragment(run_every=POLL_SECONDS)
def _waiting(store: Store, source_id: str) -> None:
    jobs = workspace().platform.source_jobs(store, source_id)
    if not jobs or jobs[0].status not in ("pending", "running"):
        st.rerun(scope="app")
    job = jobs[0]
    view = workspace().platform.job_view(store, job)
    doing = "Testing" if stored_request(job.request).is_test else "Fetching the orders"
    found = next((step.found for step in reversed(view.steps) if step.found), "")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(f":material/progress_activity: {doing} … {escape_markdown(found)}")
        if st.button("Stop", key=f"source_stop_{source_id}", **needs(Action.RUN)):
            workspace().platform.cancel(store, job.job_id)
            st.rerun(scope="app")


def _buttons(store: Store, source: Source) -> None:
    key, platform = source.source_id, workspace().platform
    if st.button(
        "Pull now", key=f"pull_{key}", icon=":material/download:", type="primary", **needs(Action.SOURCES)
    ):
        with guarded():
            platform.start_pull(store, key)
            st.rerun()
    if st.button("Test", key=f"test_source_{key}", **needs(Action.SOURCES)):
        with guarded():
            platform.start_pull(store, key, is_test=True)
            st.rerun()
    label = "Go on" if source.paused_at else "Pause"
    if st.button(label, key=f"pause_source_{key}", **needs(Action.SOURCES)):
        store.sources.pause(key, at=None if source.paused_at else datetime.now(UTC))
        st.rerun()
    if st.button("Delete …", key=f"delete_source_{key}", icon=":material/delete:", **needs(Action.SOURCES)):
        _confirm_deletion(source)


def _brought(store: Store, source: Source) -> None:
    """The files that came, and what became of each."""
    files = store.sources.files(source.source_id)
    if not files:
        return
    jobs = {job.job_id: job for job in store.jobs.of_session(source.shop_id)}
    with st.expander(f"What it brought ({counted(len(files), 'file')})", key=f"brought_{source.source_id}"):
        for file in files[:_LISTED]:
            job = jobs.get(file.add_job_id or "")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(f"{instant(file.pulled_at)} · {file.file_label} · {outcome(file, job)}")
                has_failed = file.refused_why or (job and job.status == "failed")
                if has_failed and st.button(
                    "Add again", key=f"again_{file.file_id}", **needs(Action.SOURCES)
                ):
                    workspace().platform.offer_again(store, file.file_id)
                    st.rerun()


def outcome(file: SourceFile, job: TrainingJob | None) -> str:
    """What became of a file that a source brought."""
    if file.refused_why:
        return file.refused_why
    if file.add_job_id is None:
        return "waits for other work on this shop"
    if job is None or job.status == "completed":
        return "added"
    if job.status == "failed":
        return job.error_message or "stopped"
    return "being added"


def _change(store: Store, source: Source) -> None:
    key = f"change_{source.source_id}"
    with st.form(key, border=False):
        name = st.text_input("Name", source.name, key=f"{key}_name", max_chars=80)
        settings = settings_fields(source.kind, key, source.source_settings)
        credentials = credential_fields(source.kind, key, is_known=source.has_credentials)
        gives = gives_field(source.kind, key, source.gives)
        if not st.form_submit_button("Save", key=f"{key}_save", **needs(Action.SOURCES)):
            return
    with guarded():
        change_source(
            store, source.source_id, name=name, settings=settings, credentials=credentials, gives=gives
        )
        st.rerun()


@st.dialog("Delete this source?")
def _confirm_deletion(source: Source) -> None:
    st.text(source.name)
    st.write("Its credentials are forgotten and nothing is fetched any more. Orders that it brought stay.")
    with st.container(horizontal=True):
        if st.button(
            "Delete",
            type="primary",
            icon=":material/delete:",
            key="confirm_delete_source",
            on_click=_delete,
            args=(source.source_id,),
        ):
            st.rerun()
        if st.button("Keep", key="keep_source"):
            st.rerun()


def _delete(source_id: str) -> None:
    with guarded():
        workspace().platform.delete_source(workspace().store, source_id)
