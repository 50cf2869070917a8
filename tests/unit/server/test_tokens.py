"""Tokens are made by the server alone and end after a year; its key lies in the data folder."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from churnkit.errors import StoreError
from churnkit.server.tokens import (
    KEY_BYTES,
    VALID_SECONDS,
    Token,
    is_workspace_id,
    issue,
    new_workspace_id,
    read,
    server_key,
    tenant_of,
)

KEY = b"k" * KEY_BYTES
NOW = 1_800_000_000.0


def test_a_token_says_what_it_was_made_with() -> None:
    workspace_id = new_workspace_id()
    assert is_workspace_id(workspace_id)
    assert read(issue(workspace_id, KEY, NOW), KEY, NOW) == Token(workspace_id, int(NOW))


def test_no_character_of_a_token_can_be_changed() -> None:
    token = issue(new_workspace_id(), KEY, NOW)
    for place, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        assert read(token[:place] + other + token[place + 1 :], KEY, NOW) is None


@pytest.mark.parametrize(
    "made_up", ["", "v1", "v1...", "a" * 32, "v1." + "a" * 32 + ".1." + "a" * 43, "é" * 90]
)
def test_what_the_server_did_not_make_is_no_token(made_up: str) -> None:
    assert read(made_up, KEY, NOW) is None


def test_a_token_of_another_server_is_none() -> None:
    assert read(issue(new_workspace_id(), b"o" * KEY_BYTES, NOW), KEY, NOW) is None


def test_a_token_ends_after_a_year_and_survives_a_clock_that_was_set_back() -> None:
    token = issue(new_workspace_id(), KEY, NOW)
    assert read(token, KEY, NOW + VALID_SECONDS) is not None
    assert read(token, KEY, NOW + VALID_SECONDS + 1) is None
    assert read(token, KEY, NOW - 3600) is not None


def test_tenants_are_told_apart_and_do_not_give_the_workspace_away() -> None:
    one, other = new_workspace_id(), new_workspace_id()
    assert tenant_of(one) != tenant_of(other)
    assert tenant_of(one) == tenant_of(one)
    assert one not in tenant_of(one)


def test_a_workspace_keeps_the_tenant_that_earlier_versions_gave_it() -> None:
    assert tenant_of("a" * 32) == "browser-3ba3f5f43b92602683c19aee62a20342"


def test_the_key_is_made_once_and_for_the_server_alone(tmp_path: Path) -> None:
    key = server_key(tmp_path / "data")
    file = tmp_path / "data" / "server.key"
    assert (len(key), file.read_bytes()) == (KEY_BYTES, key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    server_key.cache_clear()
    assert server_key(tmp_path / "data") == key
    assert [path.name for path in file.parent.iterdir()] == ["server.key"]


def test_many_at_once_agree_on_the_key(tmp_path: Path) -> None:
    found: list[bytes] = []
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        found.append(server_key.__wrapped__(tmp_path))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_damaged_key_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "server.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="must hold 32 bytes, found 5"):
        server_key(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="Reading the server's key"):
        server_key(tmp_path / "file" / "data")
