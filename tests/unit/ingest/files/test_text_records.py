"""The careful reader's records, and the count of records from bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from churnkit.ingest.files.record_count import LineCounts, count_lines
from churnkit.ingest.files.text_records import MAX_RECORD_LINES, LineQueue, read_record, split_records


def test_records_know_their_lines() -> None:
    lines = ["a,b\n", "\n", '"x\n', 'y",2\n', "  \n", "z,3"]
    records = list(split_records(lines, ",", first_line=10))
    assert [(record.line, record.fields, record.line_count) for record in records] == [
        (10, ["a", "b"], 1),
        (11, [], 1),
        (12, ["x\ny", "2"], 2),
        (14, [], 1),
        (15, ["z", "3"], 1),
    ]
    assert [record.is_blank for record in records] == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("line", "fields", "reason"),
    [
        ("1,2,3", ["1", "2", "3"], None),
        ("1,2,3,,", ["1", "2", "3"], None),
        ("1,2", ["1", "2"], "too few fields"),
        ("1,2,3,4", ["1", "2", "3", "4"], "too many fields"),
        ('1,"2,3', ["1", '"2', "3"], None),
        ('1,"2', ["1", '"2'], "unreadable quoting"),
        ('"a"b,2', ['"a"b', "2"], "unreadable quoting"),
        ('1,"2,5",3', ["1", "2,5", "3"], None),
        ('1, "2,5",3', ["1", "2,5", "3"], None),
        ('1,"say \\"no\\", yes",3', ["1", 'say "no", yes', "3"], None),
        ('1,5" pipe,3', ["1", '5" pipe', "3"], None),
    ],
)
def test_judgement(line: str, fields: list[str], reason: str | None) -> None:
    queue = LineQueue([line])
    record = read_record(next(iter(queue)), queue, ",", 3)
    assert (record.fields, record.reason) == (fields, reason)


def test_an_open_quote_hands_its_look_ahead_back() -> None:
    lines = ['1,"open\n', *(f"{number},x\n" for number in range(2, 2 * MAX_RECORD_LINES))]
    queue = LineQueue(lines)
    records = [read_record(line, queue, ",", 2) for line in queue]
    assert [record.line for record in records] == list(range(1, len(lines) + 1))
    assert [record.fields[0] for record in records] == [str(number) for number in range(1, len(lines) + 1)]


def test_white_space_needs_no_quotes() -> None:
    records = list(split_records([' 1  "a \n'], " "))
    assert records[0].fields == ["1", '"a']


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        (b"", LineCounts(0, 0, 0, 0)),
        (b"a\nb", LineCounts(2, 2, 0, 0)),
        (b"a\r\nb\r\n", LineCounts(2, 2, 0, 0)),
        (b"a\n\n\r\nb\n", LineCounts(2, 2, 2, 6)),
        (b'"x\ny",1\nz,2\n', LineCounts(3, 2, 0, 0)),
        (b'"x\n\ny",1\n', LineCounts(2, 1, 0, 0)),
        (b'5" pipe\nb\n', LineCounts(2, 0, 0, 0)),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [1, 2, 3, 1000])
def test_counting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, counts: LineCounts, chunk_bytes: int
) -> None:
    monkeypatch.setattr("churnkit.ingest.files.record_count._CHUNK_BYTES", chunk_bytes)
    path = tmp_path / "text"
    path.write_bytes(b"skipped\n" + content)
    assert count_lines(path, len(b"skipped\n"), first_line=5) == counts
