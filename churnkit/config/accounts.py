"""Who lets people in: nobody, this server itself, or another system that it trusts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from churnkit.config.checks import require

AuthMode = Literal["none", "local", "oidc", "proxy"]
MODES: tuple[AuthMode, ...] = ("none", "local", "oidc", "proxy")
MOST_DAYS = 3650


@dataclass(frozen=True)
class AuthSettings:
    """How people come in (``CHURNKIT_AUTH``), and for how long.

    Attributes
    ----------
    mode
        ``none``: no sign-in, every browser has a workspace of its own, or all share one. ``local``: people with a
        password that this server keeps as a hash. ``oidc``: people whom an OpenID provider vouches for; ``proxy``: those
        whom a proxy in front names.
    idle_days, longest_days
        A sign-in ends when it was not used for so long, or is this old; 1 to 3650, and the first no longer than the
        second (``CHURNKIT_SIGN_IN_IDLE_DAYS``, ``CHURNKIT_SIGN_IN_DAYS``). Unless set, 14 and 90; with ``oidc`` 1 and 1.
    """

    mode: AuthMode = "none"
    idle_days: int = 14
    longest_days: int = 90

    def __post_init__(self) -> None:
        require(self.mode in MODES, "CHURNKIT_AUTH", self.mode, f"one of {', '.join(MODES)}")
        require(
            1 <= self.longest_days <= MOST_DAYS,
            "CHURNKIT_SIGN_IN_DAYS",
            self.longest_days,
            f"a whole number from 1 to {MOST_DAYS}",
        )
        require(
            1 <= self.idle_days <= self.longest_days,
            "CHURNKIT_SIGN_IN_IDLE_DAYS",
            self.idle_days,
            f"a whole number from 1 to CHURNKIT_SIGN_IN_DAYS ({self.longest_days})",
        )

    @property
    def has_accounts(self) -> bool:
        """Whether people sign in."""
        return self.mode != "none"

    @property
    def is_federated(self) -> bool:
        """Whether another system decides who comes in and with which role."""
        return self.mode in ("oidc", "proxy")

    def lets_in(self, source: str) -> bool:
        """Whether people of a source come in this way; what the browsers of others hold from before opens nothing."""
        if self.mode == "oidc":
            return source not in ("local", "proxy")
        return self.mode in ("none", source)

    @classmethod
    def from_environment(cls) -> AuthSettings:
        """The settings of this process.

        Raises
        ------
        SettingsError
            A variable holds what it must not.
        """
        usual = cls()
        mode = os.environ.get("CHURNKIT_AUTH", "").strip() or usual.mode
        # A provider is asked again every day: it does not say by itself that somebody has left.
        longest = _whole("CHURNKIT_SIGN_IN_DAYS", 1 if mode == "oidc" else usual.longest_days)
        return cls(
            mode=mode,  # type: ignore[arg-type]  # checked when it is built
            idle_days=_whole("CHURNKIT_SIGN_IN_IDLE_DAYS", min(usual.idle_days, longest)),
            longest_days=longest,
        )


def _whole(name: str, usual: int) -> int:
    text = os.environ.get(name, "").strip()
    require(not text or text.isdecimal(), name, text, "a whole number")
    return int(text) if text else usual
