"""Schedules: nothing runs twice, nothing is lost by a server that was off, what failed is tried again, and all is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from churnkit.accounts import SYSTEM, Actor, rights_of_role
from churnkit.errors import AccessError, ConflictError, JobError, NotFoundError, SettingsError
from churnkit.jobs.timed_tasks import Outcome
from churnkit.jobs.timekeeper import IDLE_SECONDS, Timekeeper
from churnkit.results.schedule import Rule
from churnkit.results.shop import ShopSettings
from churnkit.services.schedules.scheduling import (
    add_schedule,
    change_schedule,
    pause_schedule,
    resume_schedule,
    run_now,
)
from churnkit.store import Schedule, ScheduleRun, Store
from tests.unit.store.test_tenants import destination_of

DAILY = Rule(every="daily", hour=6)
BEGUN = datetime(2026, 3, 2, 12, tzinfo=UTC)
DUE = datetime(2026, 3, 3, 6, tzinfo=UTC)


class Played:
    """A task that does what a test says, and a clock."""

    def __init__(self) -> None:
        self.now = BEGUN
        self.begun: list[str] = []
        self.outcomes: list[Outcome | None] = []
        self.fails = False
        self.dies = False

    def begin(self, store: Store, schedule: Schedule, run: ScheduleRun) -> str:
        if self.fails:
            raise JobError("Beginning: it cannot.")
        if self.dies:
            raise KeyboardInterrupt
        self.begun.append(run.schedule_run_id)
        return f"job {len(self.begun)}"

    def outcome(self, store: Store, schedule: Schedule, run: ScheduleRun) -> Outcome | None:
        return self.outcomes.pop(0) if self.outcomes else None

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


@pytest.fixture
def played() -> Played:
    return Played()


@pytest.fixture
def shop(store: Store) -> str:
    return store.shops.create("Beans", ShopSettings(), created_at=BEGUN).shop_id


@pytest.fixture
def daily(store: Store, shop: str) -> Schedule:
    return store.schedules.add(shop, "refresh", DAILY, about_id=None, zone="UTC", next_due_at=DUE, at=BEGUN)


def keeper(store: Store, played: Played) -> Timekeeper:
    """As a server that was just started has one."""
    return Timekeeper(store.for_tenant("local", SYSTEM), {"refresh": played}, clock=played.clock)


def told(store: Store, shop: str) -> list[tuple[str, str]]:
    return [(event.kind, event.sentence) for event in store.events.of_shop(shop)]


def states(store: Store, schedule: Schedule) -> list[tuple[str, str]]:
    return [(run.state, run.cause) for run in store.schedules.runs(schedule.schedule_id)]


def test_what_is_due_is_begun_once_and_followed_to_its_end(
    store: Store, played: Played, daily: Schedule
) -> None:
    keeping = keeper(store, played)
    assert keeping.tick() == IDLE_SECONDS
    played.now = DUE - timedelta(seconds=20)
    assert keeping.tick() == 20
    played.now = DUE
    keeping.tick()
    keeping.tick()
    assert len(played.begun) == 1
    assert states(store, daily) == [("running", "due")]
    assert store.schedules.get(daily.schedule_id).next_due_at == DUE + timedelta(days=1)
    played.outcomes = [Outcome("done", "Every customer was scored anew.")]
    played.now += timedelta(seconds=2)
    keeping.tick()
    (run,) = store.schedules.runs(daily.schedule_id)
    assert (run.state, run.job_id, run.run_words) == ("done", "job 1", "Every customer was scored anew.")
    assert (run.due_at, run.ended_at) == (DUE, played.now)


def test_two_keepers_begin_it_once(store: Store, played: Played, daily: Schedule) -> None:
    played.now = DUE
    one, other = keeper(store, played), keeper(store, played)
    (owned,) = store.for_tenant("local", SYSTEM).timetable.going()
    one.tick()
    later = DUE + timedelta(days=1)
    claim = store.for_tenant("local", SYSTEM).timetable.claim
    assert not claim(owned, due_at=DUE, passed=0, cause="due", next_due_at=later, at=DUE)
    other.tick()
    assert len(played.begun) == 1


def test_a_server_that_was_off_makes_up_for_the_last_time_only(
    store: Store, played: Played, daily: Schedule, shop: str
) -> None:
    played.now = DUE + timedelta(days=3, hours=8)
    keeper(store, played).tick()
    (run,) = store.schedules.runs(daily.schedule_id)
    assert (run.cause, run.due_at, run.passed) == ("late", DUE + timedelta(days=3), 3)
    assert len(played.begun) == 1
    ((kind, words),) = told(store, shop)
    assert kind == "schedule_missed"
    assert "6 Mar 2026, 06:00" in words
    assert "3 earlier times" in words


def test_a_server_that_died_while_it_began_begins_again(
    store: Store, played: Played, daily: Schedule
) -> None:
    played.now, played.dies = DUE, True
    with pytest.raises(KeyboardInterrupt):
        keeper(store, played).tick()
    played.dies = False
    assert states(store, daily) == [("running", "due")]
    keeper(store, played).tick()
    assert len(played.begun) == 1
    assert [run.job_id for run in store.schedules.runs(daily.schedule_id)] == ["job 1"]


def test_what_failed_is_tried_again_after_5_30_and_120_minutes_and_told_once(
    store: Store, played: Played, daily: Schedule, shop: str
) -> None:
    played.now = DUE
    keeping = keeper(store, played)
    played.fails = True
    for minutes in (5, 30, 120):
        keeping.tick()
        (newest, *_) = store.schedules.runs(daily.schedule_id)
        assert newest.state == "failed"
        assert newest.again_at == played.now + timedelta(minutes=minutes)
        assert not told(store, shop)
        played.now += timedelta(minutes=minutes, seconds=-1)
        keeping.tick()
        assert store.schedules.runs(daily.schedule_id)[0] == newest
        played.now += timedelta(seconds=1)
        keeping.tick()
        keeping.tick()
    runs = store.schedules.runs(daily.schedule_id)
    assert [run.attempt for run in runs] == [4, 3, 2, 1]
    assert [run.again_at for run in runs] == [None] * 4
    assert {run.due_at for run in runs} == {DUE}
    assert told(store, shop) == [
        ("schedule_failed", "Score the customers anew: it failed. Beginning: it cannot.")
    ]
    played.now = DUE + timedelta(days=1)
    keeping.tick()
    assert len(told(store, shop)) == 1


def test_what_failed_for_good_is_told_anew_after_it_went_well(
    store: Store, played: Played, daily: Schedule, shop: str
) -> None:
    keeping = keeper(store, played)
    for day, outcome in enumerate([Outcome("failed", "no"), Outcome("done", "yes"), Outcome("failed", "no")]):
        played.now = DUE + timedelta(days=day)
        keeping.tick()
        played.outcomes = [outcome]
        played.now += timedelta(seconds=2)
        keeping.tick()
    assert [kind for kind, _ in told(store, shop)] == ["schedule_failed"] * 2


def test_a_run_that_goes_on_lets_the_next_be_left_out(store: Store, played: Played, daily: Schedule) -> None:
    keeping = keeper(store, played)
    for day in (0, 1):
        played.now = DUE + timedelta(days=day)
        keeping.tick()
    assert states(store, daily) == [("skipped", "due"), ("running", "due")]
    assert len(played.begun) == 1


def test_a_new_due_time_ends_the_attempts_at_the_old_one(store: Store, played: Played, shop: str) -> None:
    hourly = store.schedules.add(
        shop, "refresh", Rule(every="hourly"), about_id=None, zone="UTC", next_due_at=DUE, at=BEGUN
    )
    played.now, played.fails = DUE, True
    keeping = keeper(store, played)
    # 06:00, 06:05, 06:35, then 07:00 before the fourth would be due at 08:35.
    for minutes in (0, 5, 35, 60):
        played.now = DUE + timedelta(minutes=minutes)
        keeping.tick()
        keeping.tick()
    runs = store.schedules.runs(hourly.schedule_id)
    assert [(run.cause, run.attempt) for run in runs] == [("due", 1), ("again", 3), ("again", 2), ("due", 1)]
    assert [run.again_at is None for run in runs] == [False, True, True, True]


def test_paused_is_not_begun_and_resumed_makes_up_for_nothing(
    store: Store, played: Played, daily: Schedule
) -> None:
    pause_schedule(store, daily.schedule_id)
    played.now = DUE + timedelta(days=2)
    keeper(store, played).tick()
    assert not played.begun
    resumed = resume_schedule(store, daily.schedule_id)
    assert resumed.paused_at is None
    assert resumed.next_due_at > datetime.now(UTC)


def test_by_hand_runs_at_once_and_once(store: Store, played: Played, daily: Schedule) -> None:
    keeping = keeper(store, played)
    keeping.tick()
    asked = run_now(store, daily.schedule_id)
    assert run_now(store, daily.schedule_id) == asked
    keeping.tick()
    assert played.begun == [asked.schedule_run_id]
    assert run_now(store, daily.schedule_id).schedule_run_id == asked.schedule_run_id
    assert store.schedules.get(daily.schedule_id).next_due_at == DUE


def test_a_shop_that_moves_to_another_zone_takes_its_schedules_along(
    store: Store, played: Played, daily: Schedule, shop: str
) -> None:
    settings = store.shops.get(shop).shop_settings
    store.shops.set_settings(shop, replace(settings, time_zone="Asia/Tokyo"))
    keeper(store, played).tick()
    moved = store.schedules.get(daily.schedule_id)
    # 06:00 in Tokyo is 21:00 UTC of the day before.
    assert (moved.zone, moved.next_due_at) == ("Asia/Tokyo", datetime(2026, 3, 2, 21, tzinfo=UTC))


def test_a_zone_that_is_no_longer_known_stops_nobody_else(
    store: Store, played: Played, daily: Schedule, caplog: pytest.LogCaptureFixture
) -> None:
    other = store.shops.create(
        "Atlantis", ShopSettings(time_zone="Europe/Atlantis"), created_at=BEGUN
    ).shop_id
    store.schedules.add(other, "refresh", DAILY, about_id=None, zone="UTC", next_due_at=BEGUN, at=BEGUN)
    played.now = DUE
    keeper(store, played).tick()
    assert len(played.begun) == 1
    assert "Europe/Atlantis" in caplog.text


def test_what_this_version_cannot_do_fails_in_words(store: Store, played: Played, shop: str) -> None:
    add_schedule(store, shop, "report", DAILY)
    played.now = datetime.now(UTC) + timedelta(days=2)
    keeper(store, played).tick()
    ((_, words),) = [one for one in told(store, shop) if one[0] == "schedule_failed"]
    assert "cannot do it" in words


def test_what_leaves_takes_the_right_to_sources_and_a_refresh_does_not(store: Store, shop: str) -> None:
    analyst = store.for_tenant("local", Actor("person", "p", "Kim", rights_of_role("analyst")))
    refresh = add_schedule(analyst, shop, "refresh", DAILY)
    destination_of(store, shop, "own")
    with pytest.raises(AccessError):
        add_schedule(analyst, shop, "push", DAILY, about_id="own")
    pull = add_schedule(store, shop, "push", DAILY, about_id="own")
    for call in (pause_schedule, resume_schedule, run_now):
        call(analyst, refresh.schedule_id)
        with pytest.raises(AccessError):
            call(analyst, pull.schedule_id)
    with pytest.raises(AccessError):
        analyst.schedules.delete(pull.schedule_id)


def test_the_same_twice_and_what_says_too_little_is_refused(store: Store, shop: str) -> None:
    add_schedule(store, shop, "refresh", DAILY)
    with pytest.raises(ConflictError, match="same one"):
        add_schedule(store, shop, "refresh", DAILY)
    with pytest.raises(SettingsError, match="which source"):
        add_schedule(store, shop, "pull", DAILY)
    with pytest.raises(SettingsError, match="nothing else"):
        add_schedule(store, shop, "refresh", DAILY, about_id="source")


def test_a_schedule_is_about_what_the_shop_has_and_goes_with_it(store: Store, shop: str) -> None:
    other = store.shops.create("Tea", ShopSettings(), created_at=BEGUN).shop_id
    destination_of(store, other, "own")
    with pytest.raises(NotFoundError, match="this shop has no such"):
        add_schedule(store, shop, "push", DAILY, about_id="own")
    add_schedule(store, other, "push", DAILY, about_id="own")
    store.destinations.delete("own")
    assert not store.schedules.of_shop(other)


def test_another_time_is_reckoned_in_the_shops_zone(store: Store, daily: Schedule) -> None:
    changed = change_schedule(store, daily.schedule_id, Rule(every="weekly", weekday=2, hour=9, minute=30))
    due = changed.next_due_at
    assert (due.weekday(), due.hour, due.minute) == (2, 9, 30)
    assert due > datetime.now(UTC)


def test_a_deleted_schedule_leaves_nothing(store: Store, played: Played, daily: Schedule) -> None:
    run_now(store, daily.schedule_id)
    store.schedules.delete(daily.schedule_id)
    keeper(store, played).tick()
    assert not played.begun
    assert not store.for_tenant("local", SYSTEM).timetable.open_runs()


def test_runs_are_forgotten_after_90_days(store: Store, played: Played, daily: Schedule) -> None:
    keeping = keeper(store, played)
    played.now = DUE
    keeping.tick()
    played.outcomes = [Outcome("done", "")]
    played.now += timedelta(days=1, seconds=-1)
    keeping.tick()
    pause_schedule(store, daily.schedule_id)
    played.now += timedelta(days=90)
    keeping.tick()
    assert store.schedules.runs(daily.schedule_id)
    played.now += timedelta(days=1, seconds=1)
    keeping.tick()
    assert not store.schedules.runs(daily.schedule_id)
