"""Questions to readers: whose is next, what is answered twice, what a file that ends its reader leaves behind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from churnkit.config import IngestSettings, WorkerLimits
from churnkit.errors import DataError, SettingsError
from churnkit.ingest import Choice, OpenQuestions, Question, Reading
from churnkit.jobs.layout import Folders
from churnkit.jobs.reading import Readings, ReadingStopped
from churnkit.jobs.reading.endings import OUT_OF_MEMORY, How, how_it_ended
from churnkit.jobs.reading.pool import Ended, ReaderPool, SingleReaders
from churnkit.jobs.reading.task import ReadingTask, read_error, write_error
from churnkit.services.look.received_files import receive_upload
from churnkit.store import Store, Upload
from churnkit.worker.reading.work import answer

ORDERS = b"customer;date;total\n" + b"".join(
    f"K{n % 9};2024-{n % 12 + 1:02d}-03;{n},50\n".encode() for n in range(60)
)
LIMITS = WorkerLimits()


class PatientReaders:
    """Starts nothing by itself: the test says when and how work ends."""

    def __init__(self, limits: WorkerLimits, ended: Ended) -> None:
        self.ended = ended
        self.started: dict[str, Path] = {}

    def warm(self) -> None:
        pass

    def start(self, task_id: str, folder: Path) -> None:
        self.started[task_id] = folder

    def stop(self, task_id: str) -> None:
        self.ended(task_id, "cancelled")

    def close(self) -> None:
        pass

    def work(self, task_id: str) -> None:
        answer(self.started[task_id])
        self.ended(task_id, "answered")


class Desk:
    """A data folder, its readings, and the readers behind them."""

    def __init__(self, folder: Path) -> None:
        self.folders = Folders(folder / "data", folder / "models")
        self.pool = ReaderPool(LIMITS, slots=2, readers=self._readers)
        self.readings = Readings(self.folders, pool=lambda: self.pool)
        self.root = Store.open(self.folders.database)

    def _readers(self, limits: WorkerLimits, ended: Ended) -> PatientReaders:
        self.readers = PatientReaders(limits, ended)
        return self.readers

    def upload(self, store: Store, content: bytes = ORDERS) -> Upload:
        return receive_upload(
            store, io.BytesIO(content), "my orders.csv", self.folders.uploads, max_bytes=10**6
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.root.close()


def test_an_inspection_comes_back_as_the_reader_found_it(desk: Desk) -> None:
    upload = desk.upload(desk.root)
    ticket = desk.readings.inspection(desk.root, upload, Reading())
    assert not ticket.wait(0)
    desk.readers.work(ticket.ticket_id)
    found = ticket.answer()
    assert found.mapping.columns == {"customer_id": "customer", "ordered_at": "date", "amount": "total"}
    assert (found.row_count, len(found.preview), found.questions) == (60, 60, ())
    assert [info.name for info in found.columns] == ["customer", "date", "total"]
    assert found.preview["total"][3] == "3,50"
    assert not any(desk.folders.reading.iterdir())


def test_the_same_question_is_asked_once(desk: Desk) -> None:
    first, same = desk.upload(desk.root), desk.upload(desk.root)
    ticket = desk.readings.inspection(desk.root, first, Reading())
    assert desk.readings.inspection(desk.root, same, Reading()) is ticket
    other = desk.readings.inspection(desk.root, first, Reading(settings=IngestSettings(delimiter=";")))
    assert other is not ticket
    stranger = desk.root.for_tenant("stranger")
    theirs = desk.readings.inspection(stranger, desk.upload(stranger), Reading())
    assert theirs is not ticket


def test_a_refusal_has_the_name_that_its_owner_knows(desk: Desk) -> None:
    upload = desk.upload(desk.root, b"customer;date;total\n")
    ticket = desk.readings.inspection(desk.root, upload, Reading())
    desk.readers.work(ticket.ticket_id)
    with pytest.raises(DataError, match=r"my orders\.csv"):
        ticket.answer()


def test_questions_come_back_with_their_choices(tmp_path: Path) -> None:
    choices = (Choice("Polish", {"encoding": "cp1250"}, rows=12, amount=7.5, example="Łódź"),)
    asked = Question(
        "encoding", "7f3a.csv can be read in two ways.", "Say which.", choices, option="--encoding"
    )
    task = ReadingTask("inspect", Path("uploads/7f3a.csv"), "orders.csv")
    write_error(OpenQuestions([asked], "Opening 7f3a.csv"), task, tmp_path)
    error = read_error(tmp_path)
    assert isinstance(error, OpenQuestions)
    assert error.questions == (replace(asked, message="orders.csv can be read in two ways."),)
    assert error.message == "Opening orders.csv: orders.csv can be read in two ways."
    assert error.remedy == "Say which."


@pytest.mark.parametrize("how", ["died", "memory", "time", "error"])
def test_a_file_that_ends_its_reader_is_not_tried_again_by_itself(desk: Desk, how: How) -> None:
    upload = desk.upload(desk.root)
    ticket = desk.readings.inspection(desk.root, upload, Reading())
    desk.readers.ended(ticket.ticket_id, how)
    with pytest.raises(ReadingStopped, match=r"my orders\.csv"):
        ticket.answer()
    # Other settings, another upload of the same bytes, another server: it is the bytes that do it.
    again = desk.upload(desk.root)
    for known, settings in ((upload, IngestSettings(delimiter=";")), (again, IngestSettings())):
        with pytest.raises(ReadingStopped):
            Readings(desk.folders, pool=lambda: desk.pool).inspection(
                desk.root, known, Reading(settings=settings)
            )
    stranger = desk.root.for_tenant("stranger")
    desk.readings.inspection(stranger, desk.upload(stranger), Reading())
    asked = desk.readings.inspection(desk.root, upload, Reading(), again=True)
    desk.readers.work(asked.ticket_id)
    assert asked.answer().row_count == 60
    assert desk.readings.inspection(desk.root, again, Reading()) is not ticket


def test_stopped_stays_stopped_and_given_up_does_not(desk: Desk) -> None:
    upload = desk.upload(desk.root)
    ticket = desk.readings.inspection(desk.root, upload, Reading())
    ticket.cancel()
    assert desk.readings.inspection(desk.root, upload, Reading()) is ticket
    with pytest.raises(ReadingStopped, match="stopped") as caught:
        ticket.answer()
    assert not caught.value.by_the_file
    left = desk.readings.inspection(desk.root, upload, Reading(), again=True)
    left.give_up()
    assert desk.readings.inspection(desk.root, upload, Reading()) not in (ticket, left)


def test_one_owner_leaves_a_slot_to_others(desk: Desk) -> None:
    mine = [
        desk.readings.inspection(
            desk.root, desk.upload(desk.root), Reading(settings=IngestSettings(preview_rows=n))
        )
        for n in (5, 6, 7)
    ]
    assert list(desk.readers.started) == [mine[0].ticket_id]
    stranger = desk.root.for_tenant("stranger")
    theirs = desk.readings.inspection(stranger, desk.upload(stranger), Reading())
    assert theirs.ticket_id in desk.readers.started
    mine[1].cancel()
    assert mine[1].how == "cancelled"
    desk.readers.work(mine[0].ticket_id)
    assert list(desk.readers.started)[-1] == mine[2].ticket_id


def test_a_pool_that_closes_leaves_nobody_waiting(desk: Desk) -> None:
    upload = desk.upload(desk.root)
    tickets = [
        desk.readings.inspection(desk.root, upload, Reading(settings=IngestSettings(preview_rows=n)))
        for n in (5, 6)
    ]
    desk.pool.close()
    assert [ticket.how for ticket in tickets] == ["unread", "unread"]


def test_a_small_table_is_text_and_leaves_no_file(desk: Desk) -> None:
    stream = io.BytesIO(b"customer_id,email\n007,a@example.com\n008,\n")
    ticket = desk.readings.table(desk.root, stream, "c.csv", "a list of contacts")
    desk.readers.work(ticket.ticket_id)
    expected = pd.DataFrame({"customer_id": ["007", "008"], "email": ["a@example.com", None]}, dtype=object)
    pd.testing.assert_frame_equal(ticket.answer(), expected)
    assert not any(desk.folders.reading.iterdir())


def test_a_reader_for_each_file_where_forking_is_not_safe(desk: Desk) -> None:
    desk.pool = ReaderPool(replace(LIMITS, seconds=100), readers=SingleReaders)
    ticket = desk.readings.inspection(desk.root, desk.upload(desk.root), Reading())
    assert ticket.wait(100)
    assert ticket.answer().row_count == 60
    other = desk.readings.inspection(
        desk.root, desk.upload(desk.root), Reading(settings=IngestSettings(delimiter=";"))
    )
    other.cancel()
    assert other.wait(100)
    assert other.how == "cancelled"


def test_exit_codes() -> None:
    assert [how_it_ended(code) for code in (0, 1, OUT_OF_MEMORY, -6, -11)] == [
        "answered",
        "error",
        "memory",
        "died",
        "died",
    ]


def test_limits_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from churnkit.config import job_limits, reader_limits

    monkeypatch.setenv("CHURNKIT_READ_MEMORY_MB", "2048")
    monkeypatch.setenv("CHURNKIT_READ_SECONDS", "7")
    monkeypatch.delenv("CHURNKIT_JOB_MEMORY_MB", raising=False)
    assert reader_limits() == WorkerLimits(2048, 7)
    assert job_limits().memory_mb > reader_limits().memory_mb
    monkeypatch.setenv("CHURNKIT_READ_SECONDS", "soon")
    with pytest.raises(SettingsError, match="CHURNKIT_READ_SECONDS = 'soon'"):
        reader_limits()
