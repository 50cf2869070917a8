"""What a role may not do is a disabled button that says why, on every page; whoever adds a button says what it takes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import Actor, Role, rights_of_role
from churnkit.ui import keys

REPOSITORY = Path(__file__).resolve().parents[2]
WIDGETS = {"button", "form_submit_button", "file_uploader", "download_button"}
# Buttons that change nothing anybody else sees: the key as it stands in the source, and why.
FREE = {
    # The way to another page or another part of one.
    '"see_example"', '"go_on"', '"go_campaigns"', '"go_threshold"', '"go_dashboard"', '"campaign_read"', '"other_file"',
    'f"since_readout_{campaign.campaign_id}"', 'f"home_go_{question}"',
    'f"open_{session.session_id}"', 'f"{key}_customers"', '"show_lapsed"', '"show_warnings"', '"show_new_signs"',
    '"driver_show"', 'f"insight_{kind}_{place}"', '"rfm_map_show"', 'f"rule_show_{now.name}"', '"rule_group_show"',
    '"customer_open"', '"clear_filters"', 'f"filter_use_{name}"', 'f"customer_step_{label.lower()}"',
    # Sliders and figures of whoever looks.
    '"take_all"', '"reset_plan"', '"take_budget"', '"forget_plan"', '"readout_to_plan"', '"scenario_open"',
    '"experiment_go"',
    '"uplift_go"', 'f"stop_{ticket.ticket_id}"', "key",
    # Answers to a question that a button with a right has asked.
    '"webhook_secret_shown"', '"confirm_rotation"', '"keep_secret"', '"confirm_delete_webhook"', '"keep_webhook"',
    '"confirm_delete_source"', '"keep_source"', '"confirm_delete_destination"', '"keep_destination"',
    'f"look_{webhook.webhook_id}"', 'f"look_sent_{subscription_id}"',
    '"key_shown"', '"share_shown"', '"invite_shown"', '"claim_later"',
    # One's own sign-ins.
    'f"end_{one.sign_in_id}"', '"end_others"',
    # Answers to a question.
    '"confirm_revoke"', '"keep_key"', "yes.key", "no.key",
}  # fmt: skip
# These ask by themselves: for the right to take files out, and for what the choice takes.
ASKS = {"churnkit/ui/parts.py", "churnkit/ui/whom_choice.py"}


def calls() -> Iterator[tuple[str, int, str, bool]]:
    """File, line, key and whether it names a right, of every button in the pages and their parts."""
    for path in [*REPOSITORY.glob("pages/*.py"), *REPOSITORY.glob("churnkit/ui/*.py")]:
        text, name = path.read_text(encoding="utf-8"), path.relative_to(REPOSITORY).as_posix()
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in WIDGETS or name in ASKS:
                continue
            key = next(
                (ast.get_source_segment(text, one.value) for one in node.keywords if one.arg == "key"), None
            )
            rights = [
                one.value for one in node.keywords if one.arg is None and isinstance(one.value, ast.Call)
            ]
            asks = any("needs" in ast.unparse(one.func) for one in rights)
            yield name, node.lineno, key or "", asks


def test_every_button_names_the_right_that_it_takes() -> None:
    found = list(calls())
    assert len(found) > 60
    unruled = [f"{name}:{line} {key}" for name, line, key, asks in found if not asks and key not in FREE]
    assert not unruled, "say **needs(Action.…), or why not in FREE:\n" + "\n".join(unruled)
    unused = FREE - {key for _, _, key, asks in found if not asks}
    assert not unused, f"no button is called so any more: {sorted(unused)}"


def as_role(monkeypatch: pytest.MonkeyPatch, role: Role, *, may_export: bool = True) -> None:
    """Let the app's only user be somebody with a role."""
    actor = Actor("person", "p1", "somebody@shop.example", rights_of_role(role, may_export=may_export))
    monkeypatch.setattr(sys.modules["churnkit.ui.workspace"], "OWNER", actor)


def opened(app: AppTest, page: str, **tabs: object) -> AppTest:
    app.run()
    for key, tab in tabs.items():
        app.session_state[key] = tab
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def disabled(app: AppTest) -> dict[str, str]:
    """Buttons that cannot be pressed, with what they say."""
    found = {button.key: button.help for button in app.button if button.disabled and button.key}
    assert all(found.values())
    return found


def test_viewer_presses_nothing_that_changes(full_app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    as_role(monkeypatch, "viewer")
    app = opened(full_app, "campaigns")
    assert "plans, lists or settings" in disabled(app)["campaign_keep"]
    assert "your role does not have" in disabled(app)["campaign_keep"]
    app = opened(app, "settings")
    assert [tab.label for tab in app.tabs][:2] == ["Defaults", "What is kept"]
    assert "Keys" not in [tab.label for tab in app.tabs]
    assert "save_preferences" in disabled(app)
    assert app.number_input(key="retention_days").disabled
    app = opened(app, "settings", **{keys.SETTINGS_TAB: "What is kept"})
    assert {"delete_all", "leave"} & set(disabled(app)) == {"delete_all"}
    assert [one for one in disabled(app) if one.startswith("rename_")]
    app = opened(app, "customers", customer_lists=True)
    assert "list_add_all" in disabled(app)
    assert not app.get("download_button")[0].proto.disabled


def test_viewer_of_an_empty_workspace_is_told_who_uploads(
    empty_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_role(monkeypatch, "viewer")
    app = empty_app.run()
    assert not app.exception
    assert not app.get("file_uploader")
    assert any("an analyst of the workspace does" in one.value for one in app.caption)


def test_analyst_plans_and_deletes_nothing(full_app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    as_role(monkeypatch, "analyst")
    app = opened(full_app, "settings")
    assert "save_preferences" not in disabled(app)
    assert app.number_input(key="retention_days").disabled
    app = opened(app, "settings", **{keys.SETTINGS_TAB: "What is kept"})
    assert "delete_all" in disabled(app)
    assert not [one for one in disabled(app) if one.startswith("rename_")]


def test_no_file_leaves_where_a_viewer_may_not_export(
    full_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_role(monkeypatch, "viewer", may_export=False)
    app = opened(full_app, "customers")
    downloads = app.get("download_button")
    assert downloads
    assert all(one.proto.disabled and "take files out" in one.proto.help for one in downloads)
