"""How mail leaves: from the environment alone, complete or refused, and the password is never printed."""

from __future__ import annotations

import pytest

from churnkit.config import MailSettings
from churnkit.errors import SettingsError

GOOD = {
    "CHURNKIT_SMTP_HOST": "mail.example",
    "CHURNKIT_MAIL_FROM": "churnkit <churn@shop.example>",
    "CHURNKIT_URL": "https://churn.shop.example/",
}


def read(monkeypatch: pytest.MonkeyPatch, **changes: str) -> MailSettings | None:
    for name, value in (GOOD | changes).items():
        monkeypatch.setenv(name, value)
    return MailSettings.from_environment()


def test_there_is_no_mail_without_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, CHURNKIT_SMTP_HOST="") is None


def test_tls_is_usual_and_its_port_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch)
    assert found is not None and (found.security, found.port) == ("starttls", 587)
    assert (str(found.sender_address), found.domain) == (
        "churnkit <churn@shop.example>",
        "churn.shop.example",
    )
    assert found.at("/account/stop/x") == "https://churn.shop.example/account/stop/x"
    found = read(monkeypatch, CHURNKIT_SMTP_SECURITY="tls")
    assert found is not None and found.port == 465


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHURNKIT_SMTP_HOST", "mail example"),
        ("CHURNKIT_MAIL_FROM", ""),
        ("CHURNKIT_MAIL_FROM", "churn"),
        ("CHURNKIT_MAIL_FROM", "a\nb <c@shop.example>"),
        ("CHURNKIT_URL", ""),
        ("CHURNKIT_URL", "http://churn.shop.example"),
        ("CHURNKIT_SMTP_PORT", "0"),
        ("CHURNKIT_SMTP_SECURITY", "ssl"),
    ],
)
def test_what_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(monkeypatch, **{name: value})


def test_a_password_never_travels_in_the_clear_nor_into_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"CHURNKIT_SMTP_USER": "u", "CHURNKIT_SMTP_PASSWORD": "s3cret"}
    found = read(monkeypatch, **words)
    assert found is not None and found.password == "s3cret" and "s3cret" not in repr(found)
    with pytest.raises(SettingsError) as clear:
        read(monkeypatch, **words, CHURNKIT_SMTP_SECURITY="none")
    with pytest.raises(SettingsError) as alone:
        read(monkeypatch, **(words | {"CHURNKIT_SMTP_USER": ""}))
    assert "s3cret" not in f"{clear.value} {alone.value}"
