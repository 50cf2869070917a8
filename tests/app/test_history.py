"""The History page: newer exports are added there, and what came of them is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.cli import main
from churnkit.jobs import Platform
from churnkit.store import Store
from tests.app.conftest import InlineWorkers, lines_of, settle

PAGE = "pages/history.py"


def words(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.markdown, *app.caption, *app.warning]).replace(
        "\\", ""
    )


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def test_empty(empty_app: AppTest) -> None:
    assert "Nothing to look at yet" in words(opened(empty_app))


@pytest.mark.slow
def test_a_newer_export_is_added_answered_for_and_taken_back(
    small_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.follower.close()
    monkeypatch.setattr(platform.follower, "workers", InlineWorkers())
    (session,) = store.sessions.all()
    settings = store.shops.get(session.session_id).shop_settings
    store.shops.set_settings(session.session_id, type(settings)(after_adding="nothing"))
    app = opened(small_app)
    assert "nothing was added yet" in words(app)
    known = lines_of(40, 150)
    newer = known.drop(known.index[len(known) // 2])
    app.file_uploader[0].set_value([("newer.csv", newer.to_csv(index=False).encode(), "text/csv")])
    app.run()
    settle(platform)
    app.run()
    assert not app.exception
    assert "newer.csv** 1 order of" in words(app) and "Version 2" not in words(app)
    next(button for button in app.button if "stay in the history" in button.label).click().run()
    settle(platform)
    app.run()
    assert "Version 2: Export, orders from" in words(app)
    assert "they stay in the history" in words(app) and "1 order of" in words(app)
    assert not [button for button in app.button if "stay in the history" in button.label]
    rule = next(box for box in app.selectbox if box.label.startswith("Known orders that a newer"))
    rule.set_value("take_out").run()
    assert store.shops.get(session.session_id).shop_settings.missing_orders == "take_out"
    app.button(key="take_back_2").click().run()
    settle(platform)
    app.run()
    assert "Version 3: The addition before was taken back" in words(app)


def test_a_shop_is_created_grown_and_told_of_by_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    assert main(["shop", "create", "Corner", "--currency", "EUR"]) == 0
    assert main(["shop", "create", "corner"]) == 2
    assert main(["shop", "status", "Corner"]) == 0
    said = capsys.readouterr()
    assert "It has no file yet." in said.out
    assert "is the name of another" in said.err
    assert main(["shop", "add", "Corner", str(tmp_path / "none.csv")]) == 2
    for verb in ("refresh", "retrain", "scorecard"):
        capsys.readouterr()
        assert main(["shop", verb, "Corner"]) == 2
        refused = capsys.readouterr().err
        assert "it has no file yet" in refused
        assert "churnkit shop add" in refused
