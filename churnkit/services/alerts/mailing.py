"""One attempt to hand a message over, and when the next one is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from churnkit.config import MailSettings
from churnkit.errors import ChurnkitError
from churnkit.outgoing import Address, AddressRefused, Answer, Unreachable, post
from churnkit.outgoing.mail import MailFailed, send_mail
from churnkit.outgoing.sealing import unseal
from churnkit.services.alerts.letters import mail_of
from churnkit.store import DueMessage, Message

SECONDS = 15.0
# After each attempt that failed but the last, with a tenth of chance on either side.
WAITS = (60, 300, 1800, 7200, 18_000, 36_000, 36_000)
_GONE = (403, 404, 410)
_MOST_LETTERS = 3_000

SendMail = Callable[[EmailMessage, MailSettings], None]
Post = Callable[..., Answer]


@dataclass(frozen=True)
class Attempt:
    """What an attempt came to; without ``words`` it arrived. ``is_final``: another would be of no use."""

    words: str = ""
    is_final: bool = False


def hand_over(
    due: DueMessage, settings: MailSettings | None, *, send: SendMail = send_mail, call: Post = post
) -> Attempt:
    """Send a message once, by mail or into a chat."""
    try:
        if due.subscription.channel == "slack":
            return _to_chat(due, call)
        if settings is None:
            return Attempt("the server knows no mail server")
        send(mail_of(due, settings), settings)
    except MailFailed as error:
        return Attempt(str(error), error.is_final)
    except (AddressRefused, Unreachable) as error:
        return Attempt(str(error))
    except ChurnkitError as error:
        return Attempt(str(error), is_final=True)
    except ValueError as error:
        # A header that cannot be written.
        return Attempt(f"the mail cannot be written ({error})", is_final=True)
    return Attempt()


def next_attempt(message: Message, attempt: Attempt, at: datetime) -> datetime | None:
    """When a message whose attempt has just failed is sent again, None if never."""
    if attempt.is_final or message.attempts >= len(WAITS):
        return None
    drawn = hashlib.sha256(f"{message.message_id} {message.attempts}".encode()).digest()[0] / 255
    return at + timedelta(seconds=WAITS[message.attempts] * (0.9 + 0.2 * drawn))


def chat_text(message: Message) -> str:
    """A message for a chat that reads Slack's marks: what they are made of is written otherwise."""
    text = message.plain.split("\nChange what you are told:")[0].strip()
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped if len(escaped) <= _MOST_LETTERS else escaped[: _MOST_LETTERS - 1] + "…"


def _to_chat(due: DueMessage, call: Post) -> Attempt:
    subscription = due.subscription
    url = unseal(subscription.sealed_address or "", f"subscription {subscription.subscription_id}")["url"]
    body = json.dumps({"text": chat_text(due.message)}).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "churnkit"}
    answer = call(Address.parse(url), body, headers, seconds=SECONDS)
    if 200 <= answer.status < 300:
        return Attempt()
    return Attempt(f"the chat answered with status {answer.status}", answer.status in _GONE)
