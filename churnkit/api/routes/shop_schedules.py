"""Schedules of a shop: what is done by its clock, and how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Reader, Runner
from churnkit.api.addresses import made_at
from churnkit.api.paging import Page, Paged
from churnkit.api.threads import blocking
from churnkit.errors import NotFoundError
from churnkit.results.schedule import Rule
from churnkit.services.schedules.schedule_words import rule_words
from churnkit.services.schedules.scheduling import (
    add_schedule,
    change_schedule,
    pause_schedule,
    resume_schedule,
    run_now,
)
from churnkit.store import Schedule, ScheduleRun, Store

router = APIRouter(prefix="/shops/{shop_id}/schedules", tags=["schedules"])

What = Literal["pull", "refresh", "retrain", "report", "push"]
_SHOP = "5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d"
_ID = "7c1e0c2a4e8b7f4c1f9a3e6d2b1c0f9e"
_RULE: dict[str, Any] = {"every": "weekly", "hour": 6, "minute": 0, "weekday": 0, "day": 1}
_EXAMPLE: dict[str, Any] = {
    "schedule_id": _ID,
    "shop_id": _SHOP,
    "what": "refresh",
    "about_id": None,
    "rule": _RULE,
    "words": "every Monday at 06:00",
    "zone": "Europe/Berlin",
    "next_due_at": "2026-03-02T05:00:00Z",
    "created_by": "Kim",
    "created_at": "2026-03-01T12:00:00Z",
    "paused_at": None,
    "paused_why": None,
}
_RUN: dict[str, Any] = {
    "schedule_run_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "due_at": "2026-03-02T05:00:00Z",
    "cause": "due",
    "attempt": 1,
    "passed": 0,
    "state": "done",
    "job_id": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "run_words": "Every customer was scored anew.",
    "begun_at": "2026-03-02T05:00:00Z",
    "ended_at": "2026-03-02T05:00:20Z",
    "again_at": None,
}
ShopId = Annotated[str, Path(description="Id of the shop.", max_length=64, examples=[_SHOP])]
ScheduleId = Annotated[str, Path(max_length=64, examples=[_ID])]


class RuleModel(BaseModel):
    """When it is due, by the clock of the shop."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_RULE]}, from_attributes=True)

    every: Literal["hourly", "daily", "weekly", "monthly"]
    hour: int = Field(6, ge=0, le=23, description="Of no meaning every hour.")
    minute: int = Field(0, ge=0, le=59)
    weekday: int = Field(0, ge=0, le=6, description="0 is Monday; each week only.")
    day: int = Field(
        1, ge=1, le=31, description="Each month only; a month that has fewer days takes its last."
    )


class NewSchedule(BaseModel):
    """A schedule that is to be added."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"what": "refresh", "rule": _RULE}]}
    )

    what: What
    rule: RuleModel
    about_id: str | None = Field(
        None, max_length=64, description="The source to `pull`, the destination to `push` to."
    )


class ChangedSchedule(BaseModel):
    """When a schedule is due, whether it goes on, or both; what is not named stays as it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"is_paused": True}, {"rule": _RULE}]}
    )

    is_paused: bool | None = None
    rule: RuleModel | None = None


class ScheduleAnswer(BaseModel):
    """Something that is done for a shop again and again."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]}, from_attributes=True)

    schedule_id: str
    shop_id: str
    what: What
    about_id: str | None
    rule: RuleModel
    words: str
    zone: str
    next_due_at: datetime
    created_by: str
    created_at: datetime
    paused_at: datetime | None
    paused_why: str | None


class Schedules(BaseModel):
    """All schedules of a shop."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_EXAMPLE]}]})

    items: list[ScheduleAnswer] = Field(description="The oldest first.")


class ScheduleRunAnswer(BaseModel):
    """One time that it was done, or not."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RUN]}, from_attributes=True)

    schedule_run_id: str
    due_at: datetime
    cause: Literal["due", "late", "again", "by_hand"]
    attempt: int
    passed: int = Field(description="Due times before it that passed while the server was off.")
    state: Literal["waiting", "running", "done", "failed", "asks", "skipped"]
    job_id: str | None
    run_words: str = Field(description="What came of it.")
    begun_at: datetime
    ended_at: datetime | None
    again_at: datetime | None = Field(description="When it is tried again.")


@router.get("", operation_id="list_schedules", summary="All schedules of a shop")
@blocking
def list_schedules(caller: Reader, shop_id: ShopId) -> Schedules:
    """What is done by the shop's clock, and when next."""
    return Schedules(items=[_shown(one) for one in caller.store.schedules.of_shop(shop_id)])


@router.post("", operation_id="add_schedule", summary="Add a schedule", status_code=201)
@blocking
def add(
    caller: Runner, shop_id: ShopId, wanted: NewSchedule, request: Request, response: Response
) -> ScheduleAnswer:
    """A `pull`, `push` or `report` takes the right to sources too."""
    rule = Rule(**wanted.rule.model_dump())
    made = add_schedule(caller.store, shop_id, wanted.what, rule, about_id=wanted.about_id)
    caller.platform.wake_schedules()
    made_at(request, response, "shops", shop_id, "schedules", made.schedule_id)
    return _shown(made)


@router.get("/{schedule_id}", operation_id="get_schedule", summary="One schedule")
@blocking
def get(caller: Reader, shop_id: ShopId, schedule_id: ScheduleId) -> ScheduleAnswer:
    """When it is due next, or why it is paused."""
    return _shown(_schedule(caller.store, shop_id, schedule_id))


@router.patch(
    "/{schedule_id}", operation_id="change_schedule", summary="Change when a schedule is due, or pause it"
)
@blocking
def change(
    caller: Runner, shop_id: ShopId, schedule_id: ScheduleId, wanted: ChangedSchedule
) -> ScheduleAnswer:
    """What was due while it was paused is not made up for."""
    changed = _schedule(caller.store, shop_id, schedule_id)
    if wanted.rule is not None:
        changed = change_schedule(caller.store, schedule_id, Rule(**wanted.rule.model_dump()))
    if wanted.is_paused is not None:
        act = pause_schedule if wanted.is_paused else resume_schedule
        changed = act(caller.store, schedule_id)
    caller.platform.wake_schedules()
    return _shown(changed)


@router.delete("/{schedule_id}", operation_id="delete_schedule", summary="Delete a schedule", status_code=204)
@blocking
def delete(caller: Runner, shop_id: ShopId, schedule_id: ScheduleId) -> Response:
    """With the account of its runs; work that is under way goes on."""
    _schedule(caller.store, shop_id, schedule_id)
    caller.store.schedules.delete(schedule_id)
    return Response(status_code=204)


@router.post(
    "/{schedule_id}/run", operation_id="run_schedule", summary="Run a schedule out of turn", status_code=202
)
@blocking
def run(caller: Runner, shop_id: ShopId, schedule_id: ScheduleId) -> ScheduleRunAnswer:
    """A run that waits or goes on already is answered in its place."""
    _schedule(caller.store, shop_id, schedule_id)
    begun = run_now(caller.store, schedule_id)
    caller.platform.wake_schedules()
    return _run(begun)


@router.get(
    "/{schedule_id}/runs",
    operation_id="list_schedule_runs",
    summary="How a schedule went in the last 90 days",
)
@blocking
def list_runs(
    caller: Reader, shop_id: ShopId, schedule_id: ScheduleId, paged: Paged
) -> Page[ScheduleRunAnswer]:
    """The newest first."""
    _schedule(caller.store, shop_id, schedule_id)
    rows = sorted(caller.store.schedules.runs(schedule_id), key=_place, reverse=True)
    found, body = paged.of_list(rows, _place)
    return Page[ScheduleRunAnswer](**{**body, "items": [_run(one) for one in found]})


def _place(run: ScheduleRun) -> tuple[str, ...]:
    return run.begun_at.isoformat(), run.schedule_run_id


def _schedule(store: Store, shop_id: str, schedule_id: str) -> Schedule:
    found = store.schedules.get(schedule_id)
    if found.shop_id != shop_id:
        raise NotFoundError(
            "Looking for a schedule: this shop has none with this id.", "Take one of its list."
        )
    return found


def _shown(schedule: Schedule) -> ScheduleAnswer:
    rule = RuleModel.model_validate(schedule.rule)
    return ScheduleAnswer.model_validate(
        {**vars(schedule), "rule": rule.model_dump(), "words": rule_words(schedule.rule)}
    )


def _run(run: ScheduleRun) -> ScheduleRunAnswer:
    return ScheduleRunAnswer.model_validate(run)
