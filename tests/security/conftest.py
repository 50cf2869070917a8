"""One real server for all tests of what a stranger can send to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import Server, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Small caps, so that they are reached with small files."""
    with running(
        tmp_path_factory.mktemp("server"),
        CHURNKIT_UPLOAD_SESSION_MB="3",
        CHURNKIT_UPLOAD_TOTAL_MB="5",
        CHURNKIT_UPLOAD_SESSION_FILES="4",
    ) as one:
        yield one
