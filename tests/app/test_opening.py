"""The word of patience of a server whose pages are still being loaded."""

from __future__ import annotations

import sys
import types
from importlib.machinery import ModuleSpec

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.server.opening import is_loaded

SCRIPT = """
import streamlit as st
from churnkit.server import opening

opening.PAGES_NEED = "{needed}"
with opening.opening():
    {loading}
st.header("A page")
"""


def drawn(needed: str, loading: str = "pass") -> AppTest:
    return AppTest.from_string(SCRIPT.format(needed=needed, loading=loading)).run()


def test_it_stands_while_the_pages_are_being_loaded_and_leaves_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("churnkit.server.opening.PAGES_NEED", "churnkit.ui")
    during = drawn("not.there", "st.stop()")
    assert [title.value for title in during.title] == ["churnkit"]
    afterwards = drawn("not.there")
    assert not afterwards.title and afterwards.header[0].value == "A page"
    assert not drawn("sys", "st.stop()").title, "nothing is to be waited for"


def test_what_is_below_stands_at_the_same_place_with_and_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("churnkit.server.opening.PAGES_NEED", "churnkit.ui")
    first, later = ([*drawn(needed).main.children] for needed in ("not.there", "sys"))
    assert first == later and len(first) == 2


def test_a_module_that_another_thread_is_loading_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("half_there")
    module.__spec__ = ModuleSpec("half_there", None)
    monkeypatch.setitem(sys.modules, "half_there", module)
    assert is_loaded("half_there")
    monkeypatch.setattr(module.__spec__, "_initializing", True, raising=False)
    assert not is_loaded("half_there")
    assert not is_loaded("not_there_at_all")
