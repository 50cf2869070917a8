"""People are told: one digest when it is time, by mail or into a chat, again when it was not taken, once each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from churnkit.accounts import SYSTEM, Actor, rights_of_role
from churnkit.config import SECRET_KEY, MailSettings
from churnkit.errors import ConflictError, SettingsError
from churnkit.jobs.layout import Folders
from churnkit.jobs.mail_round import MailRound
from churnkit.outgoing import Address, Answer
from churnkit.outgoing.mail import MailFailed
from churnkit.services.alerts.mailing import WAITS
from churnkit.services.alerts.subscribing import (
    change_subscription,
    send_trial,
    subscribe_chat,
    subscribe_mail,
)
from churnkit.store import Message, Store
from tests.mail_server import MailServer, mail_server
from tests.unit.store.filled import NOON, begin

ANN = "ann@shop.example"
SETTINGS = MailSettings(host="mail.example", sender="c@shop.example", url="https://churn.shop.example")


class Played:
    """A mail server that does what it is told, and a clock."""

    def __init__(self) -> None:
        self.now = NOON
        self.failures: list[MailFailed] = []
        self.sent: list[Any] = []
        self.called: list[tuple[Address, bytes]] = []
        self.statuses: list[int] = []

    def send(self, mail: Any, settings: MailSettings) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(mail)

    def call(self, address: Address, body: bytes, headers: dict[str, str], **_: Any) -> Answer:
        self.called.append((address, body))
        return Answer(self.statuses.pop(0) if self.statuses else 200, b"ok", False)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_SMTP_HOST", SETTINGS.host)
    monkeypatch.setenv("CHURNKIT_MAIL_FROM", SETTINGS.sender)
    monkeypatch.setenv("CHURNKIT_URL", SETTINGS.url)
    monkeypatch.setenv(SECRET_KEY, "a key of thirty-two characters!!")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


@pytest.fixture
def played() -> Played:
    return Played()


def tick(store: Store, played: Played, *, minutes: float = 0) -> datetime | None:
    """A round of a server that was just started, some time later."""
    played.now += timedelta(minutes=minutes)
    root = store.for_tenant("local", SYSTEM)
    folders = Folders(Path("data"), Path("models"))
    return MailRound(root, folders, send=played.send, call=played.call, clock=played.clock).tick()


def note(store: Store, shop_id: str, key: str, *, kind: Any = "risk_crossed", at: datetime = NOON) -> None:
    store.events.note(shop_id, kind, key=key, words=f"It rose <{key}>.", at=at)


def shop(store: Store, name: str = "Tea & Co") -> str:
    session = begin(store, name)
    return session.session_id


def messages(store: Store) -> list[Message]:
    (subscription,) = store.subscriptions.all()
    return store.subscriptions.messages(subscription.subscription_id)


def test_what_comes_together_is_told_in_one_mail(store: Store, played: Played) -> None:
    shop_id = shop(store)
    note(store, shop_id, "before")
    subscribe_mail(store, f" {ANN.upper()} ", rhythm="soon")
    assert tick(store, played) is None
    note(store, shop_id, "a")
    note(store, shop_id, "c", kind="retrain_started")
    assert tick(store, played) == played.now + timedelta(minutes=2)
    note(store, shop_id, "b", kind="source_failed")
    tick(store, played, minutes=1.9)
    assert not played.sent
    tick(store, played, minutes=0.1)
    tick(store, played, minutes=60)
    (mail,) = played.sent
    assert mail["To"] == ANN
    assert mail["Subject"] == "Tea & Co: A source could not be read, and 1 more"
    plain = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "1 Mar 2026: It rose <a>." in plain and "It rose &lt;a&gt;." in html and "<a>" not in html
    assert "before" not in plain and "Training began" not in plain and "<c>" not in plain
    assert f"https://churn.shop.example/dashboard?analysis={shop_id}" in plain
    (subscription,) = store.subscriptions.all()
    stop = f"https://churn.shop.example/account/stop/{subscription.stop_token}"
    assert mail["List-Unsubscribe"] == f"<{stop}>" and stop in plain and stop in html
    assert (mail["List-Unsubscribe-Post"], mail["Auto-Submitted"]) == (
        "List-Unsubscribe=One-Click",
        "auto-generated",
    )


def test_nobody_is_told_more_than_once_an_hour(store: Store, played: Played) -> None:
    shop_id = shop(store)
    subscribe_mail(store, ANN, rhythm="soon")
    note(store, shop_id, "a")
    tick(store, played)
    tick(store, played, minutes=2)
    note(store, shop_id, "b")
    for _ in range(3):
        tick(store, played, minutes=19)
    assert len(played.sent) == 1
    tick(store, played, minutes=3)
    assert [mail["Message-ID"] for mail in played.sent] == [
        f"<{one.message_id}@churn.shop.example>" for one in reversed(messages(store))
    ]


@pytest.mark.parametrize(
    ("rhythm", "goes_at"), [("daily", "2026-03-02T07:00"), ("weekly", "2026-03-02T07:00")]
)
def test_a_morning_is_that_of_the_readers_zone(
    store: Store, played: Played, rhythm: Any, goes_at: str
) -> None:
    # 1 March 2026 is a Sunday; eight o'clock in Berlin is seven.
    shop_id = shop(store)
    subscribe_mail(store, ANN, rhythm=rhythm, time_zone="Europe/Berlin")
    note(store, shop_id, "a")
    following = tick(store, played)
    assert following is not None and following.isoformat().startswith(goes_at)


def test_a_mail_that_was_not_taken_is_sent_again_under_its_id_and_given_up_in_the_end(
    store: Store, played: Played
) -> None:
    subscription = subscribe_mail(store, ANN)
    send_trial(store, subscription.subscription_id)
    played.now = messages(store)[0].created_at
    for done, wait in enumerate(WAITS):
        played.failures = [MailFailed("It is busy.")]
        tick(store, played)
        (message,) = messages(store)
        assert (message.status, message.attempts, message.answer_words) == (
            "waiting",
            done + 1,
            "It is busy.",
        )
        assert 0.9 * wait <= (message.next_at - played.now).total_seconds() <= 1.1 * wait
        played.now = message.next_at
    played.failures = [MailFailed("It is busy.")]
    tick(store, played)
    (message,) = messages(store)
    assert message.status == "failed"
    store.subscriptions.send_again(message.message_id, at=played.now)
    tick(store, played)
    assert [mail["Message-ID"] for mail in played.sent] == [f"<{message.message_id}@churn.shop.example>"]
    assert messages(store)[0].status == "delivered"
    with pytest.raises(ConflictError):
        store.subscriptions.send_again(message.message_id, at=played.now)


def test_an_address_that_is_refused_for_good_is_not_tried_again(store: Store, played: Played) -> None:
    send_trial(store, subscribe_mail(store, ANN).subscription_id)
    played.now = messages(store)[0].created_at
    played.failures = [MailFailed("No such person.", is_final=True)]
    tick(store, played)
    assert [(one.status, one.attempts) for one in messages(store)] == [("failed", 1)]


def test_a_chat_is_told_and_its_address_is_kept_sealed(
    store: Store, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Address, "resolve", lambda self: ["1.1.1.1"])
    url = "https://hooks.slack.example/services/T0/B0/s3cret-abcd"
    shop_id = shop(store)
    told = subscribe_chat(store, url, rhythm="soon")
    assert told.address == "hooks.slack.example …abcd"
    with store.cursor() as cursor:
        assert "s3cret" not in repr(cursor.execute("SELECT * FROM subscriptions").fetchall())
    note(store, shop_id, "a & b")
    tick(store, played)
    played.statuses = [500]
    tick(store, played, minutes=2)
    tick(store, played, minutes=2)
    (first, body), _ = played.called
    assert (first.host, first.target) == ("hooks.slack.example", "/services/T0/B0/s3cret-abcd")
    text = json.loads(body)["text"]
    assert "It rose &lt;a &amp; b&gt;." in text and "No more of these" not in text
    assert [one.status for one in messages(store)] == ["delivered"]


def test_a_person_is_told_while_they_belong_here(store: Store, played: Played) -> None:
    people = store.for_tenant("local", SYSTEM).people
    tenant = people.make_workspace("Shop", at=NOON, tenant_id="local")
    person = people.add(email=ANN, name="Ann", source="local", at=NOON)
    people.join(person.person_id, tenant, "viewer", True, at=NOON)
    viewer = store.for_tenant("local", Actor("person", person.person_id, ANN, rights_of_role("viewer")))
    own = subscribe_mail(viewer, ANN, rhythm="soon", with_report=True)
    others = subscribe_mail(store, "bob@shop.example")
    assert [one.subscription_id for one in viewer.subscriptions.all()] == [own.subscription_id]
    assert {one.subscription_id for one in store.subscriptions.all()} == {
        own.subscription_id,
        others.subscription_id,
    }
    root = store.for_tenant("local", SYSTEM)
    told = {one.subscription_id: one.with_report for _, one in root.mailbox.subscriptions()}
    assert told == {own.subscription_id: True, others.subscription_id: False}
    store.members.change(person.person_id, "viewer", False)
    assert not next(one.with_report for _, one in root.mailbox.subscriptions() if one.person_id)
    people.disable(person.person_id, at=NOON)
    assert [one.subscription_id for _, one in root.mailbox.subscriptions()] == [others.subscription_id]


def test_what_cannot_be_told_is_refused_in_words(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    subscription = subscribe_mail(store, ANN)
    with pytest.raises(ConflictError, match="told of this already"):
        subscribe_mail(store, ANN)
    with pytest.raises(SettingsError, match="tell of something"):
        change_subscription(store, subscription.subscription_id, kinds=[], rhythm="daily", with_report=False)
    with pytest.raises(SettingsError, match="time zone"):
        subscribe_mail(store, "b@shop.example", time_zone="Mars/Base")
    monkeypatch.delenv("CHURNKIT_SMTP_HOST")
    with pytest.raises(SettingsError, match="knows no mail server"):
        subscribe_mail(store, "b@shop.example")


def test_mail_reaches_a_real_server_once_and_a_refusal_says_how_final_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler: MailServer
    with mail_server() as (handler, found):
        for name, value in (("HOST", found.host), ("PORT", str(found.port)), ("SECURITY", "none")):
            monkeypatch.setenv(f"CHURNKIT_SMTP_{name}", value)
        send_trial(store, subscribe_mail(store, ANN).subscription_id)
        send_trial(store, subscribe_mail(store, "nobody@shop.example").subscription_id)
        handler.refusals = ["451 later"]
        played = Played()
        for year in (2030, 2031, 2032):
            played.now = NOON.replace(year=year)
            root = store.for_tenant("local", SYSTEM)
            MailRound(root, Folders(Path("data"), Path("models")), clock=played.clock).tick()
    assert handler.recipients == [[ANN]]
    assert handler.taken[0]["Subject"] == "A test from churnkit"
    states = {
        one.address: store.subscriptions.messages(one.subscription_id)[0] for one in store.subscriptions.all()
    }
    refused = states["nobody@shop.example"]
    assert (refused.status, refused.attempts) == ("failed", 1) and "code 550" in str(refused.answer_words)
