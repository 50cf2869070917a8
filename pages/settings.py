"""What holds for every analysis of this workspace, what it keeps, and who may open it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.accounts import Action
from churnkit.store import Session, Upload
from churnkit.text.figures import count, day, days, size
from churnkit.ui import keys
from churnkit.ui.analysis_note import name_and_note
from churnkit.ui.api_keys import api_keys
from churnkit.ui.audit_view import audit_view
from churnkit.ui.brand_form import brand_form
from churnkit.ui.chosen import remember
from churnkit.ui.destination_forms import destination_forms
from churnkit.ui.last_questions import confirm_deletion, confirm_deletion_of_all, confirm_leaving
from churnkit.ui.locale_choice import locale_setting
from churnkit.ui.notification_form import notification_form
from churnkit.ui.people_form import people_form
from churnkit.ui.preferences_form import preferences_form
from churnkit.ui.privacy_form import privacy_form
from churnkit.ui.recently_deleted import deletion_notice, recently_deleted
from churnkit.ui.schedule_form import schedule_tab
from churnkit.ui.share_form import shares_list
from churnkit.ui.sign_in_list import sign_in_list
from churnkit.ui.webhooks_form import webhooks_form

ROWS = 20
STATUS = {"configured": "not analysed yet", "training": "running", "completed": "done"}

here = ui.workspace()


def storage() -> None:
    """What this workspace takes up."""
    st.header("Storage")
    use = here.platform.storage(here.store)
    ui.cards(
        [
            ui.Card(label="In all", value=size(use.total_bytes), key="storage_total"),
            ui.Card(label="Uploaded files", value=size(use.uploads_bytes)),
            ui.Card(label="Analyses", value=size(use.analyses_bytes)),
            ui.Card(label="Models", value=size(use.models_bytes)),
            ui.Card(label="Logs", value=size(use.jobs_bytes)),
        ]
    )


def label_of(session: Session) -> str:
    """An analysis in one line."""
    parts = [session.name or "Analysis", day(session.created_at)]
    if session.horizon_days:
        parts.append(f"threshold {days(session.horizon_days)}")
    return " · ".join([*parts, STATUS[session.status]])


def analyses(sessions: list[Session]) -> None:
    """The analyses of this workspace, each with a way to open, name and delete it."""
    st.header("Analyses")
    deletion_notice()
    if not sessions:
        st.write("None yet.")
        return
    pages = -(-len(sessions) // ROWS)
    page = st.pagination(pages, key="analyses_page", bind="query-params") if pages > 1 else 1
    for session in sessions[(page - 1) * ROWS : page * ROWS]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(f"{label_of(session)} · {size(here.platform.session_storage_bytes(here.store, session))}")
            if st.button("Open", key=f"open_{session.session_id}", type="tertiary"):
                remember(session.session_id)
                st.switch_page("pages/dashboard.py" if session.run_id else "pages/upload.py")
            with st.popover("Name and note", type="tertiary"):
                name_and_note(here.store, session)
            if st.button(
                "Delete",
                key=f"delete_{session.session_id}",
                icon=":material/delete:",
                **ui.needs(Action.DELETE),
            ):
                confirm_deletion(session, label_of(session))


def files_without_analysis(uploads: list[Upload]) -> None:
    """Uploads that nobody analysed."""
    if not uploads:
        return
    with st.expander(f"Uploaded files without an analysis ({count(len(uploads))})"):
        for upload in uploads[:ROWS]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(f"{upload.filename} · {size(upload.file_size_bytes)} · {day(upload.uploaded_at)}")
                if st.button(
                    "Delete",
                    key=f"delete_{upload.upload_id}",
                    icon=":material/delete:",
                    **ui.needs(Action.DELETE),
                ):
                    here.platform.delete_upload(here.store, upload.upload_id)
                    st.rerun()


def defaults() -> None:
    """The shop's name and logo, how figures are written, and what the next analysis begins with."""
    brand_form(here.store)
    locale_setting(here.store)
    preferences_form(here.store)
    st.caption(
        "Light or dark: the app follows your system; the menu at the top right changes it under Settings."
    )


def what_is_kept() -> None:
    """What lies in this workspace, and how it goes."""
    storage()
    listed = here.store.sessions.all()
    analyses(listed)
    used = {session.upload_id for session in listed}
    uploads = here.store.uploads.all()
    recently_deleted()
    files_without_analysis([upload for upload in uploads if upload.upload_id not in used])
    with st.container(horizontal=True):
        if (uploads or here.store.put_away.all()) and st.button(
            "Delete everything …",
            icon=":material/delete_forever:",
            key="delete_all",
            **ui.needs(Action.DELETE),
        ):
            confirm_deletion_of_all()
        if not here.is_shared and st.button(
            "Leave this workspace …", icon=":material/logout:", key="leave", **ui.needs(Action.DELETE)
        ):
            confirm_leaving()


# Title, what is drawn, and the right that it takes to see it.
PARTS: list[tuple[str, Callable[[], None], Action]] = [
    ("Defaults", defaults, Action.READ),
    ("What is kept", what_is_kept, Action.READ),
    ("Privacy", partial(privacy_form, here.store), Action.DELETE),
    ("Links", partial(shares_list, here.store), Action.SHARE),
    ("Keys", partial(api_keys, here.store), Action.KEYS),
    *([] if here.store.actor.only else [("Alerts", partial(notification_form, here.store), Action.READ)]),
    ("Schedules", partial(schedule_tab, here.store), Action.RUN),
    ("Destinations", partial(destination_forms, here.store), Action.SOURCES),
    ("Webhooks", partial(webhooks_form, here.store), Action.SOURCES),
    *([("People", partial(people_form, here.store), Action.PEOPLE)] if here.signed_in else []),
    *([("Your sign-ins", sign_in_list, Action.READ)] if here.signed_in else []),
    ("Audit log", partial(audit_view, here.store), Action.AUDIT),
]

ui.title("Settings", "What every analysis of this workspace begins with, what it keeps, and who may open it.")
shown = [(title, draw) for title, draw, action in PARTS if ui.may(action)]
for tab, (_, draw) in zip(
    st.tabs([title for title, _ in shown], key=keys.SETTINGS_TAB, bind="query-params"), shown, strict=True
):
    if tab.open:
        with tab, ui.guarded():
            draw()
