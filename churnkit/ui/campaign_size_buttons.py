"""Sizes of a campaign that the text names, each one click away."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from churnkit.services.campaign.campaign_sizes import CampaignSizes, StartingSize
from churnkit.services.campaign.readable_size import HALF
from churnkit.text.figures import count
from churnkit.ui import keys


def begin_size(start: StartingSize, largest: int) -> None:
    """Let the widgets stand at a size, and take off the list whoever does not pay unless the size needs him."""
    st.session_state[keys.CAMPAIGN_SIZE] = min(start.customers, largest)
    st.session_state[keys.CAMPAIGN_PAYS] = start.only_profitable


def size_buttons(sizes: CampaignSizes, largest: int) -> None:
    """A button for each size; it moves the widgets of the size, of who is not on the list and of how many are left out."""
    with st.container(horizontal=True):
        for label, key, size, share, meaning in _sizes(sizes):
            st.button(
                f"{label}: {count(size)}",
                key=key,
                on_click=_take,
                args=(StartingSize(size, size <= sizes.paying), largest, share),
                help=meaning,
            )


def _sizes(sizes: CampaignSizes) -> Iterator[tuple[str, str, int, float | None, str]]:
    if sizes.recommended:
        meaning = "The fewest customers that bring most of what can be expected."
        yield "Recommended", "size_recommended", sizes.recommended, None, meaning
    readable = sizes.readable
    if readable.customers is not None:
        meaning = "The fewest customers with whom 4 of 5 such campaigns show the assumed success rate."
        yield "Enough to see the result", "size_readable", readable.customers, None, meaning
    if readable.customers is None and readable.strongest:
        meaning = "No number of customers shows the assumed success rate in 4 of 5 campaigns; this one does most often."
        yield "Closest to seeing it", "size_strongest", readable.strongest, None, meaning
    if readable.with_half is not None:
        meaning = (
            "With half of them left out for comparison, the fewest with whom 4 of 5 such campaigns show the assumed success"
            " rate."
        )
        yield "Half left out", "size_half", readable.with_half, HALF, meaning
    if sizes.first is not None:
        yield "The best", "size_first", sizes.first, None, "As many as one can go through by hand."


def _take(size: StartingSize, largest: int, holdout_share: float | None) -> None:
    begin_size(size, largest)
    if holdout_share is not None:
        st.session_state[keys.CAMPAIGN_HOLDOUT] = round(100 * holdout_share)
