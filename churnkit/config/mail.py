"""The mail server that messages are handed to, and the address that they lead back to."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from churnkit.config.checks import require
from churnkit.config.environment import number
from churnkit.config.federation import require_own_address
from churnkit.errors import SettingsError

Security = Literal["starttls", "tls", "none"]
SMTP_HOST, SMTP_PASSWORD = "CHURNKIT_SMTP_HOST", "CHURNKIT_SMTP_PASSWORD"
_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_HOST = re.compile(r"[A-Za-z0-9_.:-]+")


@dataclass(frozen=True)
class MailSettings:
    """How mail leaves; there is none without ``CHURNKIT_SMTP_HOST``.

    Attributes
    ----------
    host, port
        Of the mail server (``CHURNKIT_SMTP_HOST``, ``CHURNKIT_SMTP_PORT``; 587, or 465 with ``tls``).
    sender
        Whom mail comes from, e.g. ``churnkit <churn@shop.example>`` (``CHURNKIT_MAIL_FROM``).
    url
        Under which browsers reach this server, for the links in a mail (``CHURNKIT_URL``).
    security
        ``starttls`` or ``tls``; ``none`` sends in the clear, for a mail server on the same machine
        (``CHURNKIT_SMTP_SECURITY``).
    user, password
        By which the mail server knows us (``CHURNKIT_SMTP_USER``, ``CHURNKIT_SMTP_PASSWORD``).
    seconds
        Longest wait for each step of the mail server.
    """

    host: str
    sender: str
    url: str
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    seconds: float = 20.0

    def __post_init__(self) -> None:
        require(_HOST.fullmatch(self.host) is not None, SMTP_HOST, self.host, "a host's name or address")
        require(
            self.security in get_args(Security),
            "CHURNKIT_SMTP_SECURITY",
            self.security,
            "starttls, tls or none",
        )
        require(0 < self.port < 65536, "CHURNKIT_SMTP_PORT", self.port, "a port")
        require(
            _is_sender(self.sender), "CHURNKIT_MAIL_FROM", self.sender, "like churnkit <churn@shop.example>"
        )
        require_own_address("CHURNKIT_URL", self.url)
        if (self.user is None) != (self.password is None):
            # Not by `require`, which would print the password.
            raise SettingsError(
                f"Setting CHURNKIT_SMTP_USER and {SMTP_PASSWORD}: one is set and the other is not."
            )
        if self.security == "none" and self.password is not None:
            raise SettingsError(
                f"Setting {SMTP_PASSWORD}: with CHURNKIT_SMTP_SECURITY=none it would travel in the clear.",
                "Use starttls or tls, or no user and password.",
            )

    @property
    def sender_address(self) -> Address:
        """Name and address that mail comes from."""
        name, address = parseaddr(self.sender)
        return Address(name, addr_spec=address)

    @property
    def domain(self) -> str:
        """What stands behind the @ of a message's id."""
        return urlsplit(self.url).hostname or "churnkit"

    def at(self, path: str) -> str:
        """The whole address of a path of this server."""
        return f"{self.url.rstrip('/')}/{path.lstrip('/')}"

    @classmethod
    def from_environment(cls) -> MailSettings | None:
        """The settings of this process; None where no mail server is named.

        Raises
        ------
        SettingsError
            A variable is missing or holds what it must not.
        """
        host = _text(SMTP_HOST)
        if not host:
            return None
        security = cast(Security, _text("CHURNKIT_SMTP_SECURITY") or "starttls")
        return cls(
            host=host,
            port=int(number("CHURNKIT_SMTP_PORT", _PORTS.get(security, 587))),
            security=security,
            user=_text("CHURNKIT_SMTP_USER") or None,
            password=os.environ.get(SMTP_PASSWORD) or None,
            sender=_text("CHURNKIT_MAIL_FROM"),
            url=_text("CHURNKIT_URL"),
        )


def _is_sender(text: str) -> bool:
    name, address = parseaddr(text)
    if not text.isprintable() or "@" not in address:
        return False
    try:
        Address(name, addr_spec=address)
    except (ValueError, IndexError):
        return False
    return True


def _text(variable: str) -> str:
    return os.environ.get(variable, "").strip()
