"""What schedules do: a pull is done when all that it brought is in, and asks where an export looks incomplete."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from churnkit.errors import SettingsError
from churnkit.jobs.timed_tasks import Outcome, PullTask
from churnkit.results.schedule import Rule
from churnkit.results.shop import AdditionFigures, OrdersOfKind
from churnkit.services.schedules.half_export import HALF_EXPORT
from churnkit.store import EndedBy, Schedule, ScheduleRun, TrainingJob
from tests.unit.store.filled import NOON


def job(job_id: str, kind: Any, status: Any = "completed", at: datetime = NOON, **more: Any) -> TrainingJob:
    ended_by: EndedBy | None = "error" if status == "failed" else None
    made = TrainingJob(
        job_id, "shop", kind, {}, status, ended_by, 0, None, at, None, None, None, None, None, None
    )
    return replace(made, **more)


class Shop:
    """A store that knows some jobs, files and additions, and a desk that starts pulls."""

    def __init__(self) -> None:
        self.known: list[TrainingJob] = []
        self.brought: list[Any] = []
        self.added: list[Any] = []
        self.is_paused = False
        self.last_result = "Nothing new."
        self.jobs = SimpleNamespace(
            of_session=lambda shop: list(reversed(self.known)),
            get=lambda ident: next(one for one in self.known if one.job_id == ident),
        )
        self.sources = SimpleNamespace(
            files=lambda source, most: self.brought,
            get=lambda source: SimpleNamespace(
                paused_at=NOON if self.is_paused else None, last_result=self.last_result
            ),
        )
        self.additions = SimpleNamespace(of_shop=lambda shop: self.added)

    def start_pull(self, store: Any, source_id: str) -> TrainingJob:
        self.known.append(job("pull", "pull", "pending"))
        return self.known[-1]


SCHEDULE = Schedule("s", "shop", "pull", "source", Rule(), "UTC", NOON, "Kim", NOON)
RUN = ScheduleRun("r", "s", "shop", NOON, "due", 1, 0, "running", "pull", "", NOON)


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def task(shop: Shop) -> PullTask:
    return PullTask(shop)  # type: ignore[arg-type]


def outcome(task: PullTask, shop: Shop) -> Outcome | None:
    return task.outcome(shop, SCHEDULE, RUN)  # type: ignore[arg-type]


def file(**more: Any) -> Any:
    return SimpleNamespace(**{"pulled_at": NOON, "add_job_id": None, "refused_why": None, **more})


def test_a_pull_is_done_when_all_that_it_brought_is_in(task: PullTask, shop: Shop) -> None:
    assert task.begin(shop, SCHEDULE, replace(RUN, state="waiting")) == "pull"  # type: ignore[arg-type]
    assert outcome(task, shop) is None
    shop.known = [job("pull", "pull")]
    shop.brought = [file(), file(pulled_at=NOON - timedelta(days=1), refused_why="It is of another pull.")]
    assert outcome(task, shop) is None
    shop.brought = [file(add_job_id="add")]
    shop.known.append(job("add", "add", "running"))
    assert outcome(task, shop) is None
    shop.known[-1] = job("add", "add")
    shop.known.append(job("refresh", "refresh", "running"))
    figures = AdditionFigures(new=OrdersOfKind(orders=3), changed=OrdersOfKind(orders=1))
    shop.added = [SimpleNamespace(addition_id="add", addition_figures=figures)]
    assert outcome(task, shop) is None
    shop.known[-1] = job("refresh", "refresh")
    assert outcome(task, shop) == Outcome("done", "3 new orders, 1 changed order.")


def test_a_pull_without_news_says_so(task: PullTask, shop: Shop) -> None:
    shop.known = [
        job("old", "add", "failed", NOON - timedelta(days=1), error_message="x"),
        job("pull", "pull"),
    ]
    assert outcome(task, shop) == Outcome("done", "Nothing new.")
    shop.last_result = "Nothing new. 1 file may still be written to: next time."
    assert outcome(task, shop) == Outcome("done", shop.last_result)


def test_a_pull_that_begins_the_shop_says_so(task: PullTask, shop: Shop) -> None:
    shop.known = [job("pull", "pull"), job("look", "look")]
    shop.brought = [file(add_job_id="look")]
    assert outcome(task, shop) == Outcome("done", "The first orders of the shop.")


def test_what_another_source_brings_meanwhile_is_no_concern_of_a_pull(task: PullTask, shop: Shop) -> None:
    shop.known = [job("pull", "pull"), job("other", "pull", "failed"), job("by hand", "add", "failed")]
    shop.known += [job("add", "add"), job("their add", "add")]
    shop.brought = [file(add_job_id="add")]
    figures = AdditionFigures(new=OrdersOfKind(orders=3), cancelled=OrdersOfKind(orders=1))
    shop.added = [
        SimpleNamespace(addition_id=ident, addition_figures=figures) for ident in ("add", "their add")
    ]
    assert outcome(task, shop) == Outcome("done", "3 new orders, 1 cancelled order.")


def test_a_pull_that_failed_is_worth_another_attempt(task: PullTask, shop: Shop) -> None:
    shop.known = [job("pull", "pull", "failed", error_message="No answer.", error_remedy="Try later.")]
    assert outcome(task, shop) == Outcome("failed", "No answer. Try later.", helps_again=True)
    shop.known = [replace(shop.known[0], ended_by="cancelled")]
    assert outcome(task, shop) == Outcome("failed", "Somebody cancelled it.")


def test_half_an_export_asks(task: PullTask, shop: Shop) -> None:
    shop.brought = [file(add_job_id="add")]
    message = f"{HALF_EXPORT}: it has 5 rows."
    shop.known = [job("pull", "pull"), job("add", "add", "failed", error_message=message)]
    assert outcome(task, shop) == Outcome("asks", message)


def test_a_file_that_cannot_be_added_fails(task: PullTask, shop: Shop) -> None:
    shop.known, shop.brought = [job("pull", "pull")], [file(refused_why="It is of another shop.")]
    assert outcome(task, shop) == Outcome("failed", "It is of another shop.")


def test_a_pull_that_was_begun_before_the_server_died_is_found_again(task: PullTask, shop: Shop) -> None:
    shop.known = [job("begun", "pull", "running")]
    found = task.begin(shop, SCHEDULE, replace(RUN, job_id=None))  # type: ignore[arg-type]
    assert (found, len(shop.known)) == ("begun", 1)


def test_a_paused_source_is_not_pulled(task: PullTask, shop: Shop) -> None:
    shop.is_paused = True
    with pytest.raises(SettingsError, match="paused"):
        task.begin(shop, SCHEDULE, replace(RUN, state="waiting"))  # type: ignore[arg-type]
