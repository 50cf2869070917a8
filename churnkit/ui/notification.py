"""A browser's notification when an analysis is done, for whoever asks for it by a click."""

from __future__ import annotations

from html import escape

import streamlit as st

_SCRIPT = '<script src="app/notify.js"></script>'
_STYLE = (
    "display:none;font:inherit;color:inherit;background:none;border:1px solid currentColor;border-radius:.5rem;"
    "padding:.4rem .8rem;cursor:pointer"
)
_ASKS, _WAITS = "Tell me when it is done", "This browser will tell you when it is done"


def offer_notification(job_id: str) -> None:
    """A button that the browser shows where it may tell of something; only a click asks it for permission."""
    st.html(
        f'<button id="churnkit-notify" type="button" style="{_STYLE}" data-job="{escape(job_id)}"'
        f' data-asks="{_ASKS}" data-waits="{_WAITS}"></button>{_SCRIPT}',
        unsafe_allow_javascript=True,
    )


def notify(job_id: str, words: str) -> None:
    """Have the browser tell of a job's end, if somebody asked for it there."""
    st.html(
        f'<span id="churnkit-done" data-job="{escape(job_id)}" data-words="{escape(words)}"></span>{_SCRIPT}',
        unsafe_allow_javascript=True,
    )
