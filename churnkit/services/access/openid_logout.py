"""OpenID Connect Back-Channel Logout 1.0: the provider says that somebody has signed out there, or was thrown out."""

from __future__ import annotations

import time

from churnkit.config import OidcSettings
from churnkit.errors import ProviderError
from churnkit.services.access.openid import LEEWAY_SECONDS
from churnkit.services.access.openid_provider import discovered, session_of, signed_by_provider
from churnkit.services.access.sign_in import end_all
from churnkit.store import Store

EVENT = "http://schemas.openid.net/event/backchannel-logout"
MOST_SECONDS = 600
_REMEDY = "It is the provider that sends such messages."


def end_by_provider(root: Store, settings: OidcSettings, text: str) -> None:
    """End all sign-ins of whom a logout token names; which of their sessions there has ended is not told apart.

    Raises
    ------
    ProviderError
        The token is not the provider's, not for this server, older than ten minutes, or no logout token.
    """
    issuer, subject = _named(settings, text)
    person = root.people.by_subject(issuer, subject)
    if person is not None:
        end_all(root, person.person_id)


def _named(settings: OidcSettings, text: str) -> tuple[str, str]:
    with session_of(settings) as session:
        # Imported late: they are there where the extra is installed, which the line before has seen to.
        from joserfc.errors import JoseError
        from joserfc.jwt import JWTClaimsRegistry

        facts = discovered(settings, session)
        try:
            claims = signed_by_provider(session, facts, text).claims
            JWTClaimsRegistry(
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": facts["issuer"]},
                aud={"essential": True, "value": settings.client_id},
                iat={"essential": True},
                sub={"essential": True},
                events={"essential": True},
            ).validate(claims)
            # A token that signs somebody in has a nonce, and must end nothing.
            if "nonce" in claims or EVENT not in claims["events"]:
                raise ValueError("no logout token")
            if time.time() - float(claims["iat"]) > MOST_SECONDS:
                raise ValueError("too old")
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderError(
                f"Signing out: the message is not proven to be the provider's ({str(error)[:200]}).", _REMEDY
            ) from error
    return str(claims["iss"]), str(claims["sub"])
