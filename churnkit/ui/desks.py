"""A run's customers made ready for questions about money: once for everybody who looks at it."""

from __future__ import annotations

import streamlit as st

from churnkit.results.folders import Results
from churnkit.services.decide.next_best_action import ActionDesk
from churnkit.services.decide.reach import Reach
from churnkit.services.whatif.simulate import Desk
from churnkit.ui.opened import folder_stamp

_CACHED_DESKS = 4
_WORDS = "Preparing the customers …"


def desk_of(results: Results) -> Desk:
    """For campaigns on paper."""
    return _desk(results.source, folder_stamp(results.folder), results)


def action_desk_of(results: Results, reach: Reach) -> ActionDesk:
    """For what to do about each customer."""
    return _action_desk(results.source, folder_stamp(results.folder), reach, results)


@st.cache_resource(max_entries=_CACHED_DESKS, show_spinner=_WORDS)
def _desk(run: str, stamp: int, _results: Results) -> Desk:
    return Desk(_results)


@st.cache_resource(max_entries=_CACHED_DESKS, show_spinner=_WORDS)
def _action_desk(run: str, stamp: int, reach: Reach, _results: Results) -> ActionDesk:
    return ActionDesk(_results, reach)
