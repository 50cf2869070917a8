"""Schedules are added, changed and run by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from churnkit.errors import ConflictError, NotFoundError, SettingsError
from churnkit.results.schedule import Rule
from churnkit.services.schedules.recurrence import next_due, zone_of
from churnkit.store import Schedule, ScheduleRun, Store, What

MOST_SCHEDULES = 30


def add_schedule(
    store: Store, shop_id: str, what: What, rule: Rule, *, about_id: str | None = None
) -> Schedule:
    """Let something be done for a shop by its clock from now on.

    Raises
    ------
    SettingsError
        It does not say which source or destination, or does where there is none to say.
    NotFoundError
        The shop has no such source or destination.
    ConflictError
        The shop has 30 schedules already, or the same one.
    """
    if (about_id is None) == (what in ("pull", "push")):
        raise SettingsError(
            "Adding a schedule: a pull must say which source, a push which destination, and nothing else either."
        )
    if about_id is not None:
        _require_of_shop(store, shop_id, what, about_id)
    known = store.schedules.of_shop(shop_id)
    if len(known) >= MOST_SCHEDULES:
        raise ConflictError(
            f"Adding a schedule: the shop has {MOST_SCHEDULES}, which is the most.", "Delete one first."
        )
    if any((one.what, one.about_id, one.rule) == (what, about_id, rule) for one in known):
        raise ConflictError("Adding a schedule: the shop has the same one already.", "Change its time.")
    now = datetime.now(UTC)
    zone = store.shops.get(shop_id).shop_settings.time_zone
    return store.schedules.add(
        shop_id,
        what,
        rule,
        about_id=about_id,
        zone=zone,
        next_due_at=next_due(rule, zone_of(zone), now),
        at=now,
    )


def _require_of_shop(store: Store, shop_id: str, what: What, about_id: str) -> None:
    about = store.sources.get(about_id) if what == "pull" else store.destinations.get(about_id)
    if about.shop_id != shop_id:
        raise NotFoundError(
            "Adding a schedule: this shop has no such source or destination.", "Take one of its list."
        )


def change_schedule(store: Store, schedule_id: str, rule: Rule) -> Schedule:
    """Let a schedule be due at other times."""
    zone = _zone(store, schedule_id)
    due = next_due(rule, zone_of(zone), datetime.now(UTC))
    return store.schedules.change(schedule_id, rule, zone=zone, next_due_at=due)


def pause_schedule(store: Store, schedule_id: str) -> Schedule:
    """Let a schedule do nothing until it is resumed."""
    return store.schedules.pause(schedule_id, why="somebody paused it", at=datetime.now(UTC))


def resume_schedule(store: Store, schedule_id: str) -> Schedule:
    """Let a schedule go on with its next due time; what it did not do meanwhile is not made up for."""
    zone, rule = _zone(store, schedule_id), store.schedules.get(schedule_id).rule
    due = next_due(rule, zone_of(zone), datetime.now(UTC))
    return store.schedules.resume(schedule_id, zone=zone, next_due_at=due)


def run_now(store: Store, schedule_id: str) -> ScheduleRun:
    """Ask for a run out of turn."""
    return store.schedules.ask_run(schedule_id, at=datetime.now(UTC))


def _zone(store: Store, schedule_id: str) -> str:
    return store.shops.get(store.schedules.get(schedule_id).shop_id).shop_settings.time_zone
