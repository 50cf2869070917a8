"""Exports that nobody looked at: a half one is stopped at, a short month is not."""

from __future__ import annotations

from datetime import datetime

import pytest

from churnkit.errors import ConflictError
from churnkit.services.schedules.half_export import HALF_EXPORT, Extent, require_whole

YEAR = Extent(1000, datetime(2025, 1, 1), datetime(2025, 12, 31))


@pytest.mark.parametrize(
    ("rows", "begin", "end"),
    [
        (800, datetime(2025, 1, 1), datetime(2025, 12, 31)),
        (2000, datetime(2025, 1, 1), datetime(2026, 1, 31)),
        # A window that goes along, and a month of its own, which may be a quiet one.
        (850, datetime(2025, 2, 1), datetime(2026, 1, 31)),
        (10, datetime(2026, 1, 1), datetime(2026, 1, 31)),
        # Less than half of its time was told before.
        (10, datetime(2025, 8, 1), datetime(2026, 7, 31)),
    ],
)
def test_whole_ones_pass(rows: int, begin: datetime, end: datetime) -> None:
    require_whole(YEAR, Extent(rows, begin, end))


@pytest.mark.parametrize(
    ("rows", "begin", "end", "words"),
    [
        (799, datetime(2025, 1, 1), datetime(2025, 12, 31), "1,000 rows, and has 799 rows"),
        # Newest first, and broken off.
        (450, datetime(2025, 7, 20), datetime(2025, 12, 31), "1,000 rows, and has 450 rows"),
        (799, datetime(2025, 6, 1), datetime(2026, 1, 31), "same time"),
        (1000, datetime(2025, 1, 1), datetime(2025, 12, 30), "30 Dec 2025"),
    ],
)
def test_half_ones_are_stopped_at(rows: int, begin: datetime, end: datetime, words: str) -> None:
    with pytest.raises(ConflictError, match=words) as stopped:
        require_whole(YEAR, Extent(rows, begin, end))
    assert stopped.value.message.startswith(HALF_EXPORT)
