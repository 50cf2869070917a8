"""What was checked of the data, and what the score lost."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.reports.code_words import OUTCOME_WORDS
from churnkit.results.profile import Check, CheckOutcome, Profile
from churnkit.text.figures import count, decimal, escape_markdown, lost
from churnkit.text.terms import term

_BADGES: dict[CheckOutcome, str] = {
    "fail": "red",
    "warn": "orange",
    "pass": "green",
    "not_applicable": "gray",
    "skipped": "gray",
}
_FINDINGS = ("fail", "warn")


def score_card(profile: Profile) -> None:
    """The score, what it lost, and what to do about each point."""
    score = profile.score
    with st.container(border=True):
        left, right = st.columns([1, 3])
        with left:
            st.metric(
                "Data quality",
                f"{decimal(score.value)} of {decimal(score.out_of)}",
                help=term("quality_score"),
            )
            st.progress(score.value / score.out_of)
        with right:
            st.markdown(f"**{escape_markdown(score.words, 400)}**")
            st.markdown(escape_markdown(profile.rung.words, 600))
        if not score.deductions:
            st.caption("Nothing was deducted.")
        for line in score.deductions:
            st.markdown(
                f":red[**{lost(line.points)}**] {escape_markdown(line.why, 600)}"
                f" :gray[{line.code}]  \n:gray[{escape_markdown(line.remedy, 600)}]"
            )


def checks(profile: Profile) -> None:
    """Every check with its outcome, finding and remedy, chosen by outcome."""
    present = [name for name in OUTCOME_WORDS if any(check.outcome == name for check in profile.checks)]
    findings = [name for name in present if name in _FINDINGS]
    wanted = st.pills(
        "Show checks with the outcome",
        present,
        selection_mode="multi",
        default=findings or present,
        format_func=lambda outcome: OUTCOME_WORDS[outcome],
        key="quality_outcomes",
        bind="query-params",
    )
    shown = [check for check in profile.checks if check.outcome in wanted]
    st.caption(f"{count(len(shown))} of {count(len(profile.checks))} checks.")
    if shown:
        _table(shown)
    else:
        st.write("No check has that outcome.")


def _table(shown: list[Check]) -> None:
    st.table(
        pd.DataFrame(
            {
                "Outcome": [
                    f":{_BADGES[check.outcome]}-badge[{OUTCOME_WORDS[check.outcome]}]" for check in shown
                ],
                "Check": [f"**{check.title}**  \n:gray[{check.code}]" for check in shown],
                "Finding, and what to do about it": [_finding(check) for check in shown],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt="Checks of the data with outcome, finding and remedy",
    )


def _finding(check: Check) -> str:
    """In one cell: a column of its own for what to do leaves a word's width to it on a telephone."""
    words = escape_markdown(check.words, 800)
    return f"{words}  \n:gray[{escape_markdown(check.remedy, 800)}]" if check.remedy else words
