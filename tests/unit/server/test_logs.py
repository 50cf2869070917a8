"""The server's log has a limit."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from churnkit.server import logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    log = logging.getLogger("churnkit")
    handlers, level = list(log.handlers), log.level
    yield
    for handler in set(log.handlers) - set(handlers):
        handler.close()
        log.removeHandler(handler)
    log.setLevel(level)


def test_log_is_turned_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 2_000)
    path = logs.keep_log(tmp_path)
    assert logs.keep_log(tmp_path) == path, "a second call adds nothing"
    assert path is not None
    for number in range(500):
        logging.getLogger("churnkit.jobs").info("line %d of a log that goes on and on", number)
    files = sorted(path.parent.iterdir())
    assert len(files) == 1 + logs.KEPT_FILES
    assert sum(file.stat().st_size for file in files) < 2_000 * len(files)
    assert path.read_text(encoding="utf-8").endswith("line 499 of a log that goes on and on\n")


def test_a_folder_that_cannot_be_written_keeps_the_server_going(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    assert logs.keep_log(tmp_path) is None
