"""Signatures as https://www.standardwebhooks.com has them."""

from __future__ import annotations

import base64

import pytest

from churnkit.config import SECRET_KEY, secret_key
from churnkit.errors import SettingsError
from churnkit.outgoing.signature import key_mark, signature, webhook_secret

KEY = "k" * 32


def test_the_published_example() -> None:
    """https://docs.svix.com/receiving/verifying-payloads/how-manual, which the standard was made from."""
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_webhook_and_generation_has_a_secret_of_its_own() -> None:
    secrets = {webhook_secret(key, one, n) for key in (KEY, "l" * 32) for one in ("a", "b") for n in (1, 2)}
    assert len(secrets) == 8
    assert webhook_secret(KEY, "a", 1) == webhook_secret(KEY, "a", 1)
    assert all(len(base64.b64decode(secret.removeprefix("whsec_"))) == 32 for secret in secrets)


def test_the_mark_tells_keys_apart_and_does_not_show_them() -> None:
    assert key_mark(KEY) != key_mark("l" * 32)
    assert KEY not in key_mark(KEY)


def test_a_short_key_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_KEY, "too-short")
    with pytest.raises(SettingsError, match="32 characters or more, found 9") as raised:
        secret_key()
    assert "too-short" not in str(raised.value)
    monkeypatch.setenv(SECRET_KEY, " ")
    assert secret_key() is None
