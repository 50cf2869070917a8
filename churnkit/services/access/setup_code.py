"""The code that only whoever sees the server's log knows: with it, the first person makes an account."""

from __future__ import annotations

import functools
import hmac
import secrets

# Without letters and digits that look alike.
_CHARACTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP = 4, 4


@functools.cache
def setup_code() -> str:
    """80 random bits, new with every start of the server, e.g. ``K7QF-2MTR-HX4P-9WCN``."""
    groups = ("".join(secrets.choice(_CHARACTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def is_setup_code(text: str) -> bool:
    """Whether somebody knows the code; hyphens, spaces and small letters do not matter."""
    return hmac.compare_digest(_plain(text), _plain(setup_code()))


def _plain(text: str) -> bytes:
    kept = (character for character in text.upper() if character in _CHARACTERS)
    return "".join(kept).encode()
