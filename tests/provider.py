"""An OpenID provider on this machine, which signs people in without asking and can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "churnkit", "the secret of the client, long enough for a key"


@dataclass
class Provider:
    """What the provider says; tests change it.

    Attributes
    ----------
    person
        Claims of whoever signs in.
    lies
        Claims of the signed token that are put in place of the true ones; None takes one away.
    facts
        The same for the description of itself.
    signs_with
        ``right``, ``other`` (a key that it does not publish), ``none`` or ``secret`` (the client's).
    told_in
        Whether e-mail and groups stand in the ``token`` or are told when ``userinfo`` is asked.
    """

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    signs_with: str = "right"
    told_in: str = "token"
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """An honest provider, and one analyst."""
        self.person = {
            "sub": "user-1",
            "email": "Ana@Shop.example",
            "email_verified": True,
            "name": "Ana Analyst",
            "groups": ["analysts", "staff"],
        }
        self.lies, self.facts, self.signs_with, self.told_in = {}, {}, "right", "token"
        self.asked.clear()

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/out",
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.facts,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if asked is None or (name, secret) != (CLIENT, SECRET):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.get("code_challenge"):
            return 400, {"error": "invalid_grant", "error_description": "the verifier is wrong"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        told = self.person if self.told_in == "token" else {"sub": self.person["sub"]}
        claims = {name: value for name, value in {**claims, **told, **self.lies}.items() if value is not None}
        return 200, {"access_token": "a-token", "token_type": "Bearer", "id_token": self._signed(claims)}

    def logout_token(self, **changes: Any) -> str:
        """What the provider sends when the person signs out there."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": "1",
            "sub": self.person["sub"],
        }
        claims |= {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}} | changes
        return self._signed({name: value for name, value in claims.items() if value is not None})

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.signs_with == "none":
            parts = ({"alg": "none", "kid": "one"}, claims)
            head, body = (base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts)
            return f"{head.decode()}.{body.decode()}."
        if self.signs_with == "secret":
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(SECRET))
        key = self.key if self.signs_with == "right" else RSAKey.generate_key(2048)
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that runs for the time of a test."""
    said = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("location", said.authorize(asked))
                self.end_headers()
            elif parts.path == "/.well-known/openid-configuration":
                self._json(200, said.description())
            elif parts.path == "/keys":
                self._json(200, dict(KeySet([said.key]).as_dict(private=False)))
            elif parts.path == "/userinfo" and self.headers.get("authorization") == "Bearer a-token":
                self._json(200, said.person)
            else:
                self._json(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._json(*said.token(form, self.headers.get("authorization", "")))

        def _json(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield said
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
