"""Every page has a rule, refuses whoever may not see the workspace, and changes nothing for whoever only looks."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import Actor, rights_of_role
from churnkit.store import Store
from churnkit.ui.page_rules import PAGES, require_page
from tests.app.conftest import SHELL
from tests.unit.store.filled import row_counts

NOBODY = Actor("person", "p", "nobody", frozenset())
VIEWER = Actor("person", "p", "viewer", rights_of_role("viewer", may_export=False))


def as_actor(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    """Let somebody else than the owner use the app of the test."""
    monkeypatch.setattr(importlib.import_module("churnkit.ui.workspace"), "OWNER", actor)


def page(stem: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.switch_page(f"pages/{stem}.py").run()
    assert not app.exception, stem
    return app


def test_every_page_has_a_rule(folders: tuple[Path, Path]) -> None:
    assert set(PAGES) == {path.stem for path in (SHELL.parent / "pages").glob("*.py")}
    with pytest.raises(KeyError):
        require_page("another")


def test_every_page_refuses_whoever_may_not_see_the_workspace(
    shell: None, small_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_actor(monkeypatch, NOBODY)
    for stem in PAGES:
        app = page(stem)
        (error,) = app.error
        assert "the right to see this workspace" in error.value, stem
        assert not [*app.title, *app.dataframe, *app.metric, *app.button], stem


def test_looking_at_every_page_changes_nothing(
    shell: None, small_app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, entries = row_counts(store), store.audit.page().total
    as_actor(monkeypatch, VIEWER)
    for stem in PAGES:
        app = page(stem)
        assert not [one.value for one in app.error], stem
        assert app.title or app.header, stem
    assert (row_counts(store), store.audit.page().total) == (rows, entries)
