"""SQL that workers keep for later ones: taken as it was written by the same makers, else not at all."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from churnkit.ingest import kept_sql
from churnkit.jobs.layout import sql_file
from churnkit.jobs.request import Order
from churnkit.worker import loading
from churnkit.worker import sql_file as kept_file
from churnkit.worker.loading import keep_sql, sql_since, take_sql
from churnkit.worker.sql_file import add_texts, made_by, texts_in

FIRST: dict[bytes, tuple[str, ...]] = {
    b"a" * 32: ("SELECT 1",),
    b"\x00\xff" * 16: ("SELECT ", "0", " “é” \n", "1", ""),
}
SECOND: dict[bytes, tuple[str, ...]] = {b"b" * 32: ("SELECT 2",)}


def told(texts: dict[bytes, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(kept_sql, "KEPT", dict(texts))
    return sql_since(0)


def taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[bytes, tuple[str, ...]]:
    monkeypatch.setattr(kept_sql, "KEPT", {})
    if found := texts_in(path):
        take_sql(found)
    return kept_sql.KEPT


def test_what_jobs_found_out_adds_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = tmp_path / "jobs" / "one"
    job.mkdir(parents=True)
    path = sql_file(job)
    assert path.parent == tmp_path
    assert taken(path, monkeypatch) == {}
    keep_sql(job, told({}, monkeypatch))
    assert not path.exists()
    keep_sql(job, told(FIRST, monkeypatch))
    keep_sql(job, told(SECOND, monkeypatch))
    assert taken(path, monkeypatch) == {**FIRST, **SECOND}


def test_a_worker_takes_what_lies_there_with_its_modules_where_its_job_needs_sql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = tmp_path / "jobs" / "one"
    job.mkdir(parents=True)
    keep_sql(job, told(FIRST, monkeypatch))
    for kind, has in (("erase", {}), ("look", FIRST)):
        monkeypatch.setattr(Order, "read", lambda folder, kind=kind: SimpleNamespace(kind=kind))
        monkeypatch.setattr(kept_sql, "KEPT", {})
        loading.load(job)
        assert has == kept_sql.KEPT


@pytest.mark.parametrize("what", ["other makers", "changed", "cut off", "empty", "no text", "too long"])
def test_a_file_that_is_not_as_it_was_written_is_none(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sql.json"
    with monkeypatch.context() as then:
        if what == "other makers":
            then.setattr(kept_file, "version", lambda name: "0.1")
        add_texts(path, told(FIRST, monkeypatch))
    whole = path.read_bytes()
    damaged = {
        "changed": whole.replace(b"SELECT 1", b"SELECT 3"),
        "cut off": whole[:-1],
        "empty": b"",
        "no text": b"\xff\xfe\x00" * 100,
    }
    path.write_bytes(damaged.get(what, whole))
    if what == "too long":
        monkeypatch.setattr(kept_file, "MOST_BYTES", len(whole) - 1)
    assert taken(path, monkeypatch) == {}
    if what != "too long":
        add_texts(path, told(SECOND, monkeypatch))
        assert taken(path, monkeypatch) == SECOND


def test_the_makers_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    now = made_by()
    assert now == made_by()
    other = tmp_path / "kept_sql.py"
    other.write_text("# another one\n")
    monkeypatch.setattr(kept_sql, "__file__", str(other))
    assert made_by() != now


def test_a_full_file_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sql.json"
    monkeypatch.setattr(kept_sql, "MOST", 2)
    add_texts(path, told(FIRST, monkeypatch))
    add_texts(path, told(SECOND, monkeypatch))
    assert taken(path, monkeypatch) == SECOND


def test_a_job_that_is_done_does_not_fail_where_the_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add_texts(tmp_path / "nowhere" / "sql.json", told(FIRST, monkeypatch))
    assert "not kept" in caplog.text
    # Read as it stands, whatever order its texts have.
    add_texts(tmp_path / "sql.json", told(FIRST, monkeypatch))
    assert set(json.loads(texts_in(tmp_path / "sql.json"))) == {key.hex() for key in FIRST}
