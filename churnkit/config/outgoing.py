"""Whom the server may call, and what it signs with."""

from __future__ import annotations

import os
import re

from churnkit.config.checks import require
from churnkit.errors import SettingsError

SECRET_KEY = "CHURNKIT_SECRET_KEY"
SECRET_CHARACTERS = 32
PRIVATE_HOSTS = "CHURNKIT_ALLOW_PRIVATE_HOSTS"
_HOST = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]")


def private_hosts() -> frozenset[str]:
    """Hosts in one's own network that the server may call, with http and on any port, in lower case.

    ``CHURNKIT_ALLOW_PRIVATE_HOSTS``, with spaces or commas between; none unless set.

    Raises
    ------
    SettingsError
        One is no name of a host or address, e.g. because it has a port.
    """
    names = os.environ.get(PRIVATE_HOSTS, "").lower().replace(",", " ").split()
    for name in names:
        rule = (
            "names of hosts or addresses without port, e.g. localhost, 10.0.0.7 or [::1], with spaces between"
        )
        require(_HOST.fullmatch(name) is not None, PRIVATE_HOSTS, name, rule)
    return frozenset(name.strip("[]").rstrip(".") for name in names)


def secret_key() -> str | None:
    """What secrets of webhooks follow from and credentials are sealed with (``CHURNKIT_SECRET_KEY``); None without one.

    Raises
    ------
    SettingsError
        It is shorter than 32 characters.
    """
    key = os.environ.get(SECRET_KEY, "").strip()
    if key and len(key) < SECRET_CHARACTERS:
        # Not by `require`, which would print it.
        raise SettingsError(
            f"Setting {SECRET_KEY}: it must have {SECRET_CHARACTERS} characters or more, found {len(key)}.",
            "Set it to what openssl rand -hex 32 prints, for example.",
        )
    return key or None
