"""Settings of those who vouch for people: whom the server trusts is never left to chance."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import pytest

from churnkit.config import AuthMode, AuthSettings, OidcSettings, ProxySettings, group_rules, roles_of
from churnkit.errors import SettingsError

OIDC = {
    "CHURNKIT_OIDC_ISSUER": "https://id.shop.example/realms/shop",
    "CHURNKIT_OIDC_CLIENT_ID": "churnkit",
    "CHURNKIT_URL": "https://churn.shop.example",
    "CHURNKIT_GROUPS": "staff=viewer",
}
PROXY = {"CHURNKIT_PROXY_ADDRESSES": "10.0.0.2, 10.1.0.0/24", "CHURNKIT_GROUPS": "staff=viewer"}


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name, value in {**OIDC, **PROXY}.items():
        monkeypatch.setenv(name, value)
    yield monkeypatch


def test_rules_read_groups_with_signs_of_their_own() -> None:
    rules = group_rules("a b=viewer ; cn=x,ou=y=administrator@My shop;*=viewer+export")
    assert [(rule.group, rule.role, rule.may_export, rule.workspace) for rule in rules] == [
        ("a b", "viewer", False, None),
        ("cn=x,ou=y", "administrator", True, "My shop"),
        ("*", "viewer", True, None),
    ]


@pytest.mark.parametrize(
    "text", ["", " ; ", "staff", "staff=boss", "=viewer", "staff=viewer@", "staff=viewer@a=b"]
)
def test_what_is_no_rule_stops_the_start(text: str) -> None:
    with pytest.raises(SettingsError, match="CHURNKIT_GROUPS"):
        group_rules(text)


def test_the_role_with_the_most_rights_counts_in_each_workspace() -> None:
    rules = group_rules("*=viewer; a=analyst; b=viewer+export; c=administrator@Berlin; a=viewer@Berlin")
    assert {name: rule.role for name, rule in roles_of({"a", "b", "c"}, rules).items()} == {
        None: "analyst",
        "Berlin": "administrator",
    }
    assert roles_of({"b"}, rules)[None].may_export
    assert not roles_of({"unknown"}, rules)[None].may_export
    assert roles_of({"unknown"}, group_rules("a=viewer")) == {}


def test_a_provider_is_read_from_the_environment(set_to: pytest.MonkeyPatch) -> None:
    set_to.setenv("CHURNKIT_OIDC_SCOPES", "openid email groups")
    set_to.setenv("CHURNKIT_URL", "https://churn.shop.example/")
    settings = OidcSettings.from_environment()
    assert settings.callback == "https://churn.shop.example/account/oidc/callback"
    assert settings.scopes == ("openid", "email", "groups")
    assert settings.client_secret is None and settings.groups_claim == "groups"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHURNKIT_OIDC_ISSUER", ""),
        ("CHURNKIT_OIDC_ISSUER", "http://id.shop.example"),
        ("CHURNKIT_OIDC_ISSUER", "https://user@id.shop.example"),
        ("CHURNKIT_OIDC_ISSUER", "https://id.shop.example:x"),
        ("CHURNKIT_OIDC_CLIENT_ID", ""),
        ("CHURNKIT_URL", "churn.shop.example"),
        ("CHURNKIT_URL", "https://churn.shop.example/app"),
        ("CHURNKIT_OIDC_SCOPES", "email"),
        ("CHURNKIT_GROUPS", ""),
    ],
)
def test_a_provider_that_cannot_be_trusted_stops_the_start(
    set_to: pytest.MonkeyPatch, name: str, value: str
) -> None:
    set_to.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        OidcSettings.from_environment()


def test_a_provider_is_asked_again_every_day_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for mode, days in (("oidc", (1, 1)), ("proxy", (14, 90)), ("local", (14, 90))):
        monkeypatch.setenv("CHURNKIT_AUTH", mode)
        settings = AuthSettings.from_environment()
        assert (settings.idle_days, settings.longest_days) == days
        assert settings.is_federated is (mode != "local")
    monkeypatch.setenv("CHURNKIT_AUTH", "oidc")
    monkeypatch.setenv("CHURNKIT_SIGN_IN_DAYS", "30")
    assert AuthSettings.from_environment() == AuthSettings("oidc", 14, 30)


@pytest.mark.parametrize(
    ("mode", "let_in"), [("local", {"local"}), ("proxy", {"proxy"}), ("oidc", {"https://id.example"})]
)
def test_a_sign_in_of_another_way_is_not_let_in(mode: AuthMode, let_in: set[str]) -> None:
    sources = ("local", "proxy", "https://id.example")
    assert {one for one in sources if AuthSettings(mode).lets_in(one)} == let_in


def test_the_proxy_is_known_by_its_addresses(set_to: pytest.MonkeyPatch) -> None:
    settings = ProxySettings.from_environment()
    named = ["10.0.0.2", "10.1.0.0", "10.1.0.255", "::ffff:10.0.0.2"]
    others = ["10.0.0.3", "10.1.1.0", "::1", "", "localhost", None]
    assert [settings.is_named(each) for each in [*named, *others]] == [True] * 4 + [False] * 6
    assert settings.user == "Remote-User"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHURNKIT_PROXY_ADDRESSES", ""),
        ("CHURNKIT_PROXY_ADDRESSES", "proxy"),
        ("CHURNKIT_PROXY_ADDRESSES", "0.0.0.0/0"),
        ("CHURNKIT_PROXY_ADDRESSES", "::/0"),
        ("CHURNKIT_PROXY_USER_HEADER", "Remote User"),
        ("CHURNKIT_GROUPS", ""),
    ],
)
def test_a_proxy_that_cannot_be_trusted_stops_the_start(
    set_to: pytest.MonkeyPatch, name: str, value: str
) -> None:
    set_to.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        ProxySettings.from_environment()


def test_an_address_of_version_six_names_a_proxy_too(set_to: pytest.MonkeyPatch) -> None:
    set_to.setenv("CHURNKIT_PROXY_ADDRESSES", "fd00::2")
    settings = ProxySettings.from_environment()
    assert settings.addresses == (ipaddress.ip_network("fd00::2"),)
    assert settings.is_named("fd00:0::2") and not settings.is_named("fd00::3")
