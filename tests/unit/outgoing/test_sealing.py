"""Sealed credentials open with the same key for the same owner alone."""

from __future__ import annotations

import pytest

from churnkit.config import SECRET_KEY
from churnkit.errors import ChurnkitError
from churnkit.outgoing.sealing import SealingRefused, can_seal, seal, unseal

KEY = "k" * 32
CREDENTIALS = {"token": "shpat_abc", "name": "Läden"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_KEY, KEY)


def test_what_was_sealed_opens_for_its_owner_alone() -> None:
    sealed = seal(CREDENTIALS, "source 1")
    assert unseal(sealed, "source 1") == CREDENTIALS
    assert "shpat" not in sealed
    with pytest.raises(SealingRefused, match="something else"):
        unseal(sealed, "source 2")


def test_the_same_credentials_are_never_sealed_alike() -> None:
    assert seal(CREDENTIALS, "source 1") != seal(CREDENTIALS, "source 1")


def test_one_changed_letter_is_noticed() -> None:
    sealed = seal(CREDENTIALS, "source 1")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for damaged in (changed, sealed[:20], sealed + "!", ""):
        with pytest.raises(SealingRefused):
            unseal(damaged, "source 1")


def test_another_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal(CREDENTIALS, "source 1")
    monkeypatch.setenv(SECRET_KEY, "another" * 6)
    with pytest.raises(SealingRefused, match="another CHURNKIT_SECRET_KEY"):
        unseal(sealed, "source 1")


def test_without_a_key_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_seal()
    monkeypatch.delenv(SECRET_KEY)
    assert not can_seal()
    with pytest.raises(ChurnkitError, match="never stored in the open") as refused:
        seal(CREDENTIALS, "source 1")
    assert "shpat" not in str(refused.value)
