"""What the first visitor of a fresh server sees while the libraries of the pages are being loaded."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from churnkit.server.warming import servers_warm_up

PAGES_NEED = "churnkit.ui"
# The words leave the server before what is loaded takes its processor.
SENT_SECONDS = 0.05


@contextmanager
def opening() -> Iterator[None]:
    """The name and a word of patience around the loading of ``PAGES_NEED``, until the background is ready too.

    Nothing where nothing is to be waited for, except for its place: without that everything below would stand one place
    higher from the second run on, and tabs that move while another of them is opened may stay at the one they had.
    """
    place = st.empty()
    warm_up = servers_warm_up()
    if is_loaded(PAGES_NEED) and (warm_up is None or warm_up.home_is_loaded):
        yield
        return
    with place.container():
        st.title("churnkit")
        st.caption("The server has just been started. One moment …")
    time.sleep(SENT_SECONDS)
    if warm_up is not None:
        warm_up.await_home()
    yield
    place.empty()


def is_loaded(module: str) -> bool:
    """Whether a module is there whole; another thread may be in the middle of it."""
    found = sys.modules.get(module)
    # importlib's own mark, by which its lock knows too that a module is not ready.
    return found is not None and not getattr(found.__spec__, "_initializing", False)
