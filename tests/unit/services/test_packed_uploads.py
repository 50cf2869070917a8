"""Several uploads in one archive, and how a reader takes them apart again."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from churnkit.config import IngestSettings
from churnkit.errors import DataError
from churnkit.ingest.files import opened
from churnkit.ingest.files.zip_archives import BUNDLE_MARK as READ_MARK
from churnkit.services.look.packed_uploads import BUNDLE_MARK, pack_files

HEADER = b"customer,order,date,total\n"


def line(order: int) -> bytes:
    return b"c1,%d,2026-01-%02d,10.5\n" % (order, order)


def test_packed_files_are_read_as_one_table(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", HEADER + line(3))
        archive.writestr("b.csv", HEADER + line(4))
    files = {
        "orders.csv": HEADER + line(1),
        "../or[d]ers.csv.gz": gzip.compress(HEADER + line(2)),
        "parts.zip": inner.getvalue(),
        "[Content_Types].xml": HEADER + line(5),
    }
    packed = pack_files(
        [(io.BytesIO(content), name) for name, content in files.items()], tmp_path / "4 files.zip", 10_000
    )
    with opened(packed, tmp_path / "work", IngestSettings()) as raw:
        assert raw.rows('SELECT "order" FROM {raw} ORDER BY {row}') == [
            ("1",),
            ("2",),
            ("3",),
            ("4",),
            ("5",),
        ]
        assert [part.name for part in raw.parts] == [
            "orders.csv",
            "or_d_ers.csv.gz",
            "a.csv",
            "b.csv",
            "_Content_Types_.xml",
        ]
    assert BUNDLE_MARK == READ_MARK


def test_too_much_leaves_nothing(tmp_path: Path) -> None:
    files = [(io.BytesIO(b"x" * 600), "a"), (io.BytesIO(b"x" * 600), "b")]
    with pytest.raises(DataError, match="CHURNKIT_MAX_BYTES"):
        pack_files(files, tmp_path / "two.zip", 1_000)
    assert not list(tmp_path.iterdir())
