"""A customer is erased from a finished analysis: every file, every table, every page."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.errors import NotFoundError
from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.services.privacy.customer_archive import customer_archive
from churnkit.store import Store
from churnkit.ui import keys
from tests.app.conftest import InlineWorkers, settle

CUSTOMER = "00007"


@pytest.fixture
def working(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Work is done where it is started."""
    platform.follower.close()
    monkeypatch.setattr(platform.follower, "workers", InlineWorkers())
    return platform


def places_of(folder: Path, needle: bytes) -> list[str]:
    """Files that hold a name as a word, as bytes: Parquet is looked at by its values below."""
    import pyarrow.parquet as pq

    found = []
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            texts = "\n".join(str(column.to_pylist()) for column in table.columns).encode()
        elif path.is_file():
            texts = path.read_bytes()
        else:
            continue
        if re.search(rb"(?<![\w.])" + needle + rb"(?!\w)", texts):
            found.append(path.relative_to(folder).as_posix())
    return found


def test_nothing_of_a_customer_is_left_and_pages_open(
    small_app: AppTest, working: Platform, store: Store
) -> None:
    (session,) = store.sessions.all()
    store.contact_lists.create(
        session.session_id, "May", created_at=session.created_at, customer_ids=[CUSTOMER, "00008"]
    )
    data = working.folders.data
    # An export that was to be added and is refused: it lies there until somebody says what of it.
    refused = working.receive_upload(
        store, io.BytesIO(f"customer_id,note\n{CUSTOMER},x\n".encode()), "b.csv", 10**6
    )
    add = working.add_export(store, session.session_id, refused.upload_id)
    settle(working)
    assert store.jobs.get(add.job_id).status == "failed"
    assert any(path.startswith("uploads/") for path in places_of(data, CUSTOMER.encode()))
    (job,) = working.erase_customer(store, session.session_id, CUSTOMER)
    settle(working)
    done = store.jobs.get(job.job_id)
    assert (done.status, done.error_message) == ("completed", None)
    (erasure,) = store.erasures.all()
    assert erasure.done_at is not None and (erasure.erased_rows or 0) > 10
    assert store.erasures.rows_of(session.session_id, CUSTOMER) == {}
    assert set(places_of(data, CUSTOMER.encode())) <= {"churnkit.duckdb"}
    (listed,) = store.contact_lists.of_session(session.session_id)
    assert store.contact_lists.customers(listed.list_id) == ["00008"]
    folder = working.run_folder(session)
    assert folder is not None
    assert CUSTOMER not in set(Results(folder).customers["customer_id"])
    events = store.events.of_shop(session.session_id)
    assert events[0].kind == "customer_erased" and CUSTOMER not in str(events)
    for page in ("dashboard", "customers", "data_quality", "models", "segments", "cohorts", "actions"):
        small_app.run().switch_page(f"pages/{page}.py").run()
        assert not small_app.exception, page
    # The database file is written anew when it is next opened.
    working.close()
    Store.open(working.folders.database).close()
    assert places_of(data, CUSTOMER.encode()) == []


def test_another_analysis_of_the_file_leaves_them_out(
    small_app: AppTest, working: Platform, store: Store
) -> None:
    (session,) = store.sessions.all()
    working.erase_customer(store, session.session_id, CUSTOMER)
    settle(working)
    last = max(
        (job for job in store.jobs.of_session(session.session_id) if job.kind == "look"),
        key=lambda job: job.created_at,
    )
    again = working.retry(store, last.job_id)
    settle(working)
    assert store.jobs.get(again.job_id).status == "completed"
    assert places_of(working.folders.data, CUSTOMER.encode()) == []


def test_the_page_gives_a_customers_data_and_erases_them(
    small_app: AppTest, working: Platform, store: Store
) -> None:
    (session,) = store.sessions.all()
    small_app.run()
    small_app.query_params["customer"] = CUSTOMER
    small_app.switch_page("pages/customer.py").run()
    assert small_app.button(key="erase_customer").disabled
    small_app.text_input(key=f"erase_id_{CUSTOMER}").set_value(CUSTOMER).run()
    small_app.button(key="erase_customer").click().run()
    assert not small_app.exception
    settle(working)
    assert store.erasures.rows_of(session.session_id, CUSTOMER) == {}
    small_app.session_state[keys.SETTINGS_TAB] = "Privacy"
    small_app.run().switch_page("pages/settings.py").run()
    assert any("rows gone" in text.value for text in small_app.text)


def test_the_archive_holds_every_row_of_a_customer(
    working: Platform, store: Store, small_app: AppTest
) -> None:
    (session,) = store.sessions.all()
    folders = working.customer_folders(store, session.session_id)
    content = customer_archive(store, session.session_id, folders, CUSTOMER)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tables = json.loads(archive.read("tables.json"))
        files = {
            name: json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("files/")
        }
    assert [row["customer_id"] for row in tables["predictions"]] == [CUSTOMER]
    folder = working.run_folder(session)
    assert folder is not None
    orders = pd.read_parquet(folder / "transactions.parquet")
    (mine,) = [
        rows for name, rows in files.items() if name.endswith(f"runs/{session.run_id}/transactions.json")
    ]
    assert [row["amount"] for row in mine] == list(orders[orders["customer_id"] == CUSTOMER]["amount"])
    assert all(row["customer_id"] == CUSTOMER for rows in files.values() for row in rows)
    with pytest.raises(NotFoundError, match="knows nobody"):
        customer_archive(store, session.session_id, folders, "7")
