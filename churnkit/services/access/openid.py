"""OpenID Connect: a code for what the provider says of a person, with PKCE, state and nonce (Authlib, extra ``oidc``).

OpenID Connect Core 1.0, Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer of the answer).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from churnkit.config import OidcSettings
from churnkit.errors import ProviderError
from churnkit.services.access.openid_provider import (
    ASK,
    discovered,
    document,
    is_safe,
    session_of,
    signed_by_provider,
)
from churnkit.services.access.vouched import Vouched

LEEWAY_SECONDS = 60


@dataclass(frozen=True)
class Attempt:
    """What a browser that was sent to the provider must bring back.

    Attributes
    ----------
    state, nonce, verifier
        256 random bits each: the answer belongs to this browser, the token to this answer, the code to this server.
    wanted
        The path to go to afterwards.
    """

    state: str
    nonce: str
    verifier: str
    wanted: str

    @classmethod
    def begin(cls, wanted: str) -> Attempt:
        """A new one."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, wanted)


def way_in(settings: OidcSettings, attempt: Attempt) -> str:
    """The address at the provider where a browser is sent to.

    Raises
    ------
    ProviderError
        The provider cannot be reached or says something else than it must.
    """
    with session_of(settings) as session:
        facts = discovered(settings, session)
        address, _ = session.create_authorization_url(
            facts["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
    return str(address)


def way_out(settings: OidcSettings) -> str | None:
    """Where a browser ends its sign-in at the provider too; None where the provider has no such page or is silent."""
    try:
        with session_of(settings) as session:
            found = discovered(settings, session).get("end_session_endpoint")
    except ProviderError:
        return None
    if not isinstance(found, str) or not is_safe(found):
        return None
    return f"{found}{'&' if '?' in found else '?'}{urlencode({'client_id': settings.client_id})}"


def who(settings: OidcSettings, attempt: Attempt, answer: Mapping[str, str]) -> Vouched:
    """Whom the provider vouches for.

    Parameters
    ----------
    answer
        What stands in the address to which the provider sent the browser back.

    Raises
    ------
    ProviderError
        The provider refused, cannot be reached, or what it says is not proven.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise ProviderError(
            "Signing in: the answer belongs to another attempt.", "Begin again from the sign-in page."
        )
    with session_of(settings) as session:
        facts = discovered(settings, session)
        _require_issuer(facts, answer)
        if answer.get("error") or not answer.get("code"):
            said = answer.get("error_description") or answer.get("error") or "no code"
            raise ProviderError(f"Signing in: the provider let nobody in ({said[:200]}).", ASK)
        token = _token(session, facts, answer["code"], attempt)
        claims = _proven(settings, session, facts, token, attempt)
        return _vouched(settings, _with_userinfo(settings, session, facts, claims))


def _require_issuer(facts: Mapping[str, Any], answer: Mapping[str, str]) -> None:
    """An answer of another provider must not be taken for this one's (RFC 9207)."""
    said = answer.get("iss")
    if said is None and not facts.get("authorization_response_iss_parameter_supported"):
        return
    if said != facts["issuer"]:
        raise ProviderError("Signing in: the answer comes from another provider.", ASK)


def _token(session: Any, facts: Mapping[str, Any], code: str, attempt: Attempt) -> Mapping[str, Any]:
    from authlib.common.errors import AuthlibBaseError

    try:
        token: Mapping[str, Any] = session.fetch_token(
            facts["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=attempt.verifier,
        )
    except (AuthlibBaseError, OSError, ValueError) as error:
        raise ProviderError(
            f"Signing in: the provider does not take its code back ({str(error)[:200]}).", ASK
        ) from error
    return token


def _proven(
    settings: OidcSettings, session: Any, facts: Mapping[str, Any], token: Mapping[str, Any], attempt: Attempt
) -> dict[str, Any]:
    """What the signed token says."""
    from authlib.oidc.core import CodeIDToken

    with _proofs():
        read = signed_by_provider(session, facts, str(token.get("id_token", "")))
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": facts["issuer"]},
                "aud": {"essential": True, "value": settings.client_id},
                "sub": {"essential": True},
            },
            params={
                "nonce": attempt.nonce,
                "client_id": settings.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY_SECONDS)
    return dict(claims)


@contextmanager
def _proofs() -> Iterator[None]:
    from joserfc.errors import JoseError

    try:
        yield
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError(
            f"Signing in: what the provider says of you is not proven ({str(error)[:200]}).", ASK
        ) from error


def _with_userinfo(
    settings: OidcSettings, session: Any, facts: Mapping[str, Any], claims: dict[str, Any]
) -> dict[str, Any]:
    """The claims, with those that the provider tells only when it is asked."""
    address = facts.get("userinfo_endpoint")
    told = claims.get("email") and _at(claims, settings.groups_claim) is not None
    if told or not is_safe(address):
        return claims
    more = document(session, str(address), "words about you")
    if more.get("sub") != claims["sub"]:
        raise ProviderError("Signing in: the provider speaks of two people.", ASK)
    return {**more, **claims}


def _vouched(settings: OidcSettings, claims: Mapping[str, Any]) -> Vouched:
    email = claims.get("email") or claims.get("preferred_username") or ""
    if not isinstance(email, str) or "@" not in email:
        raise ProviderError(
            "Signing in: the provider tells no e-mail address of you.",
            "Its settings for this server must allow the scope 'email'.",
        )
    groups = _at(claims, settings.groups_claim)
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return Vouched(
        source=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=email,
        name=str(claims.get("name") or ""),
        groups=frozenset(each for each in listed if isinstance(each, str)),
        email_is_proven=bool(claims.get("email")) and claims.get("email_verified") is True,
    )


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """What stands under a name, or under a way of names into objects; a name with dots of its own comes first."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
