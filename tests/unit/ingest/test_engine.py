"""How much memory a database of this process may take."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from churnkit.ingest.engine import connect, memory_bytes


@pytest.mark.parametrize(
    ("space_mb", "memory_mb", "shown"),
    [
        (None, 2_000, "1.8 GiB"),
        (8_192, 2_000, "1.8 GiB"),
        (4_096, 1_196, "1.1 GiB"),
        (1_024, 256, "244.1 MiB"),
    ],
    ids=["no limit", "a job", "a reader", "too little"],
)
def test_database_keeps_within_the_space_of_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, space_mb: int | None, memory_mb: int, shown: str
) -> None:
    space = resource.RLIM_INFINITY if space_mb is None else space_mb * 1_000_000
    monkeypatch.setattr(resource, "getrlimit", lambda _: (space, space))
    assert memory_bytes() == memory_mb * 1_000_000
    with connect(tmp_path) as connection:
        assert connection.execute("SELECT current_setting('memory_limit')").fetchall() == [(shown,)]
