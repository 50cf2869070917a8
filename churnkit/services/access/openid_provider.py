"""The OpenID provider as this server talks to it: found by its own description, over TLS, without redirects."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from churnkit.config import OidcSettings
from churnkit.errors import ProviderError, SettingsError

DISCOVERED_SECONDS = 600.0
TIMEOUT_SECONDS = 10.0
# Never "none", and no key that the provider shares with anybody.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_KEY_TYPES = ("RSA", "EC", "OKP")
ASK = "Try again; if it stays, ask whoever runs this server."


def require_authlib() -> None:
    """See that what the protocol takes is installed.

    Raises
    ------
    SettingsError
        It is not.
    """
    try:
        import authlib  # noqa: F401
        import joserfc  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            "CHURNKIT_AUTH = 'oidc': the packages that it takes are not installed.",
            "Install them with: pip install 'Authlib>=1.9,<2' 'joserfc>=1.8,<2'",
        ) from error


def session_of(settings: OidcSettings) -> Any:
    """What sends requests to the provider, with this server's name and secret where they belong."""
    require_authlib()
    from authlib.integrations.requests_client import OAuth2Session

    session = OAuth2Session(
        settings.client_id,
        settings.client_secret,
        scope=" ".join(settings.scopes),
        redirect_uri=settings.callback,
        code_challenge_method="S256",
        default_timeout=TIMEOUT_SECONDS,
    )
    # What was discovered is where secrets go; an answer sends them nowhere else.
    session.max_redirects = 0
    return session


def document(session: Any, address: str, what: str, **options: Any) -> dict[str, Any]:
    """A JSON object that the provider serves.

    Raises
    ------
    ProviderError
        It cannot be had.
    """
    try:
        answer = session.get(address, **options)
        if answer.status_code != 200:
            raise ValueError(f"status {answer.status_code}")
        found = answer.json()
        if not isinstance(found, dict):
            raise ValueError("no JSON object")
    except (OSError, ValueError) as error:
        raise ProviderError(f"Signing in: the provider's {what} cannot be read ({error}).", ASK) from error
    return found


class _Discovery:
    """What providers said of themselves of late."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def of(self, settings: OidcSettings, session: Any) -> dict[str, Any]:
        with self._lock:
            at, facts = self._known.get(settings.issuer, (0.0, {}))
        if not facts or time.monotonic() - at > DISCOVERED_SECONDS:
            address = f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            facts = document(session, address, "description of itself", withhold_token=True)
            _require_sound(settings, facts)
            with self._lock:
                self._known[settings.issuer] = (time.monotonic(), facts)
        return facts

    def forget(self) -> None:
        with self._lock:
            self._known.clear()


_DISCOVERY = _Discovery()


def discovered(settings: OidcSettings, session: Any) -> dict[str, Any]:
    """How the provider describes itself; remembered for ten minutes.

    Raises
    ------
    ProviderError
        It cannot be reached, or names addresses that are not to be trusted.
    """
    facts = _DISCOVERY.of(settings, session)
    methods = facts.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if settings.client_secret and "client_secret_basic" not in methods and "client_secret_post" in methods:
        session.token_endpoint_auth_method = "client_secret_post"
    return facts


def _require_sound(settings: OidcSettings, facts: Mapping[str, Any]) -> None:
    if str(facts.get("issuer", "")).rstrip("/") != settings.issuer.rstrip("/"):
        raise ProviderError(
            f"Signing in: the provider at {settings.issuer} calls itself {facts.get('issuer')!r}.",
            "CHURNKIT_OIDC_ISSUER must be what the provider calls itself.",
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_safe(facts.get(name)):
            raise ProviderError(f"Signing in: the provider's {name} must be an https address.", ASK)


def is_safe(address: object) -> bool:
    """Whether secrets may go to an address: over TLS, or within this machine."""
    try:
        parts = urlsplit(str(address))
    except ValueError:
        return False
    own = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and own))


def signed_by_provider(session: Any, facts: Mapping[str, Any], text: str) -> Any:
    """Header and claims of a token that a published key of the provider has signed; the claims are still to be checked.

    Raises
    ------
    ProviderError
        The keys cannot be had.
    JoseError, ValueError, TypeError, KeyError
        It is none.
    """
    from joserfc import jwt
    from joserfc.jwk import KeySet

    keys = document(session, facts["jwks_uri"], "keys", withhold_token=True).get("keys")
    usable = [
        key
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, dict) and key.get("kty") in _KEY_TYPES and key.get("use") != "enc"
    ]
    offered = facts.get("id_token_signing_alg_values_supported") or ["RS256"]
    return jwt.decode(
        text,
        KeySet.import_key_set({"keys": usable}),
        algorithms=[each for each in ALGORITHMS if each in offered],
    )
