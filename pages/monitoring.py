"""Whether earlier forecasts came true, what has changed since, and whether it is time to train again."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.ui import keys
from churnkit.ui.drift_view import drift_page
from churnkit.ui.monitored import drift_of, scorecards_of
from churnkit.ui.next_model import next_model
from churnkit.ui.owner_checks import owner_checks
from churnkit.ui.scorecard_view import scorecard_view
from churnkit.ui.shop_log import shop_log
from churnkit.ui.version_papers import version_papers

TABS = ("Forecasts and what came", "What has changed", "Train again", "Papers", "Log")

opened = ui.open_results()


def forecasts() -> None:
    """Scorecards of the earlier runs."""
    found = ui.value_or_note(scorecards_of(opened))
    if found is not None:
        scorecard_view(opened, found)


def changes() -> None:
    """Drift, and reasons to train again."""
    found = ui.value_or_note(drift_of(opened))
    if found is not None:
        drift_page(opened, found)


def expert() -> None:
    """Everything that was worked out, by tab."""
    draws: tuple[Callable[[], None], ...] = (
        forecasts,
        changes,
        partial(next_model, opened),
        partial(version_papers, opened),
        partial(shop_log, opened),
    )
    for tab, draw in zip(st.tabs(TABS, key=keys.MONITORING_TAB, bind="query-params"), draws, strict=True):
        if tab.open:
            with tab:
                draw()


ui.title(
    "Was it right?",
    "As soon as newer orders reach the end of a forecast's window, it is checked here against what customers then did.",
)
if ui.is_expert():
    expert()
else:
    owner_checks(opened)
