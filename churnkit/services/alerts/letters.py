"""Digests and tests as messages of one subscription: texts, ids and the headers of a mail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from churnkit.alerts.digest import Digest, Happened, digest_of
from churnkit.config import MailSettings
from churnkit.reports.mail import Mail, MailItem, MailPart, render_mail
from churnkit.store import DueMessage, Message, NewMessage, ShopEvent, Subscription
from churnkit.text.figures import count


def message_id_of(subscription_id: str, key: str) -> str:
    """The id of a message: of the same digest, report or test always the same."""
    return hashlib.sha256(f"{subscription_id}\n{key}".encode()).hexdigest()[:32]


def digest_message(
    subscription: Subscription, events: Sequence[ShopEvent], names: Mapping[str, str], url: str
) -> NewMessage:
    """One message of all events, at least one of them.

    Parameters
    ----------
    url
        Of this server, without a slash at its end; empty where nobody knows it.
    """
    told = [Happened(one.shop_id, one.kind, one.sentence, one.happened_at) for one in events]
    digest = digest_of(told, names)
    plain, html = render_mail(_mail(digest, subscription, url))
    shops = {one.shop_id for one in events}
    return NewMessage(
        message_id_of(subscription.subscription_id, f"digest {events[-1].event_number}"),
        shops.pop() if len(shops) == 1 else None,
        digest.subject,
        plain,
        html,
    )


def trial_message(subscription: Subscription, key: str, url: str) -> NewMessage:
    """A message that nothing led to."""
    item = MailItem("It works", ("What happens to your shops will be told here.",))
    part = MailPart("A test", (item,), f"{url}/", "Open churnkit")
    plain, html = render_mail(Mail("A test from churnkit", (part,), (), *ends_of(subscription, url)))
    return NewMessage(
        message_id_of(subscription.subscription_id, f"test {key}"), None, "A test from churnkit", plain, html
    )


def mail_of(due: DueMessage, settings: MailSettings) -> EmailMessage:
    """A message as a mail: the same id each time, and a way to end it that a mail program can use by itself."""
    message, subscription = due.message, due.subscription
    mail = EmailMessage()
    mail["From"] = settings.sender_address
    mail["To"] = subscription.address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.message_id}@{settings.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<{settings.at(stop_path(subscription))}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.plain)
    mail.add_alternative(message.html, subtype="html")
    attach(mail, message)
    return mail


def attach(mail: EmailMessage, message: Message) -> None:
    """Put a message's PDF into its mail, if it has one."""
    if message.attachment is not None:
        mail.add_attachment(
            bytes(message.attachment),
            maintype="application",
            subtype="pdf",
            filename=message.attachment_name or "report.pdf",
        )


def stop_path(subscription: Subscription) -> str:
    """Path of the page that ends a subscription."""
    return f"account/stop/{subscription.stop_token}"


def _mail(digest: Digest, subscription: Subscription, url: str) -> Mail:
    parts = tuple(
        MailPart(
            shop.name,
            tuple(MailItem(item.title, item.lines, item.weight) for item in shop.items),
            f"{url}/dashboard?analysis={shop.shop_id}",
            "Open the shop",
        )
        for shop in digest.shops
    )
    closing = (f"And {count(digest.more_shops)} more shops.",) if digest.more_shops else ()
    return Mail(digest.subject, parts, closing, *ends_of(subscription, url))


def ends_of(subscription: Subscription, url: str) -> tuple[str, str]:
    """The addresses at the end of a message: to end it, and to change what is told."""
    stop = f"{url}/{stop_path(subscription)}" if subscription.channel == "mail" else ""
    return stop, f"{url}/settings"
