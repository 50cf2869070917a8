"""Erased customers in the store: gone from every table, known by hashes alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from churnkit.services.privacy.scrubbing import Person
from churnkit.store import Store
from churnkit.store.erasing import columns_of_tables, shop_condition
from tests.unit.store.filled import NOON, fill

CUSTOMER = "00123"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def erase(store: Store, shop_id: str) -> int:
    job = store.erasures.begin(shop_id, CUSTOMER, {"customers": [CUSTOMER]}, at=NOON)
    store.jobs.claim(job.job_id, at=NOON)
    return store.erasures.finish(
        job.job_id,
        customer_ids=[CUSTOMER],
        request={"customers": []},
        hashes=[],
        rows=0,
        clean=Person(frozenset({CUSTOMER})).out_of_json,
        at=NOON,
    )


def test_every_table_that_names_customers_says_whose_they_are(store: Store) -> None:
    with store.cursor() as cursor:
        tables = columns_of_tables(cursor)
    named = {table for table, columns in tables.items() if "customer_id" in columns}
    assert named >= {
        "predictions",
        "campaign_members",
        "campaign_plan_members",
        "work_list",
        "pushed_customers",
    }
    assert {table for table in named if shop_condition(tables[table]) is None} == set()


def test_a_customer_leaves_every_table(store: Store) -> None:
    session, _ = fill(store)
    known = {"count": 1, "best": [{"customer_id": CUSTOMER}, {"customer_id": "b"}], "note": "17 days"}
    store.insights.replace(session.session_id, generated_at=NOON, summary_stats=known)
    assert set(store.erasures.rows_of(session.session_id, CUSTOMER)) == {
        "predictions",
        "campaign_plan_members",
    }
    assert erase(store, session.session_id) == 2
    assert store.erasures.rows_of(session.session_id, CUSTOMER) == {}
    insights = store.insights.of_session(session.session_id)
    assert insights is not None
    assert insights.summary_stats == {**known, "best": [{"customer_id": "b"}]}
    with store.cursor() as cursor:
        for table in columns_of_tables(cursor):
            rows = cursor.execute(f'SELECT * FROM "{table}"').fetchall()
            assert CUSTOMER not in str(rows), table
    (erasure,) = store.erasures.all()
    assert (erasure.erased_rows, erasure.done_at) == (2, NOON)
    erased = store.erasures.of_shop(session.session_id)
    assert erased is not None and erased.among([CUSTOMER, "b"]) == {CUSTOMER}


def test_another_shops_customer_of_the_same_number_stays(store: Store) -> None:
    session, _ = fill(store)
    other, _ = fill(store)
    erase(store, session.session_id)
    assert set(store.erasures.rows_of(other.session_id, CUSTOMER)) == {"predictions", "campaign_plan_members"}
    erased = store.erasures.of_shop(other.session_id)
    assert erased is not None and erased.among([CUSTOMER]) == set()


def test_the_file_is_written_anew_when_it_is_opened_next(tmp_path: Path) -> None:
    path = tmp_path / "churnkit.duckdb"
    with Store.open(path) as store:
        session, _ = fill(store)
        store.contact_lists.create(
            session.session_id, "May too", created_at=NOON, customer_ids=[CUSTOMER, "b"]
        )
        erase(store, session.session_id)
    with Store.open(path) as store:
        assert len(store.contact_lists.of_session(session.session_id)) == 2
    assert CUSTOMER.encode() not in path.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["churnkit.duckdb"]
