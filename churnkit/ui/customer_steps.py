"""The ways on from a customer's page: back to the list, to the one before and to the next."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from churnkit.errors import DataError
from churnkit.services.decide.customer_list import Neighbours, neighbours
from churnkit.services.decide.list_view import ListView, query_of, view_in
from churnkit.text.figures import count
from churnkit.ui import keys
from churnkit.ui.customer_link import PAGE, analysis_named, open_customer
from churnkit.ui.navigation import DOORS, page_file
from churnkit.ui.opened import Opened


def steps(opened: Opened, customer_id: str) -> None:
    """Links: they can be reached by the keyboard and opened beside each other."""
    back = st.query_params.get(keys.CUSTOMER_BACK, "")
    title = _title_of(back)
    view = None if title else view_in(st.query_params.get(keys.CUSTOMER_LIST, ""))
    around = _among(back, customer_id) if view is None else _in_list(opened, view, customer_id)
    with st.container(horizontal=True, vertical_alignment="center", key="customer_steps"):
        if view is None:
            st.page_link(page_file(back), label=f"Back to {title}", icon=":material/arrow_back:")
        else:
            if around is not None:
                view = replace(view, page=(around.place - 1) // view.rows + 1)
            st.page_link(
                PAGE,
                label="Back to the list",
                icon=":material/arrow_back:",
                query_params={**analysis_named(), **query_of(view)},
            )
        if around is not None:
            _step("Previous", ":material/chevron_left:", around.before, view, back)
            st.caption(f"{count(around.place)} of {count(around.total)}", width="content")
            _step("Next", ":material/chevron_right:", around.after, view, back)


def _step(label: str, icon: str, customer_id: str | None, view: ListView | None, back: str) -> None:
    """A button: a link to the page that is open would leave the address as it is."""
    asked = st.button(
        label, key=f"customer_step_{label.lower()}", icon=icon, disabled=customer_id is None, type="tertiary"
    )
    if asked and customer_id is not None:
        open_customer(customer_id, view=view, back="" if view is not None else back)


def _in_list(opened: Opened, view: ListView, customer_id: str) -> Neighbours | None:
    try:
        return neighbours(
            opened.store,
            opened.results,
            view.wanted,
            customer_id,
            order_by=view.order_by,
            descending=view.descending,
        )
    except DataError:
        # The address names a figure of another analysis.
        return None


def _among(back: str, customer_id: str) -> Neighbours | None:
    """Where the customer stands in the list of another page; None in a browser that has not seen it."""
    kept = st.session_state.get(keys.LISTED)
    lists = [kept["ids"]] if kept is not None and kept["page"] == back else []
    lists += [ids for (page, _), ids in st.session_state.get(keys.LINKED, {}).items() if page == back]
    ids = next((one for one in lists if customer_id in one), None)
    if ids is None:
        return None
    place = ids.index(customer_id)
    return Neighbours(
        ids[place - 1] if place else None,
        ids[place + 1] if place + 1 < len(ids) else None,
        place + 1,
        len(ids),
    )


def _title_of(stem: str) -> str | None:
    """The title of a view by its address; None for none, and for the list of customers itself."""
    views = {view.stem: view.title for door in DOORS for view in door.views}
    return None if stem == "customers" else views.get(stem)
