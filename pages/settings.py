"""What holds for every analysis of this workspace, and what it keeps."""

import streamlit as st

from churnkit import ui
from churnkit.config import Money, Tiers
from churnkit.services.workspace.workspace_preferences import Preferences, load_preferences, save_preferences
from churnkit.store import Session, Upload
from churnkit.text.figures import count, day, days, percent, size
from churnkit.ui.chosen import PARAMETER, forget, remember

ROWS = 20
STATUS = {"configured": "not analysed yet", "training": "running", "completed": "done"}

here = ui.workspace()


def preferences_form() -> None:
    """Defaults of the analyses to come."""
    now = load_preferences(here.store)
    with st.form("preferences"):
        st.subheader("Defaults of the next analysis")
        st.caption("An analysis that is done keeps the settings it was made with.")
        with st.grid(3, min_column_width=230, gap="small") as grid:
            with grid.cell():
                st.markdown("**Risk tiers**", help=ui.term("risk_tier"))
                high = st.number_input(
                    "High above, in %", 2, 99, round(100 * now.tiers.high), key="tier_high"
                )
                medium = st.number_input(
                    "Medium above, in %", 1, 98, round(100 * now.tiers.medium), key="tier_medium"
                )
            with grid.cell():
                st.markdown("**Money**")
                margin = st.number_input(
                    "Margin on sales, in %", 1.0, 100.0, 100 * now.money.margin, 1.0, "%g", key="margin"
                )
                discount = st.number_input(
                    "Discount rate a year, in %",
                    0.0,
                    99.0,
                    100 * now.money.annual_discount_rate,
                    1.0,
                    "%g",
                    key="discount_rate",
                    help="By how much money in a year counts less than money today, in the value of a customer.",
                )
                currency = st.text_input(
                    "Currency where a file names none",
                    now.currency or "",
                    max_chars=3,
                    placeholder="EUR, USD …",
                    key="currency",
                )
            with grid.cell():
                st.markdown("**Campaigns**")
                save_rate = st.number_input(
                    "Success rate, in %",
                    0.1,
                    100.0,
                    100 * now.money.save_rate,
                    1.0,
                    "%g",
                    key="save_rate",
                    help=ui.term("save_rate"),
                )
                cost = st.number_input(
                    "Cost of one contact",
                    0.0,
                    value=now.money.contact_cost,
                    placeholder=f"{percent(now.money.contact_cost_share)} of the mean order",
                    key="contact_cost",
                    help=ui.term("contact_cost"),
                )
        st.markdown("**Retention**")
        kept = st.number_input(
            "Delete analyses that nobody has worked on for this many days",
            1,
            3650,
            value=now.retention_days,
            placeholder="empty: they stay",
            key="retention_days",
        )
        if st.form_submit_button("Save", type="primary", key="save_preferences"):
            with ui.guarded():
                save_preferences(
                    here.store,
                    Preferences(
                        tiers=Tiers(high=high / 100, medium=medium / 100),
                        money=Money(
                            margin=margin / 100,
                            annual_discount_rate=discount / 100,
                            save_rate=save_rate / 100,
                            contact_cost=cost,
                        ),
                        currency=currency.strip().upper() or None,
                        retention_days=kept,
                    ),
                )
                st.toast("Saved.", icon=":material/check:")


def storage() -> None:
    """What this workspace takes up."""
    st.subheader("Storage")
    use = here.platform.storage(here.store)
    ui.cards(
        [
            {"label": "In all", "value": size(use.total_bytes), "key": "storage_total"},
            {"label": "Uploaded files", "value": size(use.uploads_bytes)},
            {"label": "Analyses", "value": size(use.analyses_bytes)},
            {"label": "Models", "value": size(use.models_bytes)},
            {"label": "Logs", "value": size(use.jobs_bytes)},
        ]
    )


def delete(session_id: str) -> None:
    """Remove an analysis, and close it if it is the open one."""
    here.platform.delete_session(here.store, session_id)
    if st.query_params.get(PARAMETER) == session_id:
        forget()


def delete_all() -> None:
    """Empty the workspace."""
    here.platform.delete_everything(here.store)
    forget()


@st.dialog("Delete this analysis?")
def confirm_deletion(session: Session) -> None:
    """The last question before an analysis goes."""
    st.text(label_of(session))
    st.write(
        "Its file, results, models and predictions go with it, and so do scenarios and lists of everybody who"
        " made some on it. This cannot be undone."
    )
    with st.container(horizontal=True):
        if st.button(
            "Delete",
            type="primary",
            icon=":material/delete:",
            key="confirm_delete",
            on_click=delete,
            args=(session.session_id,),
        ):
            st.rerun()
        if st.button("Keep", key="keep"):
            st.rerun()


@st.dialog("Delete everything?")
def confirm_deletion_of_all() -> None:
    """The last question before the workspace is emptied."""
    st.write(
        "All files, analyses, models, scenarios, lists and remembered columns of this workspace go. This cannot be"
        " undone. Your settings stay."
    )
    with st.container(horizontal=True):
        if st.button(
            "Delete everything",
            type="primary",
            icon=":material/delete:",
            key="confirm_all",
            on_click=delete_all,
        ):
            st.rerun()
        if st.button("Keep", key="keep_all"):
            st.rerun()


@st.dialog("Leave this workspace?")
def confirm_leaving() -> None:
    """The last question before nobody can open the workspace again."""
    st.write(
        "This browser, and every other one with the same cookie, loses the workspace. There is no account to come"
        " back with: nobody can list, change or delete again what is stored here. Whoever has a link to an analysis"
        " can still read it. If the data themselves must go, choose **Delete everything** first."
    )
    with st.container(horizontal=True):
        if st.button(
            "Leave", type="primary", icon=":material/logout:", key="confirm_leave", on_click=ui.leave
        ):
            st.rerun()
        if st.button("Stay", key="stay"):
            st.rerun()


def label_of(session: Session) -> str:
    """An analysis in one line."""
    parts = [session.name or "Analysis", day(session.created_at)]
    if session.horizon_days:
        parts.append(f"threshold {days(session.horizon_days)}")
    return " · ".join([*parts, STATUS[session.status]])


def analyses(sessions: list[Session]) -> None:
    """The analyses of this workspace, each with a way to open, rename and delete it."""
    st.subheader("Analyses")
    if not sessions:
        st.write("None yet.")
        return
    pages = -(-len(sessions) // ROWS)
    page = st.pagination(pages, key="analyses_page") if pages > 1 else 1
    for session in sessions[(page - 1) * ROWS : page * ROWS]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(f"{label_of(session)} · {size(here.platform.session_storage_bytes(here.store, session))}")
            if st.button("Open", key=f"open_{session.session_id}", type="tertiary"):
                remember(session.session_id)
                st.switch_page("pages/dashboard.py" if session.run_id else "pages/upload.py")
            with st.popover("Rename", type="tertiary"):
                rename(session)
            if st.button("Delete", key=f"delete_{session.session_id}", icon=":material/delete:"):
                confirm_deletion(session)


def rename(session: Session) -> None:
    """A field for the analysis' label."""
    name = st.text_input("Name", session.name or "", max_chars=200, key=f"name_{session.session_id}").strip()
    if st.button("Rename", key=f"rename_{session.session_id}") and name:
        here.store.sessions.rename(session.session_id, name)
        st.rerun()


def files_without_analysis(uploads: list[Upload]) -> None:
    """Uploads that nobody analysed."""
    if not uploads:
        return
    with st.expander(f"Uploaded files without an analysis ({count(len(uploads))})"):
        for upload in uploads[:ROWS]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(f"{upload.filename} · {size(upload.file_size_bytes)} · {day(upload.uploaded_at)}")
                if st.button("Delete", key=f"delete_{upload.upload_id}", icon=":material/delete:"):
                    here.platform.delete_upload(here.store, upload.upload_id)
                    st.rerun()


ui.title("Settings", "What every analysis of this workspace begins with, and what it keeps.")
preferences_form()
st.caption("Light or dark: the app follows your system; the menu at the top right changes it under Settings.")
storage()
listed = here.store.sessions.all()
analyses(listed)
used = {session.upload_id for session in listed}
uploads = here.store.uploads.all()
files_without_analysis([upload for upload in uploads if upload.upload_id not in used])
with st.container(horizontal=True):
    if uploads and st.button("Delete everything …", icon=":material/delete_forever:", key="delete_all"):
        confirm_deletion_of_all()
    if not here.is_shared and st.button("Leave this workspace …", icon=":material/logout:", key="leave"):
        confirm_leaving()
