"""Fields for the four weights of the score."""

from __future__ import annotations

import streamlit as st

from churnkit.config import ScoreWeights

_FIELDS = (
    ("f1", "F1", "Balance of calls that are right and leavers that are found."),
    ("recall", "Recall", "Share of the leavers that are found."),
    (
        "profit",
        "Profit share",
        "What contacting those who promise more than they cost brings, of what could be had.",
    ),
    ("stability", "Stability", "How little F1 moves from one fold to the next."),
)


def score_weights_fields(now: ScoreWeights, key: str) -> dict[str, float]:
    """The four weights as they stand in the fields, for :class:`ScoreWeights`, which refuses four noughts."""
    values: dict[str, float] = {}
    with st.grid(4, min_column_width=130, gap="small") as grid:
        for name, title, words in _FIELDS:
            before = getattr(now, name)
            with grid.cell():
                shown = st.number_input(
                    f"{title}, %",
                    0,
                    100,
                    min(100, round(100 * before)),
                    step=5,
                    key=f"{key}_weight_{name}",
                    help=f"{words} Only the proportions of the four weights count.",
                )
            # What was not touched stays exactly as it was, whatever its decimals.
            values[name] = before if round(100 * before) == shown else shown / 100
    return values
