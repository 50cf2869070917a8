"""One group of customers in full: who they are, what drives them, what sets them apart, what could be kept, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import GroupPanel
from churnkit.results.segments import CustomerFilter
from churnkit.services.decide.group_panel_words import driver_words
from churnkit.services.decide.group_panels import panel_table
from churnkit.text.figures import count, escape_markdown, percent, short_money
from churnkit.ui.customer_link import show_customers
from churnkit.ui.expert_view import is_expert
from churnkit.ui.panel_wording import worded
from churnkit.ui.parts import Card, cards, csv_bytes, download


def group_panel(
    panels: Sequence[GroupPanel],
    picked: str | None,
    currency: str | None,
    wanted: Callable[[str], CustomerFilter | None],
    *,
    key: str,
) -> None:
    """The panel of one group, chosen in a list or by a click on its row.

    Parameters
    ----------
    picked
        The group whose row was clicked.
    wanted
        What finds a group's customers in their list; None where the list cannot.
    """
    names = [one.group for one in panels]
    # A click on another row chooses anew; the list then keeps what is chosen in it.
    if picked in names and st.session_state.get(f"{key}_clicked") != picked:
        st.session_state[f"{key}_shown"] = picked
    st.session_state[f"{key}_clicked"] = picked
    most = max(panels, key=lambda one: one.figures.value_at_risk)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "In detail",
            names,
            index=names.index(most.group),
            key=f"{key}_shown",
            bind="query-params",
            width=320,
        )
        found = wanted(name)
        if (
            st.button(
                "Show its customers",
                key=f"{key}_customers",
                icon=":material/group:",
                disabled=found is None,
                help="Lists know the shop's own fifths only." if found is None else None,
            )
            and found
        ):
            show_customers(found)
        download(
            "All panels as CSV",
            lambda: csv_bytes(panel_table(panels), currency),
            "groups.csv",
            "text/csv",
            key=f"{key}_panels_csv",
        )
    one = next(panel for panel in panels if panel.group == name)
    with st.container(border=True, key=f"{key}_panel"):
        _shown(one, currency, key)


def _shown(one: GroupPanel, currency: str | None, key: str) -> None:
    st.header(one.group, anchor=False)
    st.caption(escape_markdown(one.about[:1].upper() + one.about[1:], 600))
    cards(_cards(one, currency))
    left, right = st.columns(2)
    with left:
        leaving = "leaving" if one.population == "active" else "staying away"
        st.markdown(
            f"**What moves their odds of {leaving}**",
            help=f"What moves the forecast of this group more than that of the other {one.population} customers; only what"
            " is more than chance. What the forecast rests on, not a cause."
            + (" Mean SHAP values by theme; Welch's test, Holm's correction." if is_expert() else ""),
        )
        match one.drivers:
            case Missing(reason):
                st.caption(escape_markdown(reason, 400))
            case Found(drivers):
                _bullets([driver_words(driver) for driver in drivers])
    with right:
        st.markdown(
            "**What sets them apart from all others**",
            help="Figures that differ from the others' by more than chance, beside those that the group is made by: the"
            " usual value in the group against that of all others."
            + (" Mann and Whitney's test, Holm's correction." if is_expert() else ""),
        )
        if one.distinctions:
            _bullets([f"{d.label}: {d.own} against {d.others}" for d in one.distinctions])
        else:
            st.caption("Nothing beyond chance, beside what the group is made by.")
    st.markdown("**What to do**")
    st.info(escape_markdown(one.words[-1], 800), icon=":material/task_alt:")
    st.caption(escape_markdown(one.words[-2], 600))
    worded(one, key=key)


def _bullets(lines: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {escape_markdown(line[:1].upper() + line[1:], 300)}" for line in lines))


def _cards(one: GroupPanel, currency: str | None) -> list[Card]:
    figures_of, kept, outcome = one.figures, one.recoverable, one.outcome
    row = [
        Card(
            label="Customers",
            value=count(figures_of.customers),
            below=f"{percent(figures_of.share)} of all, {count(figures_of.active)} active",
        ),
        Card(
            term="value_at_risk",
            value=short_money(figures_of.value_at_risk, currency) if isinstance(kept, Found) else "–",
            below=f"{percent(figures_of.value_at_risk_share)} of all that is at risk"
            if isinstance(kept, Found)
            else "nothing counts as at risk",
            kind="forecast" if isinstance(kept, Found) else None,
        ),
    ]
    if isinstance(kept, Found):
        low, high = (short_money(end, currency) for end in (kept.value.low, kept.value.high))
        row.append(
            Card(
                label="Recoverable",
                value=low if low == high else f"{low} – {high}",
                below="before the costs of a campaign",
                kind="measured" if kept.value.source == "measured" else "assumed",
            )
        )
    if isinstance(outcome, Found):
        row.append(
            Card(
                label="Net of the usual contact",
                value=short_money(outcome.value.net.value, currency),
                below=f"contacting {count(outcome.value.contacted)} whom it pays to contact",
                kind="assumed",
            )
        )
    return row
