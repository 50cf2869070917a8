"""What is done for a shop by its clock: a form to add it, how it went, and buttons to run, pause and delete it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from zoneinfo import available_timezones

import streamlit as st

from churnkit.accounts import Action
from churnkit.jobs.asking import add_anyway
from churnkit.results.schedule import Every, Rule
from churnkit.services.schedules.recurrence import zone_of
from churnkit.services.schedules.schedule_words import WEEKDAYS, WHAT, rule_words, run_line, state_words
from churnkit.services.schedules.scheduling import (
    add_schedule,
    change_schedule,
    pause_schedule,
    resume_schedule,
    run_now,
)
from churnkit.services.schedules.subjects import subjects_of, what_is_possible
from churnkit.store import Schedule, Shop, Store, What
from churnkit.text.figures import count
from churnkit.ui.parts import guarded
from churnkit.ui.rights import may, needs
from churnkit.ui.shop_pick import shop_pick
from churnkit.ui.workspace import workspace

_LISTED = 20
LOOK_SECONDS = 5
_EVERY: dict[Every, str] = {
    "hourly": "Every hour",
    "daily": "Every day",
    "weekly": "Every week",
    "monthly": "Every month",
}


def schedule_of_open(store: Store, shop_id: str, *, mine: bool) -> None:
    """The schedules of the open shop, for whoever belongs to its workspace."""
    if not mine or store.actor.only is not None:
        st.write("What is done by the clock is shown to the workspace of this shop alone.")
        return
    schedule_form(store, shop_id)


def schedule_tab(store: Store) -> None:
    """The schedules of a shop that is chosen here."""
    shop = shop_pick(store, "schedules_shop")
    if shop is not None:
        schedule_form(store, shop.shop_id)


def schedule_form(store: Store, shop_id: str) -> None:
    """The schedules of a shop."""
    shop = store.shops.get(shop_id)
    st.caption(
        "Times are told by the shop's clock, in summer and winter alike. What was due while the server was off is made up"
        " for once when it is back. What fails is tried again after 5, 30 and 120 minutes where that may help."
    )
    _zone(store, shop)
    known = store.schedules.of_shop(shop_id)
    if not known:
        st.write("Nothing is done by the clock yet.")
    for schedule in known:
        _schedule(store, schedule)
    _new(store, shop)


def _zone(store: Store, shop: Shop) -> None:
    settings = shop.shop_settings
    zones = sorted(available_timezones() | {settings.time_zone})
    chosen = st.selectbox(
        "The shop's time zone",
        zones,
        index=zones.index(settings.time_zone),
        key=f"zone_{shop.shop_id}",
        **needs(Action.PLAN),
    )
    if chosen != settings.time_zone and may(Action.PLAN):
        store.shops.set_settings(shop.shop_id, replace(settings, time_zone=chosen))
        workspace().platform.wake_schedules()
        st.rerun()


def _new(store: Store, shop: Shop) -> None:
    with st.container(border=True):
        st.markdown("**Add a schedule**")
        possible = what_is_possible(store, shop.shop_id, with_outside=may(Action.SOURCES))
        left, right = st.columns(2)
        what: What = left.selectbox("What", possible, format_func=WHAT.__getitem__, key="schedule_what")
        about_id = None
        subjects = subjects_of(store, shop.shop_id, what)
        if subjects:
            about_id = right.selectbox(
                "Which", list(subjects), format_func=subjects.__getitem__, key="schedule_about"
            )
        rule = _rule(Rule(hour=6), "schedule")
        st.caption(f"Due {rule_words(rule)} ({shop.shop_settings.time_zone}).")
        if st.button("Add schedule", key="schedule_add", icon=":material/schedule:", **needs(Action.RUN)):
            with guarded():
                add_schedule(store, shop.shop_id, what, rule, about_id=about_id)
                workspace().platform.wake_schedules()
                st.rerun()


def _rule(now: Rule, key: str) -> Rule:
    """When something is due, beginning with ``now``."""
    columns, kinds = st.columns(3), list(_EVERY)
    every: Every = columns[0].selectbox(
        "How often", kinds, index=kinds.index(now.every), format_func=_EVERY.__getitem__, key=f"{key}_every"
    )
    if every == "hourly":
        minute = columns[1].number_input("At minute", 0, 59, now.minute, key=f"{key}_minute")
        return Rule(every=every, minute=int(minute))
    clock = columns[1].time_input("At", time(now.hour, now.minute), step=900, key=f"{key}_clock")
    weekday, day = 0, 1
    if every == "weekly":
        weekday = WEEKDAYS.index(
            columns[2].selectbox("On", WEEKDAYS, index=now.weekday, key=f"{key}_weekday")
        )
    elif every == "monthly":
        day = int(
            columns[2].number_input(
                "On day", 1, 31, now.day, key=f"{key}_day", help="A shorter month takes its last day."
            )
        )
    return Rule(every=every, hour=clock.hour, minute=clock.minute, weekday=weekday, day=day)


def _schedule(store: Store, schedule: Schedule) -> None:
    ident, action = schedule.schedule_id, Action.RUN
    if schedule.what in ("pull", "push", "report"):
        action = Action.SOURCES
    subject = subjects_of(store, schedule.shop_id, schedule.what).get(schedule.about_id or "")
    with st.container(border=True):
        st.text(" · ".join([WHAT[schedule.what], *([subject] if subject else []), rule_words(schedule.rule)]))
        st.text(state_words(schedule))
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Run now", key=f"run_now_{ident}", icon=":material/play_arrow:", **needs(action)):
                with guarded():
                    run_now(store, ident)
                    workspace().platform.wake_schedules()
                    st.toast("It begins: see below how it goes.")
            is_paused = schedule.paused_at is not None
            if st.button("Go on" if is_paused else "Pause", key=f"pause_schedule_{ident}", **needs(action)):
                with guarded():
                    (resume_schedule if is_paused else pause_schedule)(store, ident)
                    st.rerun()
            with st.popover("Change", icon=":material/edit:", width="content"):
                _change(store, schedule, action)
            if st.button("Delete", key=f"delete_schedule_{ident}", icon=":material/delete:", **needs(action)):
                with guarded():
                    store.schedules.delete(ident)
                    st.rerun()
        _runs(store, schedule)


def _change(store: Store, schedule: Schedule, action: Action) -> None:
    ident = schedule.schedule_id
    rule = _rule(schedule.rule, f"schedule_{ident}")
    st.caption(f"Due {rule_words(rule)}.")
    if st.button("Save", key=f"change_schedule_{ident}", **needs(action, disabled=rule == schedule.rule)):
        with guarded():
            change_schedule(store, ident, rule)
            workspace().platform.wake_schedules()
            st.rerun()


def _runs(store: Store, schedule: Schedule) -> None:
    newest = next(iter(store.schedules.runs(schedule.schedule_id)), None)
    goes_on = newest is not None and newest.state in ("waiting", "running")
    st.fragment(_account, run_every=LOOK_SECONDS if goes_on else None)(store, schedule)


def _account(store: Store, schedule: Schedule) -> None:
    found = store.schedules.runs(schedule.schedule_id)
    zone = zone_of(schedule.zone)
    if not found:
        st.caption("It has not run yet.")
        return
    st.text(f"Last: {run_line(found[0], zone)}")
    if found[0].state == "asks" and st.button(
        "Add it anyway", key=f"anyway_{schedule.schedule_id}", icon=":material/add:", **needs(Action.UPLOAD)
    ):
        with guarded():
            add_anyway(workspace().platform, store, found[0])
            st.toast("The export is being added.")
    with st.expander(f"All runs ({count(len(found))} in 90 days)", key=f"runs_{schedule.schedule_id}"):
        for run in found[:_LISTED]:
            st.text(run_line(run, zone))
        if len(found) > _LISTED:
            st.caption(f"The newest {count(_LISTED)}; the API lists them all.")
