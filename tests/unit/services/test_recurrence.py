"""When schedules are due, by clocks that change between winter and summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from churnkit.errors import SettingsError
from churnkit.results.schedule import Rule
from churnkit.services.schedules.recurrence import LONGEST, missed_dues, next_due, zone_of
from churnkit.services.schedules.schedule_words import rule_words

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "after", "due"),
    [
        # 06:00 of Berlin is 05:00 UTC in winter and 04:00 in summer.
        (Rule(every="daily", hour=6), "2026-01-10 05:00", "2026-01-11 05:00"),
        (Rule(every="daily", hour=6), "2026-01-10 04:59:59", "2026-01-10 05:00"),
        (Rule(every="daily", hour=6), "2026-03-28 05:00", "2026-03-29 04:00"),
        # 02:30 is skipped on 29 March, and comes twice on 25 October.
        (Rule(every="daily", hour=2, minute=30), "2026-03-28 12:00", "2026-03-29 01:30"),
        (Rule(every="daily", hour=2, minute=30), "2026-03-29 01:30", "2026-03-30 00:30"),
        (Rule(every="daily", hour=2, minute=30), "2026-10-24 12:00", "2026-10-25 00:30"),
        (Rule(every="daily", hour=2, minute=30), "2026-10-25 00:30", "2026-10-26 01:30"),
        # Monday 2 March 2026; just after midnight of Berlin it is still Sunday in UTC.
        (Rule(every="weekly", weekday=0, hour=0, minute=5), "2026-02-28 12:00", "2026-03-01 23:05"),
        (Rule(every="weekly", weekday=0, hour=0, minute=5), "2026-03-01 23:05", "2026-03-08 23:05"),
        (Rule(every="monthly", day=31, hour=12), "2026-01-31 11:00", "2026-02-28 11:00"),
        (Rule(every="monthly", day=31, hour=12), "2024-01-31 11:00", "2024-02-29 11:00"),
        (Rule(every="monthly", day=31, hour=12), "2026-02-28 11:00", "2026-03-31 10:00"),
        (Rule(every="monthly", day=1, hour=0), "2026-12-01 00:00", "2026-12-31 23:00"),
        (Rule(every="hourly", minute=15), "2026-01-10 05:14:59", "2026-01-10 05:15"),
        (Rule(every="hourly", minute=15), "2026-01-10 05:15", "2026-01-10 06:15"),
        # The hour that is there twice has two dues, an hour apart as ever.
        (Rule(every="hourly", minute=15), "2026-10-25 00:15", "2026-10-25 01:15"),
    ],
)  # fmt: skip
def test_next_time_by_the_clock_of_berlin(rule: Rule, after: str, due: str) -> None:
    assert next_due(rule, BERLIN, at(after)) == at(due)


def test_hours_of_a_zone_that_is_half_an_hour_off() -> None:
    # 05:45 in Kathmandu (+5:45) is midnight UTC.
    assert next_due(
        Rule(every="hourly", minute=45), ZoneInfo("Asia/Kathmandu"), at("2026-01-10 00:00")
    ) == at("2026-01-10 01:00")


@pytest.mark.parametrize("every", ["hourly", "daily", "weekly", "monthly"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_dues_go_on_and_are_never_further_apart_than_said(every: str, zone: str) -> None:
    rule = Rule(every=every, hour=2, minute=30, weekday=6, day=31)  # type: ignore[arg-type]
    moment = at("2026-02-20 00:00")
    for _ in range(40):
        following = next_due(rule, zone_of(zone), moment)
        assert timedelta(0) < following - moment <= LONGEST[rule.every]
        moment = following


def test_times_that_passed_are_made_up_for_once() -> None:
    rule = Rule(every="daily", hour=6)
    first = at("2026-01-10 05:00")
    assert missed_dues(rule, BERLIN, first, at("2026-01-10 05:00")) == (first, 0)
    assert missed_dues(rule, BERLIN, first, at("2026-01-11 04:59")) == (first, 0)
    assert missed_dues(rule, BERLIN, first, at("2026-01-13 14:00")) == (at("2026-01-13 05:00"), 3)


def test_years_without_a_server_are_counted_no_further_than_it_takes() -> None:
    last, passed = missed_dues(Rule(every="hourly"), BERLIN, at("2000-01-01 00:00"), at("2026-01-01 12:30"))
    assert (last, passed) == (at("2026-01-01 12:00"), 399)


@pytest.mark.parametrize("name", ["Berlin", "", "../etc/passwd", "Europe/Berlin\0", "x" * 300])
def test_zone_that_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="time zone"):
        zone_of(name)


@pytest.mark.parametrize(
    "field", [{"hour": 24}, {"minute": 60}, {"weekday": 7}, {"day": 0}, {"day": 32}, {"hour": -1}]
)
def test_rule_outside_its_range_is_refused(field: dict[str, int]) -> None:
    with pytest.raises(SettingsError, match=next(iter(field))):
        Rule(**field)  # type: ignore[arg-type]


def test_rules_in_words() -> None:
    assert rule_words(Rule(every="hourly", minute=5)) == "every hour at minute 5"
    assert rule_words(Rule(every="daily", hour=6)) == "every day at 06:00"
    assert (
        rule_words(Rule(every="monthly", day=31)) == "each month on day 31 (or the month's last day) at 06:00"
    )
