"""Files that end the process that opens them end nothing else."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from churnkit.config import WorkerLimits
from churnkit.ingest import Reading
from churnkit.jobs.layout import Folders
from churnkit.jobs.reading import Readings, ReadingStopped
from churnkit.jobs.reading.pool import ForkingReaders, ReaderPool
from churnkit.services.look.received_files import receive_upload
from churnkit.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="readers are forked on Linux only")

# What a child does is its folder's name.
PARENT = """
import os, sys, time
from pathlib import Path
from churnkit.config import WorkerLimits
from churnkit.worker.reading.parent import Parent

def work(folder):
    what = folder.name
    if what == "sleep":
        time.sleep(600)
    elif what == "spin":
        while True: pass
    elif what == "abort":
        os.abort()
    elif what == "memory":
        bytearray(10**11)
    elif what == "raise":
        raise IndexError("nobody foresaw this")
    elif what == "print":
        print("not for the protocol")

answers = os.dup(1)
os.dup2(2, 1)
Parent(0, answers, WorkerLimits(2048, int(sys.argv[1])), work).serve()
"""

GOOD = b"customer;date;total\na;2024-01-02;1\nb;2024-02-03;2\n"


class Talk:
    """A parent with children of our making, spoken to in its protocol."""

    def __init__(self, seconds: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(PARENT), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert "ready" in self.heard()

    def say(self, **order: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def heard(self) -> dict[str, str]:
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture
def talk(request: pytest.FixtureRequest) -> Iterator[Talk]:
    talk = Talk(getattr(request, "param", 60))
    yield talk
    talk.end()


def test_the_parent_says_how_each_child_ended(talk: Talk) -> None:
    endings = {
        "print": "answered",
        "abort": "died",
        "memory": "memory",
        "raise": "error",
    }
    for what in endings:
        talk.say(start=f"task {what}", folder=f"/nowhere/{what}")
    heard = [talk.heard() for _ in endings]
    assert {one["ended"]: one["how"] for one in heard} == {
        f"task {what}": how for what, how in endings.items()
    }


def test_a_child_is_stopped_on_demand_and_others_go_on(talk: Talk) -> None:
    talk.say(start="one", folder="/nowhere/sleep")
    talk.say(start="two", folder="/nowhere/sleep")
    talk.say(cancel="two")
    assert talk.heard() == {"ended": "two", "how": "cancelled"}
    talk.say(start="three", folder="/nowhere/print")
    assert talk.heard() == {"ended": "three", "how": "answered"}


@pytest.mark.parametrize("talk", [1], indirect=True)
def test_a_child_that_takes_too_long_is_ended(talk: Talk) -> None:
    talk.say(start="asleep", folder="/nowhere/sleep")
    talk.say(start="busy", folder="/nowhere/spin")
    assert [talk.heard()["how"] for _ in range(2)] == ["time", "time"]


def test_children_end_with_the_server(talk: Talk) -> None:
    talk.say(start="one", folder="/nowhere/sleep")
    talk.say(start="two", folder="/nowhere/print")
    assert talk.heard()["ended"] == "two"
    (child,) = Path(f"/proc/{talk.process.pid}/task/{talk.process.pid}/children").read_text().split()
    talk.end()
    assert not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text()


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    pool = ReaderPool(WorkerLimits(), readers=ForkingReaders)
    yield pool
    pool.close()


def far_cell() -> bytes:
    """A workbook of 2 kB with one cell in the last corner of its sheet: 550 GB once it is unfolded."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="Orders" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def test_a_bomb_ends_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # So that the reader meets what it would refuse to begin with.
    monkeypatch.setenv("CHURNKIT_MAX_SHEET_CELLS", str(10**12))
    monkeypatch.setenv("CHURNKIT_MAX_COLUMNS", "20000")
    pool = ReaderPool(WorkerLimits(), readers=ForkingReaders)
    folders = Folders(tmp_path / "data", tmp_path / "models")
    readings = Readings(folders, pool=lambda: pool)
    with Store.open(folders.database) as store:
        upload = receive_upload(store, io.BytesIO(far_cell()), "far.xlsx", folders.uploads, max_bytes=10**6)
        bomb = readings.inspection(store, upload, Reading())
        good = receive_upload(store, io.BytesIO(GOOD), "good.csv", folders.uploads, max_bytes=10**6)
        fine = readings.inspection(store, good, Reading())
        assert bomb.wait(100)
        assert fine.wait(100)
        assert fine.answer().row_count == 2
        assert bomb.how == "died"
        with pytest.raises(ReadingStopped, match=r"far\.xlsx: it ended the reader"):
            bomb.answer()
        with pytest.raises(ReadingStopped, match=r"far\.xlsx: it ended the reader"):
            readings.inspection(store, upload, Reading())
    pool.close()


def test_only_a_process_with_one_thread_forks(pool: ReaderPool, tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data", tmp_path / "models")
    with Store.open(folders.database) as store:
        upload = receive_upload(
            store,
            io.BytesIO(GOOD),
            "a.csv",
            folders.uploads,
            max_bytes=10**6,
        )
        ticket = Readings(folders, pool=lambda: pool).inspection(store, upload, Reading())
        assert ticket.wait(100)
    parent = pool._readers._parent.pid  # type: ignore[attr-defined]
    assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1


def test_a_parent_that_is_killed_has_a_successor(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data", tmp_path / "models")
    pool = ReaderPool(WorkerLimits(), readers=ForkingReaders)
    readings = Readings(folders, pool=lambda: pool)
    pool.warm()
    readers = pool._readers
    assert isinstance(readers, ForkingReaders)
    parent = readers._parent
    assert parent is not None
    parent.kill()
    parent.wait()
    with Store.open(folders.database) as store:
        upload = receive_upload(
            store,
            io.BytesIO(GOOD),
            "a.csv",
            folders.uploads,
            max_bytes=10**6,
        )
        ticket = readings.inspection(store, upload, Reading())
        assert ticket.wait(100)
        if ticket.how == "unread":
            ticket = readings.inspection(store, upload, Reading())
            assert ticket.wait(100)
        assert ticket.answer().row_count == 2
    pool.close()


def test_stopped_in_words() -> None:
    error = ReadingStopped("Looking at a.xlsx: it was stopped.", "Look again.", by_the_file=False)
    assert (error.code, str(error)) == ("data", "Looking at a.xlsx: it was stopped. Look again.")
