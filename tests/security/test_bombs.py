"""Files made to break a reader: each is read, or refused in words, before it costs memory or time."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from churnkit.errors import DataError
from churnkit.ingest import ingest, inspect
from churnkit.ingest import reading as reading_module

FILES = Path(__file__).resolve().parent / "files"
ORDERS = b"customer,date,amount\n" + b"".join(
    b"c%d,2026-01-%02d,9.50\n" % (n % 5, 1 + n % 28) for n in range(60)
)

Refused = Callable[[Path], DataError]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """``refused(path)`` -> the error of looking at the file; its remedy is not empty and nothing is left behind."""

    def refuse(path: Path) -> DataError:
        workdir = tmp_path / "work"
        with pytest.raises(DataError) as caught:
            inspect(path, workdir)
        assert caught.value.remedy
        assert list(workdir.iterdir()) == []
        return caught.value

    return refuse


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("damaged_1.parquet", "Parquet file is damaged"),
        ("damaged_2.parquet", "Parquet file is damaged"),
        ("damaged_lzma.zip", "zip archive is damaged"),
        ("damaged_member.zip", "zip archive is damaged"),
        ("member_named_slash.zip", "no file in the zip archive"),
        ("laughs.xlsx", "the workbook is damaged"),
        ("xxe.xlsx", "the workbook is damaged"),
    ],
)
def test_found_files_are_refused_in_words(refused: Refused, name: str, found: str) -> None:
    assert found in refused(FILES / name).message


@pytest.mark.parametrize(
    ("raised", "found"),
    [
        (
            KeyError("odd"),
            "this text file is damaged, cut off or not written as its format asks (KeyError: 'odd')",
        ),
        (MemoryError(), "needs more memory than the reader may take"),
        (duckdb.OutOfMemoryException("failed to allocate"), "needs more memory than the reader may take"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "the disk for intermediate files must have room"),
        (duckdb.IOException("Could not write: No space left on device"), "must have room, but it is full"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "/data/x"), "permission was denied (/data/x)"),
        (FileNotFoundError(errno.ENOENT, "gone", "/x/raw.parquet"), "no longer there (raw.parquet)"),
        (BaseException("a panic in a reader"), "(BaseException: a panic in a reader)"),
    ],
)
def test_whatever_a_reader_raises_is_told_in_words(
    refused: Refused,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    raised: BaseException,
    found: str,
) -> None:
    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(reading_module, "read_delimited", fail)
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS)
    with caplog.at_level(logging.WARNING, "churnkit.ingest.guard"):
        error = refused(path)
    assert found in error.message
    assert "orders.csv" in error.message
    assert error.__cause__ is raised
    (record,) = caplog.records
    assert record.exc_info and record.exc_info[1] is raised


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_stop_of_the_process_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def fail(*_: object) -> None:
        raise stop

    monkeypatch.setattr(reading_module, "read_delimited", fail)
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS)
    with pytest.raises(stop):
        inspect(path, tmp_path / "work")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS)
    for read in (inspect, ingest):
        with pytest.raises(DataError, match=r"orders\.csv"):
            read(path, path / "work")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(DataError, match="permission was denied"):
        inspect(path, closed)
