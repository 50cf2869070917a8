"""Sign-ins as services: old hashes are made anew, ends are known at once, time ends them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from churnkit.accounts import SYSTEM
from churnkit.errors import AccessError
from churnkit.services.access import sign_in as module
from churnkit.services.access.people import set_up
from churnkit.services.access.sign_in import by_password, forget_ended, sign_in, signed_in
from churnkit.store import Person, Store

PASSWORD = "three blind mice run"

pytestmark = pytest.mark.usefixtures("slow_passwords")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb", actor=SYSTEM) as opened:
        yield opened


@pytest.fixture
def ann(root: Store) -> Person:
    return set_up(root, workspace="Tea", email="ann@shop.example", name="Ann", password=PASSWORD)


def enter(root: Store, person: Person) -> str:
    return sign_in(root, person.person_id, address=None, user_agent="x" * 500).token


def test_a_hash_of_earlier_parameters_is_made_anew(root: Store, ann: Person) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    root.people.set_password_hash(ann.person_id, weak)
    assert by_password(root, "ann@shop.example", "wrong") is None
    assert root.people.get(ann.person_id).password_hash == weak
    assert by_password(root, " ANN@shop.example", PASSWORD) is not None
    assert by_password(root, "ann@shop.example", PASSWORD) is not None
    assert (root.people.get(ann.person_id).password_hash or "").startswith("$argon2id$v=19$m=19456,t=3")


def test_a_disabled_person_does_not_come_in(root: Store, ann: Person) -> None:
    root.people.disable(ann.person_id, at=datetime.now(UTC))
    assert by_password(root, ann.email, PASSWORD) is None
    with pytest.raises(AccessError, match="disabled"):
        enter(root, ann)


def test_a_token_opens_what_it_was_made_for(root: Store, ann: Person) -> None:
    token = enter(root, ann)
    found = signed_in(root, token)
    assert found is not None
    assert (found.email, found.workspace, found.role, len(found.user_agent or "")) == (
        ann.email, "Tea", "administrator", 200,
    )  # fmt: skip
    for other in (None, "", token[:-1], token + "x", "a" * 43, "' OR 1=1 --", "\ud800" * 43):
        assert signed_in(root, other) is None


def test_an_end_is_known_at_once_and_a_use_is_noted_once_a_minute(
    root: Store, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = enter(root, ann)
    asked = []
    true_find = root.sign_ins.find

    def find(sign_in_id: str):
        asked.append(sign_in_id)
        return true_find(sign_in_id)

    monkeypatch.setattr(root.sign_ins, "find", find)
    for _ in range(5):
        assert signed_in(root, token) is not None
    assert len(asked) == 1
    root.sign_ins.end_all(ann.person_id)
    assert signed_in(root, token) is None


def test_a_use_is_noted(root: Store, ann: Person) -> None:
    token = enter(root, ann)
    (made,) = root.sign_ins.of_person(ann.person_id)
    root.sign_ins.note_seen(made.sign_in_id, at=made.created_at - timedelta(minutes=2))
    assert signed_in(root, token) is not None
    (seen,) = root.sign_ins.of_person(ann.person_id)
    assert seen.seen_at >= made.seen_at


def test_a_sign_in_that_was_not_used_ends_and_is_removed(root: Store, ann: Person) -> None:
    token = enter(root, ann)
    (made,) = root.sign_ins.of_person(ann.person_id)
    root.sign_ins.note_seen(made.sign_in_id, at=datetime.now(UTC) - timedelta(days=14))
    root.people.make_workspace("Other", at=datetime.now(UTC))
    assert signed_in(root, token) is None
    assert module.sign_ins_of(root, ann.person_id) == []
    forget_ended(root)
    assert root.sign_ins.of_person(ann.person_id) == []


def test_the_workspace_that_was_open_last_opens_again(root: Store, ann: Person) -> None:
    now = datetime.now(UTC)
    other = root.people.make_workspace("Coffee", at=now)
    root.people.join(ann.person_id, other, "viewer", True, at=now)
    first = sign_in(root, ann.person_id, address=None, user_agent=None).signed_in
    assert first.workspace == "Coffee", "the first by name"
    module.open_workspace(root, first, "local")
    root.sign_ins.note_seen(first.sign_in_id, at=now + timedelta(minutes=1))
    assert sign_in(root, ann.person_id, address=None, user_agent=None).signed_in.workspace == "Tea"
    root.people.join(ann.person_id, "local", "viewer", True, at=now)
    root.for_tenant("local").members.remove(ann.person_id)
    assert sign_in(root, ann.person_id, address=None, user_agent=None).signed_in.workspace == "Coffee"
    with pytest.raises(AccessError, match="do not belong"):
        module.open_workspace(root, first, "local")
