"""Databases of earlier versions open with their rows; files that cannot be opened are refused in words."""

from __future__ import annotations

import hashlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from churnkit.errors import StoreError
from churnkit.store import Store
from churnkit.store.database import MIGRATIONS_DIR
from churnkit.store.migrate import migrate, read_migrations

HERE = Path(__file__).parent
OLDER_FIRST = HERE / "older" / "0001_initial_b95dfe589670.sql"
REPOSITORY = HERE.parents[2]
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("own_migrations")

ROWS = """
INSERT INTO uploads VALUES ('u', 'local', NULL, 'orders.csv', 'uploads/u.csv', 10, 3, '2026-03-01 12:00:00');
INSERT INTO sessions (session_id, tenant_id, upload_id, column_mapping, settings, status, created_at)
VALUES ('s', 'local', 'u', '{"amount": "total"}', '{}', 'completed', '2026-03-01 12:00:00');
INSERT INTO predictions (session_id, customer_id, p_churn, risk_tier, predicted_at)
SELECT 's', 'c' || range, 0.25, 'low', '2026-03-01 12:00:00' FROM range(1000);
"""
JOB_OF_FIRST = """
INSERT INTO training_jobs VALUES
    ('j', 's', 'failed', 50, NULL, '2026-03-01 12:00:00', NULL, '2026-03-01 12:00:00', 'It broke.');
"""


def released() -> dict[str, str]:
    """Checksum by file name of the migrations that must not change."""
    lines = (HERE / "released.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    return {name: checksum for checksum, name in pairs}


def schema(path: Path) -> dict[str, str]:
    """How each table would be made again."""
    with duckdb.connect(str(path)) as connection:
        return dict(connection.execute("SELECT table_name, sql FROM duckdb_tables()").fetchall())


def test_released_migrations_have_not_changed() -> None:
    there = {f"{one.version:04d}_{one.name}.sql": one.checksum for one in read_migrations(MIGRATIONS_DIR)}
    assert there == released()


def test_older_text_is_the_one_its_name_says() -> None:
    found = hashlib.sha256(OLDER_FIRST.read_bytes()).hexdigest()
    assert OLDER_FIRST.stem.endswith(found[:12])
    assert (MIGRATIONS_DIR / "repairs" / f"0001_{found[:12]}.sql").exists()


def made_by(tmp_path: Path, first: Path, versions: int) -> Path:
    """A database as a version of churnkit with so many migrations left it, with rows."""
    folder, path = tmp_path / "migrations", tmp_path / "churnkit.duckdb"
    folder.mkdir()
    names = sorted(released())[:versions]
    for name in names:
        shutil.copyfile(MIGRATIONS_DIR / name, folder / name)
    shutil.copyfile(first, folder / names[0])
    with duckdb.connect(str(path)) as connection:
        assert migrate(connection, folder) == list(range(1, versions + 1))
        connection.execute(ROWS)
        if versions == 1:
            connection.execute(JOB_OF_FIRST)
    return path


@pytest.mark.parametrize(
    ("first", "versions"),
    [(OLDER_FIRST, 1), *[(MIGRATIONS_DIR / "0001_initial.sql", count) for count in (1, 2, 3)]],
    ids=["first 0001", "0001", "0002", "0003"],
)
def test_a_database_of_every_earlier_version_opens_with_its_rows(
    tmp_path: Path, first: Path, versions: int
) -> None:
    path = made_by(tmp_path, first, versions)
    for _ in range(2):
        with Store.open(path) as root:
            store = root.for_tenant("local")
            assert [one.column_mapping for one in store.sessions.all()] == [{"amount": "total"}]
            page = store.predictions.page("s")
            assert page.total == 1000
            assert set(page.rows["p_churn"]) == {0.25}
            jobs = [(job.kind, job.status, job.error_message) for job in store.jobs.of_session("s")]
            assert jobs == ([("analyze", "failed", "It broke.")] if versions == 1 else [])
    fresh = tmp_path / "fresh.duckdb"
    Store.open(fresh).close()
    assert schema(path) == schema(fresh)


def test_columns_that_were_chosen_by_hand_become_an_answer(tmp_path: Path) -> None:
    path = made_by(tmp_path, MIGRATIONS_DIR / "0001_initial.sql", 3)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "INSERT INTO saved_mappings VALUES ('local', 'header', '{\"amount\": \"Sum\"}', '2026-03-01 12:00:00')"
        )
    with Store.open(path) as store:
        (answer,) = store.answers.of("header")
    assert answer == {"field": "columns", "label": "Columns chosen by hand", "answer": {"amount": "Sum"}}


def test_a_repair_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = made_by(tmp_path, OLDER_FIRST, 1)
    before = schema(path)
    folder = tmp_path / "broken"
    shutil.copytree(MIGRATIONS_DIR, folder)
    (repair,) = (folder / "repairs").iterdir()
    repair.write_text(repair.read_text(encoding="utf-8") + "SELECT oops;", encoding="utf-8")
    with duckdb.connect(str(path)) as connection, pytest.raises(duckdb.Error):
        migrate(connection, folder)
    assert schema(path) == before
    with Store.open(path) as root:
        assert root.for_tenant("local").predictions.page("s").total == 1000


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """The bytes of a store with a row."""
    path = tmp_path / "whole.duckdb"
    with Store.open(path) as store:
        store.uploads.add(filename="a", file_path=Path("a"), file_size_bytes=1, uploaded_at=NOON)
    return path.read_bytes()


def refusal(path: Path) -> StoreError:
    with pytest.raises(StoreError) as caught:
        Store.open(path)
    assert caught.value.remedy
    return caught.value


def of_version(whole: bytes, version: int, path: Path) -> None:
    """The file with another storage version in its head, whose checksum DuckDB tells by refusing a wrong one."""
    changed = whole[:12] + struct.pack("<Q", version) + whole[20:]
    path.write_bytes(changed)
    computed = re.search(r"computed checksum (\d+)", refusal(path).message)
    assert computed is not None
    path.write_bytes(struct.pack("<Q", int(computed[1])) + changed[8:])


def test_a_file_of_a_newer_duckdb_names_the_way_out(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "newer.duckdb"
    of_version(whole, 100_000, path)
    error = refusal(path)
    assert "DuckDB version that the one here can read" in error.message
    assert "100000" in error.message
    assert "pip install --upgrade duckdb" in error.remedy


def test_a_damaged_or_cut_file_is_called_so(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "damaged.duckdb"
    for length in (100, 5_000):
        path.write_bytes(whole[:length])
        assert "found it cut short" in refusal(path).message
    # A block of rows is not read before somebody asks for them: of the blocks behind the head, those of the tables.
    damaged, blocks = bytearray(whole), range(12_288, len(whole), 262_144)
    for start in blocks:
        damaged[start : start + 200] = b"\xff" * 200
    for content in (whole[:12_288] + b"\xff" * 200 + whole[12_488:], bytes(damaged)):
        path.write_bytes(content)
        assert "found it damaged" in refusal(path).message
    path.write_bytes(b"")
    assert "found something else" in refusal(path).message
    assert path.read_bytes() == b""


# As root everything may be written: the child gives that up once it has imported all.
OPEN_AS_NOBODY = """
import os, sys
from pathlib import Path
from churnkit.errors import StoreError
from churnkit.store import Store

if os.geteuid() == 0:
    os.setuid(65534)
try:
    Store.open(Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("is_file", [True, False], ids=["file", "folder"])
def test_what_may_not_be_written_is_named(is_file: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="churnkit-") as name:
        folder = Path(name)
        path = folder / "churnkit.duckdb"
        Store.open(path).close()
        path.chmod(0o444 if is_file else 0o666)
        folder.chmod(0o777 if is_file else 0o555)
        done = subprocess.run(
            [sys.executable, "-c", OPEN_AS_NOBODY, str(path)],
            cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        folder.chmod(0o700)
    refused = path if is_file else folder
    assert f"must be allowed to read and write {refused}." in done.stdout
    assert "CHURNKIT_DATA_DIR" in done.stdout
