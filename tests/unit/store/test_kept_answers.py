"""Answers are kept a day, by the key of a request; a claim whose server died is nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from churnkit.store import KEPT_FOR, KeptAnswer, Store
from tests.unit.store.filled import NOON

SECOND = timedelta(seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def claim(
    store: Store, after: timedelta = timedelta(0), begun_after: timedelta = timedelta(0)
) -> KeptAnswer | None:
    return store.kept_answers.claim(
        "key", method_path="POST /jobs", body_sha256="0", begun_after=NOON + begun_after, at=NOON + after
    )


def test_first_claim_wins_and_the_second_is_told_what_came(store: Store) -> None:
    assert claim(store) is None
    assert claim(store) == KeptAnswer("POST /jobs", "0")
    store.kept_answers.keep("key", status=202, headers={"location": "/jobs/1"}, answer="{}")
    again = claim(store)
    assert again is not None
    assert (again.status, again.headers, again.answer) == (202, {"location": "/jobs/1"}, "{}")


def test_answer_is_kept_a_day(store: Store) -> None:
    claim(store)
    store.kept_answers.keep("key", status=202, headers={}, answer="{}")
    assert claim(store, KEPT_FOR) is not None
    assert claim(store, KEPT_FOR + SECOND) is None


def test_claim_of_a_server_that_died_is_free(store: Store) -> None:
    claim(store)
    assert claim(store, begun_after=timedelta(0)) is not None
    assert claim(store, SECOND, begun_after=SECOND) is None


def test_released_claim_is_free(store: Store) -> None:
    claim(store)
    store.kept_answers.release("key")
    assert claim(store) is None


def test_program_forgets_what_is_older_in_every_workspace(store: Store) -> None:
    other = store.for_tenant("other")
    claim(store)
    claim(other, SECOND)
    store.overview.forget_kept_answers(before=NOON + SECOND)
    assert claim(store) is None
    assert claim(other) is not None
