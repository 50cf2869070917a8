"""Who is told what happens to shops: added, changed and tried out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from churnkit.alerts.catalogue import CATALOGUE, USUAL
from churnkit.alerts.timing import MONDAY, next_morning
from churnkit.config import MailSettings
from churnkit.config.checks import require
from churnkit.config.mail import SMTP_HOST
from churnkit.errors import ConflictError, SettingsError
from churnkit.outgoing import Address, AddressRefused
from churnkit.outgoing.sealing import seal
from churnkit.results.shop_events import EventKind
from churnkit.services.access.people import address_of
from churnkit.services.alerts.letters import trial_message
from churnkit.store import Message, Rhythm, Store, Subscription, new_id

MOST_SUBSCRIPTIONS = 100
RHYTHMS: dict[Rhythm, str] = {
    "soon": "Soon, once an hour at most",
    "daily": "Each morning at 8",
    "weekly": "Mondays at 8",
}


def subscribe_mail(
    store: Store,
    address: str,
    *,
    shop_id: str | None = None,
    kinds: Sequence[EventKind] = USUAL,
    rhythm: Rhythm = "daily",
    with_report: bool = False,
    time_zone: str = "UTC",
) -> Subscription:
    """Let an address be told by mail what happens from now on.

    Raises
    ------
    SettingsError
        The server sends no mail; the address or the zone is none; nothing is chosen.
    ConflictError
        The address is told of this already, or too many are.
    """
    require_mail()
    email, time_zone = address_of(address), zone_of(time_zone)
    known = _require_room(store)
    if any(one.address == email and one.shop_id == shop_id for one in known):
        raise ConflictError(
            "Adding a subscription: this address is told of this already.",
            "Change that one, or delete it first.",
        )
    now = datetime.now(UTC)
    return store.subscriptions.add(
        email,
        subscription_id=new_id(),
        stop_token=secrets.token_urlsafe(24),
        kinds=_checked(kinds, with_report),
        rhythm=rhythm,
        with_report=with_report,
        time_zone=time_zone,
        shop_id=shop_id,
        at=now,
        report_at=_next_report(with_report, time_zone, now),
    )


def subscribe_chat(
    store: Store,
    url: str,
    *,
    shop_id: str | None = None,
    kinds: Sequence[EventKind] = USUAL,
    rhythm: Rhythm = "soon",
    time_zone: str = "UTC",
) -> Subscription:
    """Let a channel of a chat be told, through an incoming webhook of Slack or of what understands the same.

    Raises
    ------
    SettingsError
        The server calls no such address or has no key to keep it by; nothing is chosen.
    """
    address = Address.parse(url)
    _require_room(store)
    try:
        address.resolve()
    except OSError as error:
        raise AddressRefused(
            f"Adding a chat: the name {address.host} is not known on the internet.", "See how it is spelt."
        ) from error
    subscription_id = new_id()
    return store.subscriptions.add(
        # The address itself is the secret: of it only the host and the last letters are shown.
        f"{urlsplit(url).hostname} …{url[-4:]}",
        subscription_id=subscription_id,
        stop_token=secrets.token_urlsafe(24),
        kinds=_checked(kinds, False),
        rhythm=rhythm,
        with_report=False,
        time_zone=zone_of(time_zone),
        shop_id=shop_id,
        channel="slack",
        sealed_address=seal({"url": url}, f"subscription {subscription_id}"),
        at=datetime.now(UTC),
        report_at=None,
    )


def change_subscription(
    store: Store,
    subscription_id: str,
    *,
    kinds: Sequence[EventKind],
    rhythm: Rhythm,
    with_report: bool,
) -> Subscription:
    """Tell an address of other things, or at other times.

    Raises
    ------
    SettingsError
        Nothing is chosen.
    """
    known = store.subscriptions.get(subscription_id)
    with_report = with_report and known.channel == "mail"
    return store.subscriptions.change(
        subscription_id,
        kinds=_checked(kinds, with_report),
        rhythm=rhythm,
        with_report=with_report,
        report_at=_next_report(with_report, known.time_zone, datetime.now(UTC)),
    )


def send_trial(store: Store, subscription_id: str) -> Message:
    """Queue a message that nothing led to.

    Raises
    ------
    SettingsError
        The server sends no mail.
    """
    subscription = store.subscriptions.get(subscription_id)
    settings = require_mail() if subscription.channel == "mail" else MailSettings.from_environment()
    now = datetime.now(UTC)
    message = trial_message(subscription, now.isoformat(), settings.url.rstrip("/") if settings else "")
    store.subscriptions.queue(subscription_id, message, at=now)
    queued = store.subscriptions.messages(subscription_id)
    return next(one for one in queued if one.message_id == message.message_id)


def require_mail() -> MailSettings:
    """How the server sends mail.

    Raises
    ------
    SettingsError
        It sends none.
    """
    settings = MailSettings.from_environment()
    if settings is None:
        raise SettingsError(
            "Sending mail: this server knows no mail server.",
            f"Set {SMTP_HOST}, CHURNKIT_MAIL_FROM and CHURNKIT_URL in its environment, and restart it.",
        )
    return settings


def zone_of(name: str) -> str:
    """A zone as it is kept.

    Raises
    ------
    SettingsError
        There is none of this name.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        require(False, "time zone", name[:100], "a name such as Europe/Berlin")
    return name


def _checked(kinds: Sequence[EventKind], with_report: bool) -> list[EventKind]:
    chosen = [kind for kind in CATALOGUE if kind in kinds]
    if not chosen and not with_report:
        raise SettingsError("A subscription: it must tell of something.", "Choose what, or the report.")
    return chosen


def _next_report(is_wanted: bool, time_zone: str, now: datetime) -> datetime | None:
    return next_morning(now, time_zone, weekday=MONDAY) if is_wanted else None


def _require_room(store: Store) -> list[Subscription]:
    known = store.subscriptions.all()
    if len(known) >= MOST_SUBSCRIPTIONS:
        raise ConflictError(
            f"Adding a subscription: this workspace has {MOST_SUBSCRIPTIONS}, which is the most.",
            "Delete one first.",
        )
    return known
