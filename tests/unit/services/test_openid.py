"""What an OpenID provider says counts only if it is proven: against one on this machine that can lie."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("authlib")

from churnkit.config import OidcSettings, group_rules
from churnkit.errors import ProviderError
from churnkit.services.access import openid_provider
from churnkit.services.access.openid import Attempt, way_in, way_out, who
from churnkit.services.access.vouched import Vouched
from tests.provider import CLIENT, SECRET, Provider, provider


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
def told(running: Provider) -> Provider:
    running.reset()
    openid_provider._DISCOVERY.forget()
    return running


@pytest.fixture
def settings(told: Provider) -> OidcSettings:
    return OidcSettings(
        told.url, CLIENT, "https://churn.shop.example", group_rules("*=viewer"), client_secret=SECRET
    )


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def comes_back(settings: OidcSettings, attempt: Attempt) -> dict[str, str]:
    """What a browser brings back that goes where it is sent."""
    try:
        urllib.request.build_opener(_Stays).open(way_in(settings, attempt), timeout=10)
    except urllib.error.HTTPError as answer:
        with answer:
            back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == settings.callback
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def vouched(settings: OidcSettings, **changed: str) -> Vouched:
    attempt = Attempt.begin("/customers")
    return who(settings, attempt, {**comes_back(settings, attempt), **changed})


def test_somebody_is_vouched_for(settings: OidcSettings, told: Provider) -> None:
    assert vouched(settings) == Vouched(
        told.url, "user-1", "Ana@Shop.example", "Ana Analyst", frozenset({"analysts", "staff"}), True
    )
    (asked,) = told.asked
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid email profile"
    assert min(len(asked["state"]), len(asked["nonce"]), len(asked["code_challenge"])) >= 43


def test_what_the_token_lacks_is_asked_for(settings: OidcSettings, told: Provider) -> None:
    told.told_in = "userinfo"
    assert vouched(settings).groups == {"analysts", "staff"}


def test_groups_may_lie_deeper_and_be_one(settings: OidcSettings, told: Provider) -> None:
    told.person |= {"groups": None, "realm_access": {"roles": ["boss", 7]}, "role": "one"}
    assert vouched(replace(settings, groups_claim="realm_access.roles")).groups == {"boss"}
    assert vouched(replace(settings, groups_claim="role")).groups == {"one"}
    assert vouched(replace(settings, groups_claim="realm_access.nothing.more")).groups == frozenset()


@pytest.mark.parametrize("said", [None, False, "true"])
def test_an_address_is_proven_only_where_the_provider_says_so(
    settings: OidcSettings, told: Provider, said: object
) -> None:
    told.person["email_verified"] = said
    assert not vouched(settings).email_is_proven


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["churnkit", "another"]},
        {"iss": "https://id.evil.example"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=str,
)
def test_a_token_with_a_lie_is_refused(
    settings: OidcSettings, told: Provider, lie: dict[str, object]
) -> None:
    told.lies = lie
    with pytest.raises(ProviderError, match="not proven"):
        vouched(settings)


@pytest.mark.parametrize("key", ["other", "none", "secret"])
def test_a_token_that_the_provider_did_not_sign_is_refused(
    settings: OidcSettings, told: Provider, key: str
) -> None:
    told.signs_with = key
    told.facts = {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]}
    with pytest.raises(ProviderError, match="not proven"):
        vouched(settings)


def test_the_answer_of_another_attempt_is_refused(settings: OidcSettings) -> None:
    with pytest.raises(ProviderError, match="another attempt"):
        vouched(settings, state="x")


def test_a_code_without_its_verifier_is_worth_nothing(settings: OidcSettings) -> None:
    attempt = Attempt.begin("/")
    answer = comes_back(settings, attempt)
    with pytest.raises(ProviderError, match="does not take its code back"):
        who(settings, replace(attempt, verifier="x" * 43), answer)


def test_the_answer_of_another_provider_is_refused(settings: OidcSettings, told: Provider) -> None:
    with pytest.raises(ProviderError, match="another provider"):
        vouched(settings, iss="https://id.evil.example")
    told.facts = {"authorization_response_iss_parameter_supported": True}
    openid_provider._DISCOVERY.forget()
    with pytest.raises(ProviderError, match="another provider"):
        vouched(settings)
    assert vouched(settings, iss=told.url).subject == "user-1"


def test_userinfo_of_somebody_else_is_refused(settings: OidcSettings, told: Provider) -> None:
    told.told_in, told.lies = "userinfo", {"sub": "user-2"}
    with pytest.raises(ProviderError, match="two people"):
        vouched(settings)


def test_what_the_provider_refuses_is_said(settings: OidcSettings) -> None:
    with pytest.raises(ProviderError, match="access_denied"):
        vouched(settings, error="access_denied", code="")


def test_without_an_address_nobody_is_known(settings: OidcSettings, told: Provider) -> None:
    told.person["email"] = None
    with pytest.raises(ProviderError, match="no e-mail address"):
        vouched(settings)


@pytest.mark.parametrize(
    "facts",
    [
        {"issuer": "https://id.evil.example"},
        {"token_endpoint": "http://id.evil.example/token"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_provider_that_describes_itself_wrongly_is_refused(
    settings: OidcSettings, told: Provider, facts: dict[str, object]
) -> None:
    told.facts = facts
    with pytest.raises(ProviderError):
        way_in(settings, Attempt.begin("/"))


def test_a_provider_that_is_away_is_said(settings: OidcSettings) -> None:
    away = replace(settings, issuer="http://127.0.0.1:9")
    with pytest.raises(ProviderError, match="cannot be read"):
        way_in(away, Attempt.begin("/"))
    assert way_out(away) is None


def test_the_way_out_is_the_providers_own(settings: OidcSettings, told: Provider) -> None:
    assert way_out(settings) == f"{told.url}/out?client_id=churnkit"


def test_the_secret_is_not_shown(settings: OidcSettings) -> None:
    assert SECRET not in repr(settings)
