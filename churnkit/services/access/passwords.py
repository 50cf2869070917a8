"""Passwords: what is accepted, and the slow hash that is kept of them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from churnkit.errors import SettingsError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200
# OWASP's least for argon2id is 19 MiB and two passes; a third costs an attacker half as much again and a sign-in 20 ms.
_MEMORY_KIB, _PASSES, _LANES = 19 * 1024, 3, 1

# Of those that meet the length, what guessing lists begin with, without digits at their end.
_COMMON_WORDS = """
    password passwort motdepasse contrasena qwertyuiop qwertzuiop asdfghjkl letmein welcome willkommen iloveyou
    administrator changeme sunshine princess football baseball superman trustno starwars dragon monkey master shadow
    michael jennifer hunter secret geheim hallo schatz passwordpassword adminadmin testtest abcdefghij abcdefghijkl
    qwertyqwerty asdfasdfasdf qazwsxedc zaqwsxcde churnkit unknown default correcthorsebatterystaple
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)


def require_good(password: str, *names: str) -> None:
    """See that a password may be used; there are no rules on which characters it holds.

    Parameters
    ----------
    names
        What an attacker tries first: the person's address and name, the name of the workspace.

    Raises
    ------
    SettingsError
        It has not 10 to 200 characters, is one that everybody tries first, or one of the names.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise SettingsError(
            f"Choosing a password: it must have {SHORTEST} to {LONGEST} characters, found {len(password)}.",
            "Several words in a row are easy to remember and hard to guess.",
        )
    if _is_common(password) or _is_a_name(password, names):
        raise SettingsError(
            "Choosing a password: this is one of those that are tried first.",
            "Take several words in a row that have nothing to do with you or the shop.",
        )


def hash_password(password: str) -> str:
    """What is kept of a password; takes some 60 ms and 19 MiB."""
    return _hasher().hash(_bytes(password))


def verify(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one that was hashed; without a hash it takes as long, and the answer is no."""
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    try:
        _hasher().verify(password_hash or _dummy_hash(), _bytes(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(password_hash)


def _is_common(password: str) -> bool:
    letters = password.lower().strip("0123456789!?.,;:-_ *#$%&/()=+@")
    runs = any(password.lower() in run for run in _RUNS)
    return runs or not letters or letters in _COMMON or len(set(password.lower())) < 4


def _is_a_name(password: str, names: tuple[str, ...]) -> bool:
    plain = _letters(password)
    known = {_letters(part) for name in names for part in (name, name.partition("@")[0])}
    return any(name and (plain == name or plain.strip("0123456789") == name) for name in known)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _bytes(password: str) -> bytes:
    # A browser may send the halves of a character; they are no reason to fail.
    return password.encode("utf-8", "surrogatepass")


@functools.cache
def _dummy_hash() -> str:
    return hash_password("no password of anybody")


@functools.cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
