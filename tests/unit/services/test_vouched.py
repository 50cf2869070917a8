"""People whom another system vouches for: who they are here, and that its groups alone decide what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from churnkit.accounts import SYSTEM
from churnkit.config import group_rules
from churnkit.errors import AccessError, ConflictError, SettingsError
from churnkit.jobs import open_platform
from churnkit.services.access.sign_in import sign_in, signed_in
from churnkit.services.access.vouched import Vouched, admit
from churnkit.store import LOCAL_TENANT, Person, Store

ISSUER = "https://id.shop.example"
RULES = group_rules("staff=viewer; analysts=analyst; chiefs=administrator; berlin=viewer+export@Berlin")
ANA = Vouched(ISSUER, "user-1", "Ana@Shop.example", "Ana", frozenset({"analysts", "staff"}), True)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Store]:
    platform = open_platform(tmp_path / "data", tmp_path / "models")
    yield platform.store_for(LOCAL_TENANT, SYSTEM)
    platform.close()


def roles(root: Store, person: Person) -> dict[str, tuple[str, bool]]:
    found = root.people.memberships(person.person_id)
    return {one.workspace: (one.role, one.may_export) for one in found}


def test_the_first_sign_in_makes_the_person_and_the_workspace(root: Store) -> None:
    person = admit(root, ANA, RULES)
    assert (person.email, person.name, person.source, person.subject) == (
        "ana@shop.example",
        "Ana",
        ISSUER,
        "user-1",
    )
    assert person.password_hash is None
    assert roles(root, person) == {"Workspace": ("analyst", True)}
    assert list(root.people.workspaces()) == [LOCAL_TENANT]


def test_the_next_sign_in_finds_the_person_whatever_their_address(root: Store) -> None:
    person = admit(root, ANA, RULES)
    again = admit(root, replace(ANA, email="new@shop.example"), RULES)
    assert again.person_id == person.person_id and len(root.people.all()) == 1


def test_groups_decide_at_every_sign_in(root: Store) -> None:
    person = admit(root, ANA, RULES)
    admit(root, replace(ANA, groups=frozenset({"staff", "berlin"})), RULES)
    assert roles(root, person) == {"Workspace": ("viewer", False), "Berlin": ("viewer", True)}
    admit(root, replace(ANA, groups=frozenset({"berlin"})), RULES)
    assert roles(root, person) == {"Berlin": ("viewer", True)}


def test_a_named_workspace_is_made_once(root: Store) -> None:
    berlin = replace(ANA, groups=frozenset({"berlin"}))
    admit(root, berlin, RULES)
    admit(root, replace(berlin, subject="user-2", email="ben@shop.example"), RULES)
    assert list(root.people.workspaces().values()) == ["Berlin"]


def test_without_a_role_nobody_comes_in_and_what_was_open_ends(root: Store) -> None:
    person = admit(root, ANA, RULES)
    new = sign_in(root, person.person_id, address=None, user_agent=None)
    found = signed_in(root, new.token)
    assert found is not None and found.role == "analyst"
    with pytest.raises(AccessError, match="none of their groups has a role here \\(visitors\\)"):
        admit(root, replace(ANA, groups=frozenset({"visitors"})), RULES)
    assert roles(root, person) == {}
    assert signed_in(root, new.token) is None


def test_whoever_has_no_role_is_not_even_made(root: Store) -> None:
    with pytest.raises(AccessError, match="it names no group"):
        admit(root, replace(ANA, groups=frozenset()), RULES)
    assert root.people.is_empty()


def test_a_proven_address_takes_over_the_account_that_had_a_password(root: Store) -> None:
    at = datetime.now(UTC)
    old = root.people.add(email="ana@shop.example", name="Ana", source="local", password_hash="x", at=at)
    with pytest.raises(ConflictError, match="email_verified"):
        admit(root, replace(ANA, email_is_proven=False), RULES)
    person = admit(root, ANA, RULES)
    assert person.person_id == old.person_id
    assert (person.source, person.password_hash) == (ISSUER, None)


def test_the_address_under_another_name_is_another_person(root: Store) -> None:
    old = admit(root, ANA, RULES)
    anew = replace(ANA, subject="user-9")
    with pytest.raises(ConflictError, match="another name"):
        admit(root, anew, RULES)
    root.people.disable(old.person_id, at=datetime.now(UTC))
    person = admit(root, anew, RULES)
    assert person.person_id != old.person_id and person.email == old.email
    assert root.people.get(old.person_id).email.startswith("ana@shop.example (until ")
    assert root.people.get(old.person_id).disabled_at is not None


def test_a_disabled_person_stays_outside(root: Store) -> None:
    person = admit(root, ANA, RULES)
    root.people.disable(person.person_id, at=datetime.now(UTC))
    with pytest.raises(AccessError, match="disabled"):
        sign_in(root, admit(root, ANA, RULES).person_id, address=None, user_agent=None)


def test_an_address_that_is_none_is_refused(root: Store) -> None:
    with pytest.raises(SettingsError, match="e-mail address"):
        admit(root, replace(ANA, email="ana"), RULES)
