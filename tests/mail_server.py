"""A mail server on this machine that keeps what it is handed, and refuses what it is told to."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from churnkit.config import MailSettings
from tests.servers import free_port


class MailServer:
    """Handler of aiosmtpd: ``refusals`` are answered first, one for each message."""

    def __init__(self) -> None:
        self.refusals: list[str] = []
        self.recipients: list[list[str]] = []
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """What aiosmtpd calls with a whole message."""
        if self.refusals:
            return self.refusals.pop(0)
        self.recipients.append(list(envelope.rcpt_tos))
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """What aiosmtpd calls with a recipient."""
        if address.startswith("nobody@"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[MailServer, MailSettings]]:
    """A running server, and the settings that lead to it."""
    handler = MailServer()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield (
            handler,
            MailSettings(
                host="127.0.0.1",
                port=port,
                security="none",
                sender="churnkit <churn@shop.example>",
                url="https://churn.shop.example",
            ),
        )
    finally:
        controller.stop()
