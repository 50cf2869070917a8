"""The file underneath: migrations, locks, threads and death in the middle of a write."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from churnkit.errors import StoreError
from churnkit.store import Store
from churnkit.store.database import MIGRATIONS_DIR, Database
from churnkit.store.migrate import migrate, read_migrations

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("own_migrations")
REPOSITORY = Path(__file__).resolve().parents[3]


def begin(store: Store) -> str:
    upload = store.uploads.add(filename="a", file_path=Path("a"), file_size_bytes=1, uploaded_at=NOON)
    return store.sessions.create(upload_id=upload.upload_id, column_mapping={}, created_at=NOON).session_id


def scores(count: int, p_churn: float) -> pd.DataFrame:
    customers = [f"{number:06d}" for number in range(count)]
    return pd.DataFrame({"customer_id": customers, "p_churn": p_churn, "risk_tier": "low"})


def write_migrations(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name.removeprefix('v')}.sql").write_text(text, encoding="utf-8")
    return folder


def test_new_file_gets_every_table_and_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "churnkit.duckdb"
    with Store.open(path) as store, store.cursor() as cursor:
        tables = {name for (name,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        ledger = cursor.execute("SELECT version, name, length(checksum) FROM schema_migrations").fetchall()
    assert tables == {
        "schema_migrations", "uploads", "sessions", "training_jobs", "models", "predictions", "insights",
        "runs", "scenarios", "campaigns", "campaign_members", "saved_answers", "preferences", "step_timings",
        "removals", "campaign_plans", "campaign_plan_members", "campaign_plan_exclusions", "campaign_readouts",
        "left_workspaces", "workspaces", "people", "memberships", "sign_ins", "invitations", "password_resets",
        "shops", "additions", "shop_events", "work_list", "api_keys", "shares", "audit_log", "kept_answers", "webhooks",
        "schedules", "schedule_runs", "destinations", "pushes", "pushed_customers",
        "erasures",
        "sources", "source_files",
        "webhook_deliveries",
        "put_away", "put_away_files", "own_settings",
        "subscriptions", "messages",
    }  # fmt: skip
    assert ledger == [
        (migration.version, migration.name, 64) for migration in read_migrations(MIGRATIONS_DIR)
    ]


def test_second_opening_applies_nothing(tmp_path: Path) -> None:
    path = tmp_path / "churnkit.duckdb"
    with Store.open(path) as store:
        session_id = begin(store)
    with duckdb.connect(str(path)) as connection:
        assert migrate(connection, MIGRATIONS_DIR) == []
    with Store.open(path) as store:
        assert store.sessions.get(session_id).session_id == session_id


def test_new_migrations_are_applied_to_an_older_file(tmp_path: Path) -> None:
    folder = write_migrations(tmp_path / "m", v0001_first="CREATE TABLE a (x INTEGER);")
    path = tmp_path / "file.duckdb"
    Database.open(path, migrations=folder).close()
    write_migrations(folder, v0002_second="ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (1, 2);")
    database = Database.open(path, migrations=folder)
    with database.reading("checking") as cursor:
        assert cursor.execute("SELECT * FROM a").fetchall() == [(1, 2)]
        assert cursor.execute("SELECT version FROM schema_migrations ORDER BY 1").fetchall() == [(1,), (2,)]
    database.close()


def test_failing_migration_leaves_no_trace(tmp_path: Path) -> None:
    folder = write_migrations(tmp_path / "m", v0001_first="CREATE TABLE a (x INTEGER); CREATE TABLE oops (;")
    path = tmp_path / "file.duckdb"
    with pytest.raises(StoreError, match="bringing the tables up to date"):
        Database.open(path, migrations=folder)
    write_migrations(folder, v0001_first="CREATE TABLE a (x INTEGER);")
    database = Database.open(path, migrations=folder)
    with database.reading("checking") as cursor:
        assert cursor.execute("SELECT count(*) FROM a").fetchall() == [(0,)]
    database.close()


def test_changed_migration_is_refused(tmp_path: Path) -> None:
    folder = write_migrations(tmp_path / "m", v0001_first="CREATE TABLE a (x INTEGER);")
    path = tmp_path / "file.duckdb"
    Database.open(path, migrations=folder).close()
    write_migrations(folder, v0001_first="CREATE TABLE a (x BIGINT);")
    with pytest.raises(StoreError, match="0001_first has changed since it was applied"):
        Database.open(path, migrations=folder)


def test_line_ends_do_not_change_a_migration(tmp_path: Path) -> None:
    folder = write_migrations(tmp_path / "m", v0001_first="CREATE TABLE a\n(x INTEGER);\n")
    path = tmp_path / "file.duckdb"
    Database.open(path, migrations=folder).close()
    (folder / "0001_first.sql").write_bytes(b"CREATE TABLE a\r\n(x INTEGER);\r\n")
    Database.open(path, migrations=folder).close()


def test_file_of_newer_code_is_refused(tmp_path: Path) -> None:
    folder = write_migrations(
        tmp_path / "m", v0001_first="CREATE TABLE a (x INTEGER);", v0002_second="CREATE TABLE b (x INTEGER);"
    )
    path = tmp_path / "file.duckdb"
    Database.open(path, migrations=folder).close()
    (folder / "0002_second.sql").unlink()
    with pytest.raises(StoreError, match="version 2, this program knows 1"):
        Database.open(path, migrations=folder)


@pytest.mark.parametrize("names", [("v0002_second",), ("v0001_a", "v0001_b"), ("v0001_a", "v0003_c"), ()])
def test_versions_must_count_up_from_one(tmp_path: Path, names: tuple[str, ...]) -> None:
    folder = write_migrations(tmp_path / "m", **dict.fromkeys(names, "SELECT 1;"))
    with pytest.raises(StoreError, match="without a gap"):
        read_migrations(folder)


def test_migrations_must_be_named_by_the_rule(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="must be named like"):
        read_migrations(write_migrations(tmp_path / "m", v1_first="SELECT 1;"))


def test_refused_file_is_free_again(tmp_path: Path) -> None:
    path = tmp_path / "file.duckdb"
    with Store.open(path) as store, store.cursor() as cursor:
        cursor.execute("UPDATE schema_migrations SET checksum = 'other'")
    with pytest.raises(StoreError, match="has changed"):
        Store.open(path)
    opened = subprocess.run(
        [sys.executable, "-c", f"import duckdb; duckdb.connect({str(path)!r})"], check=False, timeout=60
    )
    assert opened.returncode == 0


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.duckdb"
    path.write_text("not a database " * 1_000, encoding="utf-8")
    with pytest.raises(StoreError, match="must be a DuckDB file"):
        Store.open(path)
    assert path.read_text(encoding="utf-8").startswith("not a database")


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="its folder cannot be made") as caught:
        Store.open(tmp_path / "file" / "churnkit.duckdb")
    assert "CHURNKIT_DATA_DIR" in caught.value.remedy


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_second_process_is_told_that_the_file_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "churnkit.duckdb"
    code = (
        "import sys; from pathlib import Path\n"
        "from churnkit.errors import StoreError; from churnkit.store import Store\n"
        "try:\n    Store.open(Path(sys.argv[1]))\n"
        "except StoreError as error:\n    print(error)\n"
    )
    with Store.open(path):
        refused = run_python(code, str(path))
    assert f"another process has it open; only one may (process {os.getpid()})." in refused.stdout
    assert refused.returncode == 0
    assert run_python(code, str(path)).stdout == ""


# Waits to be killed after the old rows were deleted and new ones inserted, before the commit.
DIE_IN_A_WRITE = """
import sys
from pathlib import Path
from churnkit.store.database import Database

with Database.open(Path(sys.argv[1])).writing("dying") as cursor:
    cursor.execute("DELETE FROM predictions")
    cursor.execute(
        "INSERT INTO predictions (session_id, customer_id, p_churn, risk_tier, predicted_at)"
        " SELECT ?, range::VARCHAR, 0.75, 'low', now()::TIMESTAMP FROM range(5000)",
        [sys.argv[2]],
    )
    print(cursor.execute("SELECT count(*) FROM predictions").fetchall()[0][0], flush=True)
    sys.stdin.read()
"""


def test_death_in_a_write_keeps_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "churnkit.duckdb"
    with Store.open(path) as store:
        session_id = begin(store)
        store.predictions.replace(session_id, scores(500, 0.25), predicted_at=NOON)
    with subprocess.Popen(
        [sys.executable, "-c", DIE_IN_A_WRITE, str(path), session_id],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "5000\n"
        child.kill()
    with Store.open(path) as store:
        page = store.predictions.page(session_id)
        assert page.total == 500
        assert set(page.rows["p_churn"]) == {0.25}
        assert store.predictions.replace(session_id, scores(10, 0.5), predicted_at=NOON) == 10


def test_exception_in_a_write_rolls_it_back(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "churnkit.duckdb")
    with pytest.raises(ZeroDivisionError), database.writing("trying") as cursor:
        cursor.execute("CREATE TABLE half (x INTEGER)")
        _ = 1 / 0
    with pytest.raises(StoreError, match="While looking"), database.reading("looking") as cursor:
        cursor.execute("SELECT * FROM half")
    database.close()


def test_closed_store_says_so(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "churnkit.duckdb")
    store.close()
    with pytest.raises(StoreError, match="listing uploads"):
        store.uploads.all()


def test_threads_read_and_write_side_by_side(tmp_path: Path) -> None:
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        session_id = begin(store)
        store.predictions.replace(session_id, scores(300, 0.0), predicted_at=NOON)
        start = threading.Barrier(8)

        def write(worker: int) -> set[float]:
            start.wait()
            for _ in range(5):
                store.predictions.replace(session_id, scores(300, worker / 10), predicted_at=NOON)
                store.jobs.create(session_id, created_at=NOON)
            return set()

        def read(_: int) -> set[float]:
            start.wait()
            seen: set[float] = set()
            for _ in range(15):
                page = store.predictions.page(session_id)
                assert page.total == len(page.rows) == 300
                values = set(page.rows["p_churn"])
                assert len(values) == 1, "a reader saw half of a write"
                seen |= values
            return seen

        with ThreadPoolExecutor(8) as pool:
            writers = [pool.submit(write, number) for number in range(1, 4)]
            readers = [pool.submit(read, number) for number in range(5)]
            seen = set().union(*(future.result() for future in [*writers, *readers]))
        assert len(store.jobs.of_session(session_id)) == 15
        assert seen <= {0.0, 0.1, 0.2, 0.3}


def test_threads_that_open_a_new_file_at_once_share_it(tmp_path: Path) -> None:
    path = tmp_path / "churnkit.duckdb"
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: Store.open(path), range(4)))
    session_id = begin(stores[0])
    assert stores[3].sessions.get(session_id).session_id == session_id
    for store in stores:
        store.close()


def test_settings_of_the_connection(tmp_path: Path) -> None:
    with Store.open(tmp_path / "churnkit.duckdb", memory_limit="300MB") as store, store.cursor() as cursor:
        (limit, order, temporary) = cursor.execute(
            "SELECT current_setting('memory_limit'), current_setting('preserve_insertion_order'),"
            " current_setting('temp_directory')"
        ).fetchall()[0]
    assert limit == "286.1 MiB"
    assert order is False
    assert Path(temporary).parent == tmp_path
