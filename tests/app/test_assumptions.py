"""Assumptions about money, changed on a finished analysis: every page follows, and a link shows them too."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.results.folders import PRICED
from churnkit.services.access.shares import make_share
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Store


def shown(app: AppTest, page: str) -> AppTest:
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception and not app.error
    return app


def words(app: AppTest) -> str:
    return (
        "\n".join(str(part.value) for part in [*app.markdown, *app.caption])
        .replace("\u202f", " ")
        .replace("\\", "")
    )


@pytest.mark.slow
def test_a_margin_that_the_owner_gives_holds_on_every_page(
    shell: None, full_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    app = shown(full_app.run(), "actions")
    assert "a margin of **100 %** :gray[(assumed)]" in words(app)
    app.number_input(key="actions_margin").set_value(40.0)
    app.number_input(key="actions_save_rate").set_value(62.0)
    app.number_input(key="actions_gone_success").set_value(30.0)
    app.button(key="actions_assume").click().run()
    assert not app.exception and not app.error
    for page in ("actions", "whatif", "campaigns"):
        said = words(shown(app, page))
        assert "a margin of **40 %** :gray[(your setting)]" in said
        assert "a success rate of **62 %** :gray[(your setting)]" in said
        assert "**30 %** of it with those who are probably gone for good :gray[(your setting)]" in said
        assert "(assumed)" in said
    assert len(list((folder / PRICED).iterdir())) == 1
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "browser")
    app.query_params["share"] = make_share(store, session.session_id).text
    visitor = shown(app, "whatif")
    assert "a margin of **40 %**" in words(visitor)
    assert not [button for button in visitor.button if button.key == "whatif_assume"]
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "shared")
    del app.query_params["share"]
    app = shown(app, "actions")
    app.button(key="actions_forget").click().run()
    assert "a margin of **100 %** :gray[(assumed)]" in words(shown(app, "whatif"))
    assert list((folder / PRICED).iterdir()) == []


@pytest.mark.slow
def test_the_owner_is_asked_before_the_first_analysis(full_app: AppTest, store: Store) -> None:
    app = shown(full_app.run(), "upload")
    assert app.file_uploader(key="indicators_file")
    assert "The file holds no e-mail addresses and no telephone numbers" in words(app)
    app.number_input(key="ask_margin").set_value(35.0)
    app.button_group(key="ask_channels").set_value(["e-mail"])
    app.button(key="start_analysis").click().run()
    assert not app.exception and not app.error
    kept = load_preferences(store)
    assert kept.asked and kept.channels == ("e-mail",)
    assert kept.money.kind("margin") == "given" and kept.money.margin == 0.35
    assert kept.money.kind("contact_cost") == "assumed"
