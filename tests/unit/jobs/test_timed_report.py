"""A schedule sends the report: the mail arrives with its PDF, once, and the run of the schedule is done."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from churnkit.accounts import OWNER, SYSTEM
from churnkit.config import MailSettings
from churnkit.jobs import Platform
from churnkit.jobs.mail_round import MailRound
from churnkit.jobs.timed_tasks import timed_tasks
from churnkit.jobs.timekeeper import Timekeeper
from churnkit.results.schedule import Rule
from churnkit.services.alerts.subscribing import subscribe_mail
from churnkit.services.schedules.scheduling import add_schedule
from churnkit.store import Store
from tests.mail_server import MailServer, mail_server
from tests.played_workers import FakeWorkers
from tests.unit.services.alerts.test_monday_report import finished
from tests.unit.services.since.two_versions import AFTER, BEFORE, NOW
from tests.unit.store.filled import begin

MONDAYS = Rule(every="weekly", weekday=0, hour=7)


class Server:
    """A server's keeper and mail, whose clock a test moves on."""

    def __init__(self, platform: Platform, now: datetime) -> None:
        self.now = now
        root = platform.store_for("local", SYSTEM)
        self._rounds = MailRound(root, platform.folders, clock=self.clock)
        self.woken = 0
        self._keeper = Timekeeper(root, timed_tasks(platform, lambda: None, self.wake), clock=self.clock)

    def clock(self) -> datetime:
        return self.now

    def wake(self) -> None:
        self.woken += 1

    def tick(self, *, seconds: float = 1) -> None:
        self._keeper.tick()
        self._rounds.tick()
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    opened = Platform(tmp_path / "data", tmp_path / "models", workers=FakeWorkers(), slots=1)
    yield opened
    opened.close()


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    handler: MailServer
    found: MailSettings
    with mail_server() as (handler, found):
        for name, value in {
            "CHURNKIT_SMTP_HOST": found.host,
            "CHURNKIT_SMTP_PORT": str(found.port),
            "CHURNKIT_SMTP_SECURITY": "none",
            "CHURNKIT_MAIL_FROM": found.sender,
            "CHURNKIT_URL": found.url,
        }.items():
            monkeypatch.setenv(name, value)
        yield handler


def with_two_versions(platform: Platform, store: Store) -> str:
    shop_id = begin(store, "Tea shop").session_id
    for cutoff in (BEFORE, NOW):
        finished(store, platform.folders, shop_id, cutoff)
    return shop_id


def test_the_report_of_a_schedule_arrives_once_with_whom_to_contact_first(
    platform: Platform, mail: MailServer
) -> None:
    store = platform.store_for("local", OWNER)
    shop_id = with_two_versions(platform, store)
    told = subscribe_mail(store, "ann@shop.example", shop_id=shop_id, kinds=[], with_report=True)
    subscribe_mail(store, "bob@shop.example", shop_id=shop_id, kinds=["promoted"])
    schedule = add_schedule(store, shop_id, "report", MONDAYS)
    assert schedule.next_due_at.weekday() == 0
    eight = schedule.next_due_at + timedelta(hours=1)
    store.for_tenant("local", SYSTEM).mailbox.set_report(told.subscription_id, eight)
    server = Server(platform, schedule.next_due_at - timedelta(seconds=1))
    server.tick()
    assert not mail.taken and not store.schedules.runs(schedule.schedule_id)
    for _ in range(4):
        server.tick()
    # What the subscription itself sends at eight on Mondays is the same report.
    server.tick(seconds=3600)
    server.tick()

    (run,) = store.schedules.runs(schedule.schedule_id)
    assert (run.state, run.cause, run.run_words) == ("done", "due", "The report was handed to the mail.")
    assert server.woken == 1
    assert store.subscriptions.get(told.subscription_id).report_at == eight + timedelta(days=7)
    assert mail.recipients == [["ann@shop.example"]]
    (arrived,) = mail.taken
    day = schedule.next_due_at.date()
    assert arrived["To"] == "ann@shop.example"
    assert arrived["Subject"] == f"Tea shop: Report of {day.day} {day:%b %Y}"
    (attached,) = arrived.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == f"report-{day.isoformat()}.pdf"
    pages = PdfReader(io.BytesIO(attached.get_content())).pages
    text = "\n".join(page.extract_text() for page in pages)
    named = text[text.index("Whom to contact first") :]
    active = [name for name, (_, tier, *_) in AFTER.items() if tier is not None]
    assert [name for name in AFTER if name in named.split()] == active


def test_a_report_that_nobody_wants_fails_in_words(platform: Platform, mail: MailServer) -> None:
    store = platform.store_for("local", OWNER)
    shop_id = with_two_versions(platform, store)
    schedule = add_schedule(store, shop_id, "report", MONDAYS)
    server = Server(platform, schedule.next_due_at)
    for _ in range(3):
        server.tick()
    (run,) = store.schedules.runs(schedule.schedule_id)
    assert run.state == "failed" and "nobody has asked for it" in run.run_words
    assert not mail.taken
