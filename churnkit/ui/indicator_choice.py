"""Outside figures for an analysis: a small table that may be brought, and what it holds."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import Indicators
from churnkit.config.indicators import MAX_LAG_DAYS
from churnkit.services.look.indicator_table import WHAT, indicators_of
from churnkit.text.figures import count, counted, day, escape_markdown
from churnkit.ui import keys
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.small_files import small_table

_MAX_MB = 50
_WORDS = (
    "A table with a column `date` (like 2025-03-31, or 2025-03 for a month) and columns of numbers: the trade's mean churn,"
    " consumer confidence, a search index, the weather. Bring one when your customers come and go with something outside"
    " the shop. Each figure is tried on your past dates first and is used only where it made forecasts better. Rates and"
    " changes help more than levels that only grow."
)


def indicator_choice(now: Indicators | None, key: str) -> Indicators | None:
    """A drawer for the table; ``now`` are the figures of the version on screen, used again unless taken away."""
    with st.expander("Outside figures", icon=":material/public:", expanded=False):
        st.markdown(_WORDS)
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        file = left.file_uploader(
            "Table of outside figures",
            ["csv", "tsv", "txt", "xlsx"],
            key=f"{key}_file",
            max_upload_size=_MAX_MB,
            **needs(Action.UPLOAD),
        )
        lag_days = right.number_input(
            "Published so many days later",
            0,
            MAX_LAG_DAYS,
            0 if now is None else now.lag_days,
            key=f"{key}_lag",
            help="A figure about March that came out on 15 April was known to nobody on 1 April: say 15 here, so that no"
            " past forecast sees what it could not have seen.",
        )
        found = None
        if file is not None:
            with guarded():
                found = indicators_of(small_table(file, WHAT, keys.INDICATORS_TABLE), int(lag_days))
        elif now is not None and st.checkbox(
            "Use the figures of this version again", value=True, key=f"{key}_again"
        ):
            found = now
        if found is not None:
            st.caption(escape_markdown(_holds(found), 600))
        return found


def _holds(found: Indicators) -> str:
    return (
        f"{counted(len(found.names), 'figure')} ({', '.join(found.names)}) on {count(len(found.days))} days from"
        f" {day(found.days[0])} to {day(found.days[-1])}."
    )
