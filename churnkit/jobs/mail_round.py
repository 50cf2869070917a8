"""One round of telling people: what has happened becomes digests, reports are made, and what is due is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from churnkit.alerts.timing import MONDAY, digest_at, next_morning
from churnkit.config import MailSettings
from churnkit.errors import ChurnkitError
from churnkit.jobs.layout import Folders
from churnkit.outgoing import post
from churnkit.outgoing.mail import send_mail
from churnkit.services.alerts.letters import digest_message
from churnkit.services.alerts.mailing import Post, SendMail, hand_over, next_attempt
from churnkit.services.alerts.noting import note_if_stale
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Store, Subscription
from churnkit.text.locale import using

AT_LEAST = timedelta(minutes=1)
_MOST = 20
_STALE_EVERY = timedelta(hours=6)
_log = logging.getLogger(__name__)


class MailRound:
    """Keeps everything in the store: a server that dies sends again what it had not noted as taken, under the same id.

    Parameters
    ----------
    store
        The program's.
    send, call, clock
        How a mail and a request are sent, and the time; for tests.
    """

    def __init__(
        self,
        store: Store,
        folders: Folders,
        *,
        send: SendMail = send_mail,
        call: Post = post,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._folders = folders
        self._send = send
        self._call = call
        self._clock = clock
        self._stale_at: datetime | None = None

    def tick(self) -> datetime | None:
        """Do what is due; when something is due again, None if nothing waits."""
        settings = MailSettings.from_environment()
        self._note_stale()
        for tenant_id, subscription in self._store.mailbox.subscriptions():
            if subscription.channel == "slack" or settings is not None:
                self._tell(tenant_id, subscription, settings)
            if settings is not None and subscription.report_at is not None:
                self._report(tenant_id, subscription)
        self._deliver(settings)
        following = self._store.mailbox.next_at()
        # What is due and did not go now waits for something else: a mail server that is named, or its turn.
        return following and max(following, self._clock() + AT_LEAST)

    def _tell(self, tenant_id: str, subscription: Subscription, settings: MailSettings | None) -> None:
        now, mailbox = self._clock(), self._store.mailbox
        events = mailbox.untold(tenant_id, subscription)
        if not events:
            return
        due = subscription.next_at
        if due is None:
            due = digest_at(
                subscription.rhythm, subscription.time_zone, now=now, told_at=subscription.told_at
            )
            mailbox.set_next(subscription.subscription_id, due)
        if due > now:
            return
        names = {one.shop_id: one.name for one in self._store.for_tenant(tenant_id).shops.all()}
        url = settings.url.rstrip("/") if settings else ""
        with using(load_preferences(self._store.for_tenant(tenant_id)).locale):
            message = digest_message(subscription, events, names, url)
        mailbox.tell(tenant_id, subscription, message, until=events[-1].event_number, at=now)

    def _report(self, tenant_id: str, subscription: Subscription) -> None:
        now = self._clock()
        if subscription.report_at is None or subscription.report_at > now:
            return
        store = self._store.for_tenant(tenant_id)
        with_results = [one.session_id for one in store.sessions.all() if one.run_id is not None]
        for shop_id in with_results:
            if subscription.with_report and subscription.shop_id in (None, shop_id):
                self._report_of(store, shop_id, subscription)
        following = next_morning(now, subscription.time_zone, weekday=MONDAY)
        self._store.mailbox.set_report(subscription.subscription_id, following)

    def _report_of(self, store: Store, shop_id: str, subscription: Subscription) -> None:
        # Comes with the first report: it brings what draws PDFs.
        from churnkit.services.alerts.monday_report import send_report

        try:
            send_report(
                store,
                shop_id,
                lambda run: self._folders.run(run.session_id, run.run_id),
                at=self._clock(),
                only=subscription.subscription_id,
            )
        except ChurnkitError:
            _log.exception("making the report of analysis %s", shop_id)

    def _deliver(self, settings: MailSettings | None) -> None:
        mailbox = self._store.mailbox
        for due in mailbox.due(at=self._clock(), most=_MOST):
            attempt = hand_over(due, settings, send=self._send, call=self._call)
            now, message = self._clock(), due.message
            if not attempt.words:
                mailbox.arrived(message.message_id, at=now)
                continue
            _log.info("message %s: attempt %d failed", message.message_id, message.attempts + 1)
            mailbox.missed(
                message.message_id,
                words=attempt.words,
                next_at=next_attempt(message, attempt, now),
                at=now,
            )

    def _note_stale(self) -> None:
        """Data become old while nothing happens at all."""
        now = self._clock()
        if self._stale_at is not None and now - self._stale_at < _STALE_EVERY:
            return
        self._stale_at = now
        for tenant_id in self._store.mailbox.listening():
            store = self._store.for_tenant(tenant_id)
            for session in store.sessions.all():
                try:
                    note_if_stale(store, session, at=now)
                except ChurnkitError:
                    _log.exception("looking how old the data of analysis %s are", session.session_id)
