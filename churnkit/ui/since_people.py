"""Customers who moved since an earlier version: as a table, as a file, and onto the work list."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.services.decide.contacts import with_contacts
from churnkit.services.worklist.listed import put_on_list
from churnkit.text.figures import UNKNOWN, count, counted, percent
from churnkit.ui.customer_table import customer_table
from churnkit.ui.expert_view import is_expert
from churnkit.ui.opened import Opened
from churnkit.ui.parts import csv_bytes, download, guarded
from churnkit.ui.rights import needs

_PEOPLE = (
    "customer_id",
    "value_at_risk",
    "p_churn",
    "since.then",
    "spent_since",
    "last_purchase_at",
    "factor_1",
)
_PEOPLE_FOR_EXPERTS = (
    "customer_id",
    "p_churn",
    "p_churn_then",
    "clv_if_kept",
    "value_at_risk",
    "clv_then",
    "spent_since",
    "last_purchase_at",
    "factor_1",
)
# More rows than these are scrolled, in so many pixels.
_ROWS, _WIDEST = 10, 388


def people_table(opened: Opened, rows: pd.DataFrame, *, key: str) -> None:
    """Customers of :class:`~churnkit.services.since.changes.Changes`, those first who matter most."""
    shown = rows.assign(then=then_words(rows)).dropna(axis="columns", how="all")
    customer_table(
        shown,
        _PEOPLE_FOR_EXPERTS if is_expert() else _PEOPLE,
        key=f"{key}_table",
        back="since",
        alt="Customers, those first who matter most",
        currency=opened.currency,
        height=_WIDEST if len(rows) > _ROWS else None,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if opened.mine:
            _to_list(opened, rows["customer_id"].tolist(), key)
        download(
            "As CSV",
            lambda: csv_bytes(
                with_contacts(rows.drop(columns=["standing", "standing_before"]), opened.look.contacts),
                opened.currency,
            ),
            "customers_since.csv",
            "text/csv",
            key=f"{key}_csv",
        )


def then_words(rows: pd.DataFrame) -> list[str]:
    """How likely each was to leave by the forecast of then, or that there was none of them."""
    known = rows["standing_before"] != "unknown"
    return [
        (percent(p) if pd.notna(p) else UNKNOWN) if there else "new"
        for p, there in zip(rows["p_churn_then"], known, strict=True)
    ]


def _to_list(opened: Opened, customers: list[str], key: str) -> None:
    if st.button(
        f"Put {'it' if len(customers) == 1 else f'these {count(len(customers))}'} on the work list",
        key=f"{key}_list",
        icon=":material/checklist:",
        **needs(Action.PLAN),
    ):
        with guarded():
            new = put_on_list(opened.store, opened.session.session_id, opened.results, customers)
            st.success(f"{counted(new, 'customer')} came onto the work list; the others stand there already.")
