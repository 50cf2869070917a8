"""The one switch between what an owner needs and everything that was worked out."""

from __future__ import annotations

import streamlit as st

from churnkit.ui import keys


def expert_switch() -> None:
    """The switch; it stands in the address, so a link shows what its sender saw."""
    st.toggle(
        "Expert view",
        key=keys.EXPERT,
        bind="query-params",
        help="Shows how everything was worked out: models against each other, tests on past dates, measures of quality.",
    )


def is_expert() -> bool:
    """Whether the page is drawn for somebody who wants to see how everything was worked out."""
    return bool(st.session_state.get(keys.EXPERT, False))
