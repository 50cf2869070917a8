"""What the first visitor of a fresh server sees while the libraries of the pages are being loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

PAGES_NEED = "churnkit.ui"


@contextmanager
def opening() -> Iterator[None]:
    """The name and a word of patience around the loading of ``PAGES_NEED``; nothing where it is loaded already."""
    if is_loaded(PAGES_NEED):
        yield
        return
    place = st.empty()
    with place.container():
        st.title("churnkit")
        st.caption("The server has just been started. One moment …")
    yield
    place.empty()


def is_loaded(module: str) -> bool:
    """Whether a module is there whole; another thread may be in the middle of it."""
    found = sys.modules.get(module)
    # importlib's own mark, by which its lock knows too that a module is not ready.
    return found is not None and not getattr(found.__spec__, "_initializing", False)
