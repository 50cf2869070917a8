"""Passwords: what is refused, and that a hash tells only the right one."""

from __future__ import annotations

import pytest

from churnkit.errors import SettingsError
from churnkit.services.access import passwords
from churnkit.services.access.passwords import hash_password, is_outdated, require_good, verify

pytestmark = pytest.mark.usefixtures("slow_passwords")


@pytest.mark.parametrize(
    "password", ["x7 teapots!", "ä" * 5 + "bcdefg", "correct horse with a battery", "abc!z" * 40]
)
def test_any_characters_do(password: str) -> None:
    require_good(password, "ann@shop.example", "Ann", "Tea Shop")


@pytest.mark.parametrize(
    "password",
    ["ninechars", "z1" * 100 + "x", "password123", "Passwort!!2024", "1234567890", "9876543210", "abcdefghij",
     "aaaaaaaaaaaa", "abababababab", "qwertyuiop", "0000000000!", "Tea Shop 2026", "teashop1234", "ann@shop.example",
     "annabelle2026", "AnnaBelle Miller"],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(SettingsError) as found:
        require_good(password, "ann@shop.example", "annabelle@shop.example", "Anna-Belle Miller", "Tea Shop")
    assert password not in str(found.value)


def test_the_length_counts_from_10_to_200() -> None:
    require_good("kz4 wq8 my")
    require_good("kz4 wq8 my" * 20)
    for password in ("kz4 wq8 m", "kz4 wq8 my" * 20 + "!"):
        with pytest.raises(SettingsError, match="10 to 200"):
            require_good(password)


def test_only_the_right_password_fits_the_hash() -> None:
    kept = hash_password("three blind mice")
    assert kept.startswith("$argon2id$v=19$m=19456,t=3,p=1$")
    assert verify("three blind mice", kept)
    assert not verify("three blind mic\u0435", kept)
    assert not verify("three blind mice", "no hash at all")
    assert not verify("three blind mice", None)
    assert hash_password("three blind mice") != kept


def test_without_a_hash_as_much_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can tell by the time whether an address is known."""
    hashed = hash_password("x" * 12)
    tried: list[str] = []

    class Counting:
        def verify(self, kept: str, password: bytes) -> None:
            tried.append(kept[:32])

    monkeypatch.setattr(passwords, "_dummy_hash", lambda: hashed)
    monkeypatch.setattr(passwords, "_hasher", Counting)
    assert not verify("no password of anybody", None)
    assert tried == [hashed[:32]]


def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    from argon2 import PasswordHasher

    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))
    assert not is_outdated(hash_password("x"))


def test_halves_of_a_character_are_no_reason_to_fail() -> None:
    assert verify("\ud800" * 12, hash_password("\ud800" * 12))
