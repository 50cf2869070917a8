"""``people``: who may sign in, for whoever runs the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from churnkit.accounts import SYSTEM
from churnkit.cli import main
from churnkit.services.access.people import accept, use_reset
from churnkit.services.access.sign_in import by_password
from churnkit.store import Store

Run = Callable[..., tuple[int, str]]
PASSWORD = "three blind mice run"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))

    def call(*arguments: str) -> tuple[int, str]:
        code = main(["people", *arguments])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return call


def store(folder: Path) -> Store:
    return Store.open(folder / "churnkit.duckdb", actor=SYSTEM)


def token_in(output: str) -> str:
    found = re.search(r"/account/(?:invite|reset)/([A-Za-z0-9_-]{43})$", output.strip())
    assert found is not None, output
    return found[1]


def test_the_first_person_can_be_invited_from_the_command_line(run: Run, tmp_path: Path) -> None:
    assert run("list") == (0, "Nobody may sign in yet.\n")
    code, said = run("add", "Ann@Shop.example", "--role", "administrator", "--url", "https://churn.example/")
    assert code == 0
    assert "https://churn.example/account/invite/" in said
    with store(tmp_path) as root:
        person, tenant = accept(root, token_in(said), name="Ann", password=PASSWORD)
        assert tenant == "local"
        cursor = root.cursor()
        names = cursor.execute("SELECT DISTINCT actor_name FROM audit_log").fetchall()
        cursor.close()
    assert set(names) == {("command line",), ("ann@shop.example",)}
    assert person.email == "ann@shop.example"
    code, said = run("list")
    assert (code, said) == (0, "ann@shop.example (Ann): administrator in Workspace; not signed in\n")


def test_a_reset_lets_somebody_back_in(run: Run, tmp_path: Path) -> None:
    _, said = run("add", "ann@shop.example")
    assert "Workspace has no administrator yet" in said
    said = said.partition("Workspace has")[0]
    with store(tmp_path) as root:
        accept(root, token_in(said), name="Ann", password=PASSWORD)
    _, said = run("reset", "ann@shop.example")
    with store(tmp_path) as root:
        use_reset(root, token_in(said), "another long password")
        assert by_password(root, "ann@shop.example", PASSWORD) is None
        assert by_password(root, "ann@shop.example", "another long password") is not None
    run("disable", "ann@shop.example")
    assert "disabled" in run("list")[1]
    with store(tmp_path) as root:
        assert by_password(root, "ann@shop.example", "another long password") is None
    run("enable", "ann@shop.example")
    assert "not signed in" in run("list")[1]


def test_of_several_workspaces_one_is_named(run: Run, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    with store(tmp_path) as root:
        for name in ("Tea", "Coffee"):
            root.people.make_workspace(name, at=datetime.now(UTC))
    code, said = run("add", "a@x.example")
    assert (code, "Coffee, Tea" in said) == (2, True)
    assert run("add", "a@x.example", "--workspace", "Cocoa")[0] == 2
    assert run("add", "a@x.example", "--workspace", "Tea")[0] == 0


def test_what_cannot_be_done_is_said(run: Run) -> None:
    assert run("reset", "nobody@x.example")[0] == 2
    assert run("disable", "nobody@x.example")[0] == 2
    code, said = run("add", "no address")
    assert (code, "name@shop.example" in said) == (2, True)
