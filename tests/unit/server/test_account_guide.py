"""The guide on letting people in: it names every setting and no other, and what it shows works."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from churnkit.config import AuthSettings, OidcSettings, ProxySettings, accounts, federation, group_rules
from churnkit.config.accounts import MODES

REPOSITORY = Path(__file__).resolve().parents[3]
GUIDE = (REPOSITORY / "churnkit/server/account/README.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"CHURNKIT_[A-Z_]*[A-Z]")


def defaults() -> dict[str, str]:
    """By variable what the guide's tables say of its default."""
    return dict(re.findall(r"^\| `(CHURNKIT_[A-Z_]+)` \|.*\| `?([^|`]+?)`? \|$", GUIDE, re.MULTILINE))


def test_every_setting_is_named_and_no_other() -> None:
    code = inspect.getsource(federation) + inspect.getsource(accounts)
    known = set(VARIABLE.findall(code)) - {"CHURNKIT_PROXY"} | {
        f"CHURNKIT_PROXY_{each}_HEADER" for each in ("USER", "EMAIL", "NAME", "GROUPS")
    }
    assert set(VARIABLE.findall(GUIDE)) - {"CHURNKIT_DEMO", "CHURNKIT_SITE"} == known


def test_the_defaults_are_those_of_the_code() -> None:
    told = defaults()
    for what in ("user", "email", "name", "groups"):
        assert told[f"CHURNKIT_PROXY_{what.upper()}_HEADER"] == getattr(ProxySettings, what)
    assert told["CHURNKIT_OIDC_SCOPES"].split() == list(OidcSettings.scopes)
    assert told["CHURNKIT_OIDC_GROUPS_CLAIM"] == OidcSettings.groups_claim
    assert told["CHURNKIT_OIDC_NAME"] == OidcSettings.name
    assert f"({AuthSettings.idle_days} and {AuthSettings.longest_days};" in GUIDE
    assert re.findall(r"^\| `([a-z]+)` \|", GUIDE, re.MULTILINE) == list(MODES)


def test_the_groups_that_it_shows_are_read() -> None:
    (shown,) = re.findall(r"^CHURNKIT_GROUPS=(.+)$", GUIDE, re.MULTILINE)
    assert [(rule.group, rule.role, rule.workspace) for rule in group_rules(shown)] == [
        ("chiefs", "administrator", None),
        ("analysts", "analyst", None),
        ("staff", "viewer", None),
        ("berlin", "viewer", "Shop Berlin"),
    ]


def test_the_redirect_address_is_the_one_that_is_sent() -> None:
    settings = OidcSettings("https://id.example", "a", "https://churn.shop.example", group_rules("*=viewer"))
    assert f"`{settings.callback}`" in GUIDE


def test_caddy_understands_what_it_shows(tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("Caddy is not installed")
    (shown,) = re.findall(r"```\n(churn\.shop\.example \{.+?)```", GUIDE, re.DOTALL)
    written = tmp_path / "Caddyfile"
    written.write_text(shown, encoding="utf-8")
    done = subprocess.run(
        [caddy, "validate", "--adapter", "caddyfile", "--config", str(written)],
        env={"HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
