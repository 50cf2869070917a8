"""What a browser carries while it is at the provider: signed, for ten minutes, for the way back alone."""

from __future__ import annotations

import base64
import hmac
import json
import time

from starlette.types import Scope

from churnkit.config import data_dir
from churnkit.server.cookies import cookie_headers, cookie_values, is_secure
from churnkit.server.tokens import server_key
from churnkit.services.access.openid import Attempt

COOKIE = "churnkit_attempt"
PATH = "/account/oidc"
VALID_SECONDS = 600
MOST_CHARACTERS = 3_000


def attempt_cookie(attempt: Attempt, scope: Scope) -> str:
    """The value of ``Set-Cookie``; Lax, since the way back begins at another site."""
    said = json.dumps([attempt.state, attempt.nonce, attempt.verifier, attempt.wanted, int(time.time())])
    payload = base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")
    flags = "; Secure" if is_secure(scope) else ""
    value = f"{payload}.{_mac(payload)}"
    return f"{COOKIE}={value}; Path={PATH}; Max-Age={VALID_SECONDS}; HttpOnly; SameSite=Lax{flags}"


def no_attempt_cookie() -> str:
    """The value of ``Set-Cookie`` that takes the cookie away."""
    return f"{COOKIE}=; Path={PATH}; Max-Age=0; HttpOnly; SameSite=Lax"


def attempt_of(scope: Scope) -> Attempt | None:
    """What the browser brings back; None if it holds nothing of ours, or for too long.

    Raises
    ------
    StoreError
        The server's key cannot be read.
    """
    for value in cookie_values(cookie_headers(scope), COOKIE):
        payload, _, mac = value.partition(".")
        if len(value) > MOST_CHARACTERS or not hmac.compare_digest(_mac(payload).encode(), mac.encode()):
            continue
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        state, nonce, verifier, wanted, at = said
        if 0 <= time.time() - at <= VALID_SECONDS:
            return Attempt(state, nonce, verifier, wanted)
    return None


def _mac(payload: str) -> str:
    key = server_key(data_dir().resolve())
    return hmac.digest(key, f"attempt {payload}".encode(), "sha256").hex()
