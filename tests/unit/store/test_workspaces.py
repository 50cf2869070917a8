"""A workspace is in use when it holds anything, and can be left once and for all; no tenant sees another's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from churnkit.services.access.keys import make_key
from churnkit.services.access.shares import make_share
from churnkit.store import Store

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_workspace_that_holds_anything_is_in_use(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.duckdb", tenant_id="one") as one:
        other = one.for_tenant("other")
        assert not one.workspace.is_in_use()
        one.preferences.set("margin", 1)
        other.uploads.add(filename="a.csv", file_path=tmp_path / "a", file_size_bytes=1, uploaded_at=NOW)
        assert one.workspace.is_in_use()
        assert other.workspace.is_in_use()
        assert not one.for_tenant("third").workspace.is_in_use()


def test_leaving_is_for_good_and_for_one_tenant(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with Store.open(path, tenant_id="one") as one:
        one.workspace.leave(at=NOW)
        one.workspace.leave(at=NOW)
        assert one.workspace.is_left()
        assert not one.for_tenant("other").workspace.is_left()
    with Store.open(path, tenant_id="one") as one:
        assert one.workspace.is_left()


def test_leaving_ends_keys_and_links(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.duckdb", tenant_id="one") as one:
        other = one.for_tenant("other")
        for each in (one, other):
            upload = each.uploads.add(
                filename="a.csv", file_path=tmp_path / "a", file_size_bytes=1, uploaded_at=NOW
            )
            session = each.sessions.create(upload_id=upload.upload_id, column_mapping={}, created_at=NOW)
            make_key(each, "script", "read")
            make_share(each, session.session_id)
        one.workspace.leave(at=NOW)
        assert [one.keys.all()[0].revoked_at, one.shares.all()[0].revoked_at] == [NOW, NOW]
        assert [other.keys.all()[0].revoked_at, other.shares.all()[0].revoked_at] == [None, None]


def test_answers_are_forgotten_for_one_tenant_only(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.duckdb", tenant_id="one") as one:
        other = one.for_tenant("other")
        for each in (one, other):
            each.answers.save("header", [{"customer_id": "Kunde"}], used_at=NOW)
        one.answers.delete_all()
        assert one.answers.of("header") == []
        assert other.answers.of("header") == [{"customer_id": "Kunde"}]
