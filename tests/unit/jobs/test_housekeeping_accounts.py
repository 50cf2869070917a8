"""Housekeeping removes sign-ins whose time is over, and leaves the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from churnkit.accounts import SYSTEM
from churnkit.jobs import Platform


def test_ended_sign_ins_are_removed(platform: Platform) -> None:
    root = platform.store_for("local", SYSTEM)
    now = datetime.now(UTC)
    person = root.people.add(email="a@x", name="A", source="local", at=now)
    for name, age_days in (("old", 15), ("fresh", 13)):
        made = now - timedelta(days=age_days)
        root.sign_ins.add(
            sign_in_id=name, person_id=person.person_id, tenant_id=None, at=made,
            expires_at=made + timedelta(days=90), address=None, user_agent=None,
        )  # fmt: skip
    platform._keep_house()
    assert [one.sign_in_id for one in root.sign_ins.of_person(person.person_id)] == ["fresh"]
