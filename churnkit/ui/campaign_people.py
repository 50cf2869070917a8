"""The customers of a campaign and those left out, and the files that go to other tools."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.campaigns import HOLDOUT, REASONS, TREATMENT, CampaignPlan
from churnkit.services.campaign.campaign_files import (
    ExportFile,
    contact_files,
    export_titles,
    holdout_file,
    read_contacts,
    results_template,
)
from churnkit.services.decide.contacts import joined_contacts
from churnkit.text.figures import count
from churnkit.ui import keys
from churnkit.ui.customer_table import customer_table
from churnkit.ui.expert_view import is_expert
from churnkit.ui.parts import download, guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.small_files import small_table
from churnkit.ui.tables import table

MAX_SHOWN = 200
_COLUMNS = ("customer_id", "member.arm", "p_churn", "clv_if_kept", "expected_gain")
_EXPERT_COLUMNS = (*_COLUMNS, "member.stratum")
_ARMS = {TREATMENT: "contacted", HOLDOUT: "left out for comparison"}


def campaign_people(plan: CampaignPlan, currency: str | None) -> None:
    """Members, and candidates who are none."""
    members, excluded = st.tabs(["On the list", "Not on the list"])
    with members:
        customer_table(
            plan.members.head(MAX_SHOWN).replace({"arm": _ARMS}),
            _EXPERT_COLUMNS if is_expert() else _COLUMNS,
            height=360,
            key="draft_members",
            alt="Customers of the campaign, best first",
            back="campaigns",
            currency=currency,
        )
        if len(plan.members) > MAX_SHOWN:
            st.caption(f"The first {MAX_SHOWN} of {count(len(plan.members))}.")
    with excluded:
        if plan.excluded.empty:
            st.caption("Nobody.")
        for reason, number in plan.facts().excluded.items():
            st.markdown(f"- **{count(number)}** {REASONS[reason]}")
        table(
            plan.excluded.head(MAX_SHOWN).replace({"reason": REASONS}),
            ("customer_id", "excluded.reason", "excluded.detail"),
            height=240,
            key="draft_excluded",
            alt="Customers who are not on the list, with the reason",
        )


def campaign_files(plan: CampaignPlan, campaign_id: str, own: pd.DataFrame | None) -> None:
    """The list to contact, the list to spare, the sheet for results; ``own`` contacts are those of the shop's file."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        _list_to_contact(plan, campaign_id, own)
    with right, st.container(border=True, height="stretch"):
        st.markdown("**For the comparison**")
        if len(plan.held_out):
            words = f"{count(len(plan.held_out))} customers left out: do not contact"
            _download(holdout_file(plan), words, key="holdout_csv")
        _download(results_template(plan), "Sheet for results", key="results_csv")
        st.caption(
            "The result comes from the newer orders that you add; the sheet is for results from elsewhere."
        )


def _list_to_contact(plan: CampaignPlan, campaign_id: str, own: pd.DataFrame | None) -> None:
    titles = export_titles()
    st.markdown("**The list to contact**")
    key = st.selectbox("For", titles, format_func=titles.__getitem__, key="export_format")
    file = st.file_uploader(
        "Your list of contacts (optional)",
        ["csv", "xlsx"],
        key="export_contacts",
        **needs(
            Action.UPLOAD,
            help="customer_id and any of email, phone, first_name, last_name, city, state, zip, country. Needed where"
            " neither your file nor the customer ids hold addresses; what it says goes before your file.",
        ),
    )
    if own is not None and {"email", "phone"} & set(own.columns):
        st.caption("E-mail addresses, phone numbers and names come from the file that you uploaded.")
    with guarded():
        contacts = small_table(file, "a list of contacts", keys.CONTACTS) if file else None
        files, notes = _made_files(campaign_id, key, file.file_id if file else None, plan, contacts, own)
        for made in files:
            _download(made, made.name, key=f"export_{made.name}", type="primary")
        for sentence in notes:
            note(sentence)


@st.cache_data(max_entries=16, show_spinner=False)
def _made_files(
    campaign_id: str,
    key: str,
    file_id: str | None,
    _plan: CampaignPlan,
    _contacts: pd.DataFrame | None,
    _own: pd.DataFrame | None,
) -> tuple[list[ExportFile], tuple[str, ...]]:
    """A campaign's files in a tool's format: frozen like the campaign."""
    listed = None if _contacts is None else read_contacts(_contacts)
    return contact_files(_plan, key, joined_contacts(listed, _own))


def _download(file: ExportFile, label: str, *, key: str, type: str = "secondary") -> None:
    download(label, partial(_data_of, file), file.name, "text/csv", key=key, type=type)


def _data_of(file: ExportFile) -> bytes:
    return file.data
