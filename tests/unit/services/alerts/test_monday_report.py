"""The report on Mondays: who moved and whom to contact, as a PDF beside a mail without customers, once a day."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pypdf import PdfReader

from churnkit.accounts import SYSTEM
from churnkit.errors import ConflictError
from churnkit.jobs.layout import Folders
from churnkit.jobs.mail_round import MailRound
from churnkit.results.run_figures import RunFigures
from churnkit.services.alerts.monday_report import send_report
from churnkit.services.alerts.subscribing import subscribe_mail
from churnkit.store import Run, Store
from tests.mail_server import mail_server
from tests.unit.services.since.two_versions import AFTER, BEFORE, NOW, THEN, version
from tests.unit.store.filled import NOON, begin, run_files

MONDAY = datetime(2025, 6, 9, 6, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", tmp_path / "models")


def finished(store: Store, folders: Folders, session_id: str, cutoff: datetime) -> Run:
    job = store.jobs.create(session_id, created_at=NOON)
    store.jobs.claim(job.job_id, at=NOON)
    store.runs.finish(
        job.job_id,
        run_files(),
        at=NOON + timedelta(days=(cutoff - BEFORE).days),
        horizon_days=60,
        champion="x",
        summary=RunFigures(cutoff=cutoff),
        model=None,
    )
    folder = folders.run(session_id, job.job_id)
    version(folder, cutoff, THEN if cutoff == BEFORE else AFTER)
    return store.runs.get(job.job_id)


@pytest.fixture
def shop_id(store: Store, folders: Folders) -> str:
    session_id = begin(store, "Tea shop").session_id
    for cutoff in (BEFORE, NOW):
        finished(store, folders, session_id, cutoff)
    return session_id


def test_the_report_arrives_on_monday_with_its_pdf_and_the_mail_names_nobody(
    store: Store, folders: Folders, shop_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as (handler, found):
        for name, value in {
            "CHURNKIT_SMTP_HOST": found.host,
            "CHURNKIT_SMTP_PORT": str(found.port),
            "CHURNKIT_SMTP_SECURITY": "none",
            "CHURNKIT_MAIL_FROM": found.sender,
            "CHURNKIT_URL": found.url,
        }.items():
            monkeypatch.setenv(name, value)
        told = subscribe_mail(store, "ann@shop.example", with_report=True, time_zone="Europe/Berlin")
        subscribe_mail(store, "bob@shop.example", time_zone="Europe/Berlin")
        store.for_tenant("local", SYSTEM).mailbox.set_report(told.subscription_id, MONDAY)
        root = store.for_tenant("local", SYSTEM)
        for hours in (-1, 0, 1):
            moment = MONDAY + timedelta(hours=hours)
            MailRound(root, folders, clock=partial(next, iter([moment] * 20))).tick()
        again = send_report(
            root, shop_id, lambda run: folders.run(run.session_id, run.run_id), at=MONDAY + timedelta(hours=3)
        )
    assert (again, handler.recipients) == (0, [["ann@shop.example"]])
    (mail,) = handler.taken
    assert mail["Subject"] == "Tea shop: Report of 9 Jun 2025"
    plain = mail.get_body(("plain",))
    assert plain is not None
    body = plain.get_content()
    assert "5 customers active, 5 as of 1 Mar 2025." in body and "Lapsed: 1." in body
    assert "Won back: 1." in body and not set(re.findall(r"\w+", body)) & set(AFTER)
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (
        "report-2025-06-09.pdf",
        "application/pdf",
    )
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(attached.get_content())).pages)
    assert "What moved" in text and "Whom to contact first" in text and "ann" in text
    subscription = store.subscriptions.get(told.subscription_id)
    # The next Monday, eight o'clock in Berlin.
    assert subscription.report_at == datetime(2025, 6, 16, 6, 0, tzinfo=UTC)
    assert store.subscriptions.messages(told.subscription_id)[0].attachment is None


def test_a_report_that_nobody_wants_is_refused_in_words(
    store: Store, folders: Folders, shop_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURNKIT_SMTP_HOST", "mail.example")
    monkeypatch.setenv("CHURNKIT_MAIL_FROM", "c@shop.example")
    monkeypatch.setenv("CHURNKIT_URL", "https://churn.shop.example")
    root = store.for_tenant("local", SYSTEM)
    with pytest.raises(ConflictError, match="nobody has asked for it"):
        send_report(root, shop_id, lambda run: folders.run(run.session_id, run.run_id), at=MONDAY)
