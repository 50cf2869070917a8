"""Webhooks are told what happened: once each, again when it did not arrive, and by a server that was restarted too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from churnkit.accounts import SYSTEM
from churnkit.config import SECRET_KEY
from churnkit.jobs.courier import IDLE_SECONDS, Courier
from churnkit.outgoing import Address, Answer, Unreachable
from churnkit.outgoing.signature import key_mark, signature, webhook_secret
from churnkit.results.shop_events import EventKind
from churnkit.services.webhooks.delivering import WAITS
from churnkit.store import Delivery, EndedBy, JobKind, Store
from tests.unit.store.filled import NOON, begin

KEY = "a key of thirty-two characters!!"
HOOK = "0" * 32


class Played:
    """A receiver that answers what it is told to, and a clock."""

    def __init__(self) -> None:
        self.now = NOON + timedelta(hours=1)
        self.answers: list[Answer | Exception] = []
        self.seen: list[tuple[Address, bytes, dict[str, str]]] = []

    def send(self, address: Address, body: bytes, headers: dict[str, str], **_: Any) -> Answer:
        self.seen.append((address, body, headers))
        answer = self.answers.pop(0) if self.answers else Answer(200, b"", False)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def clock(self) -> datetime:
        return self.now


def says(status: int, retry_after: str | None = None) -> Answer:
    return Answer(status, b"", False, retry_after)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_KEY, KEY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        opened.webhooks.add(
            "https://hooks.example/a?b=c",
            ["analysis.completed", "analysis.failed"],
            webhook_id=HOOK,
            key_mark=key_mark(KEY),
            at=NOON,
        )
        yield opened


@pytest.fixture
def played() -> Played:
    return Played()


def courier(store: Store, played: Played) -> Courier:
    """A courier as a server that was just started has one."""
    return Courier(store.for_tenant("local", SYSTEM), send=played.send, clock=played.clock)


def end_analysis(
    store: Store, at: datetime, *, kind: JobKind = "analyze", ended_by: EndedBy | None = None
) -> str:
    session = begin(store)
    job = store.jobs.create(session.session_id, created_at=at, kind=kind)
    store.jobs.claim(job.job_id, at=at)
    if ended_by is None:
        store.jobs.update(job.job_id, at=at, status="completed")
    else:
        store.jobs.update(job.job_id, at=at, status="failed", error_message="x", ended_by=ended_by)
    return job.job_id


def deliveries(store: Store) -> list[Delivery]:
    return store.webhooks.deliveries(HOOK)


def test_a_finished_analysis_is_told_once_and_signed(store: Store, played: Played) -> None:
    job_id = end_analysis(store, played.now)
    assert courier(store, played).tick() == IDLE_SECONDS
    courier(store, played).tick()
    ((address, body, headers),) = played.seen
    assert (address.host, address.target) == ("hooks.example", "/a?b=c")
    said = json.loads(body)
    session_id = store.jobs.get(job_id).session_id
    assert said == {
        "type": "analysis.completed",
        "timestamp": "2026-03-01T13:00:00Z",
        "data": {"analysis_id": session_id, "job_id": job_id, "run_id": job_id},
    }
    assert headers["webhook-id"] == f"evt_{job_id}"
    timestamp = int(played.now.timestamp())
    assert headers["webhook-timestamp"] == str(timestamp)
    secret = webhook_secret(KEY, HOOK, 1)
    assert headers["webhook-signature"] == signature(secret, f"evt_{job_id}", timestamp, body)
    (delivery,) = deliveries(store)
    assert (delivery.status, delivery.attempts, delivery.answer_status) == ("delivered", 1, 200)


def test_a_failed_one_is_told_and_a_cancelled_one_is_not(store: Store, played: Played) -> None:
    end_analysis(store, played.now, ended_by="cancelled")
    end_analysis(store, played.now, kind="look")
    job_id = end_analysis(store, played.now, ended_by="interrupted")
    courier(store, played).tick()
    ((_, body, headers),) = played.seen
    assert (json.loads(body)["type"], headers["webhook-id"]) == ("analysis.failed", f"evt_{job_id}")


def test_what_ended_before_or_is_not_wanted_is_not_told(store: Store, played: Played) -> None:
    end_analysis(store, NOON - timedelta(minutes=1))
    store.webhooks.change(HOOK, url="https://hooks.example/", events=["analysis.failed"])
    end_analysis(store, played.now)
    courier(store, played).tick()
    assert played.seen == []


def test_another_workspace_is_not_told(store: Store, played: Played) -> None:
    end_analysis(store.for_tenant("another"), played.now)
    courier(store, played).tick()
    assert played.seen == []


def test_what_does_not_arrive_is_sent_again_until_it_is_given_up(store: Store, played: Played) -> None:
    end_analysis(store, played.now)
    played.answers = [says(500), Unreachable("hooks.example", "no answer within 15 seconds")]
    played.answers += [says(302)] * 6
    for attempt, wait in enumerate(WAITS):
        # A new server each time: what waits stands in the store.
        courier(store, played).tick()
        (delivery,) = deliveries(store)
        assert (delivery.status, delivery.attempts) == ("waiting", attempt + 1)
        seconds = (delivery.next_at - played.now).total_seconds()
        assert 0.9 * wait <= seconds <= 1.1 * wait
        played.now += timedelta(seconds=seconds - 0.001)
        courier(store, played).tick()
        assert len(played.seen) == attempt + 1
        played.now += timedelta(seconds=0.001)
    assert deliveries(store)[0].answer_words == "it answered with status 302"
    courier(store, played).tick()
    (delivery,) = deliveries(store)
    assert (delivery.status, delivery.attempts, len(played.seen)) == ("failed", 8, 8)
    assert len({headers["webhook-id"] for _, _, headers in played.seen}) == 1
    assert store.webhooks.get(HOOK).failing_from_at is not None


def test_send_again_begins_anew_under_the_same_id(store: Store, played: Played) -> None:
    end_analysis(store, played.now)
    played.answers = [says(500)]
    courier(store, played).tick()
    (delivery,) = deliveries(store)
    store.webhooks.send_again(delivery.delivery_id, at=played.now)
    courier(store, played).tick()
    (delivery,) = deliveries(store)
    assert (delivery.status, delivery.attempts, delivery.answer_words) == ("delivered", 1, None)
    assert played.seen[0][2]["webhook-id"] == played.seen[1][2]["webhook-id"]
    assert store.webhooks.get(HOOK).failing_from_at is None


def test_who_asks_for_time_has_it(store: Store, played: Played) -> None:
    end_analysis(store, played.now)
    played.answers = [says(429, "120"), says(429, "nonsense")]
    courier(store, played).tick()
    assert deliveries(store)[0].next_at == played.now + timedelta(seconds=120)


def test_410_switches_it_off(store: Store, played: Played) -> None:
    end_analysis(store, played.now)
    played.answers = [says(410)]
    courier(store, played).tick()
    webhook = store.webhooks.get(HOOK)
    assert webhook.disabled_why is not None and "410" in webhook.disabled_why
    assert deliveries(store)[0].status == "failed"
    end_analysis(store, played.now)
    courier(store, played).tick()
    assert len(played.seen) == 1
    # What ended meanwhile is not told afterwards.
    played.now += timedelta(hours=1)
    store.webhooks.enable(HOOK, at=played.now)
    courier(store, played).tick()
    assert len(played.seen) == 1 and store.webhooks.get(HOOK).disabled_at is None


def test_five_days_without_an_arrival_switch_it_off(store: Store, played: Played) -> None:
    for _ in range(2):
        end_analysis(store, played.now)
        played.answers = [says(500)]
        courier(store, played).tick()
        played.now += timedelta(days=5, seconds=1)
    played.answers = [says(500)] * 9
    courier(store, played).tick()
    assert store.webhooks.get(HOOK).disabled_why == "nothing has arrived for 5 days"
    assert {delivery.status for delivery in deliveries(store)} == {"failed"}


def test_after_a_rotation_both_secrets_sign_for_a_day(store: Store, played: Played) -> None:
    store.webhooks.rotate(HOOK, key_mark=key_mark(KEY), at=played.now)
    end_analysis(store, played.now)
    courier(store, played).tick()
    played.now += timedelta(days=1)
    end_analysis(store, played.now)
    courier(store, played).tick()
    for (_, body, headers), generations in zip(played.seen, ([2, 1], [2]), strict=True):
        assert headers["webhook-signature"].split(" ") == [
            signature(
                webhook_secret(KEY, HOOK, generation),
                headers["webhook-id"],
                int(headers["webhook-timestamp"]),
                body,
            )
            for generation in generations
        ]


@pytest.mark.parametrize(
    ("now", "why"),
    [("", "no CHURNKIT_SECRET_KEY"), ("another key of thirty-two letters", "is another one: rotate")],
)
def test_without_the_key_nothing_is_sent_and_it_is_said(
    store: Store, played: Played, monkeypatch: pytest.MonkeyPatch, now: str, why: str
) -> None:
    end_analysis(store, played.now)
    monkeypatch.setenv(SECRET_KEY, now)
    courier(store, played).tick()
    (delivery,) = deliveries(store)
    assert played.seen == [] and delivery.status == "waiting"
    assert delivery.answer_words is not None and why in delivery.answer_words


def test_a_private_address_is_not_called_however_it_came_there(store: Store, played: Played) -> None:
    store.webhooks.change(HOOK, url="https://127.0.0.1/hook", events=["analysis.completed"])
    end_analysis(store, played.now)
    Courier(store.for_tenant("local", SYSTEM), clock=played.clock).tick()
    (delivery,) = deliveries(store)
    assert delivery.answer_words is not None and "open internet" in delivery.answer_words


def test_one_slow_webhook_holds_no_other_up(store: Store, played: Played) -> None:
    """Of each webhook the oldest goes first, and one at a time."""
    other = store.webhooks.add(
        "https://other.example/",
        ["analysis.completed"],
        webhook_id="1" * 32,
        key_mark=key_mark(KEY),
        at=NOON,
    )
    for _ in range(3):
        end_analysis(store, played.now)
    outbox = store.for_tenant("local", SYSTEM).outbox
    courier(store, played).tick()
    assert sorted(address.host for address, _, _ in played.seen) == ["hooks.example", "other.example"]
    due = outbox.due(at=played.now, most=20)
    assert [
        len([one for one in due if one.webhook.webhook_id == name]) for name in (HOOK, other.webhook_id)
    ] == [1, 1]
    courier(store, played).tick()
    courier(store, played).tick()
    assert len(played.seen) == 6


def test_old_deliveries_are_forgotten_and_not_told_again(store: Store, played: Played) -> None:
    end_analysis(store, played.now)
    courier(store, played).tick()
    played.now += timedelta(days=31)
    end_analysis(store, played.now)
    one = courier(store, played)
    one.tick()
    one.tick()
    assert len(deliveries(store)) == 1 and len(played.seen) == 2
    # A server that goes on forgets by the day.
    played.now += timedelta(days=31)
    one.tick()
    assert deliveries(store) == [] and len(played.seen) == 2


def test_what_happens_to_a_shop_is_told_once_to_whom_it_was_promised(store: Store, played: Played) -> None:
    shop_id = begin(store).session_id
    store.webhooks.change(HOOK, url="https://hooks.example/", events=["customer.risk_crossed"])
    before_it_was_added = NOON - timedelta(seconds=1)
    for kind, at in (
        ("risk_crossed", played.now),
        ("drift_found", played.now),
        ("risk_crossed", before_it_was_added),
    ):
        store.events.note(
            shop_id, cast(EventKind, kind), key=str(at), words="It rose.", at=at, details={"customers": 3}
        )
    courier(store, played).tick()
    courier(store, played).tick()
    ((_, body, _),) = played.seen
    said = json.loads(body)
    assert said == {
        "type": "customer.risk_crossed",
        "timestamp": "2026-03-01T13:00:00Z",
        "data": {"analysis_id": shop_id, "words": "It rose.", "customers": 3},
    }


def test_failed_work_on_a_shop_is_noted_once_without_what_its_message_quotes(
    store: Store, played: Played
) -> None:
    job_id = end_analysis(store, played.now, ended_by="error")
    end_analysis(store, played.now, ended_by="cancelled")
    end_analysis(store, played.now, kind="look", ended_by="error")
    courier(store, played).tick()
    courier(store, played).tick()
    noted = [one for job in store.sessions.all() for one in store.events.of_shop(job.session_id)]
    assert [(one.kind, one.event_key, one.details) for one in noted] == [
        ("run_failed", job_id, {"job_id": job_id})
    ]
