"""How customers can be reached, from the file and from what its owner has elsewhere; and how old data are."""

from __future__ import annotations

from datetime import date

import pytest

from churnkit.services.decide.freshness import Fresh, Stale, freshness
from churnkit.services.decide.reach import Channel, Reach, found_channels

DAY = date(2011, 12, 10)


@pytest.mark.parametrize(
    ("mapping", "addresses", "channels"),
    [
        ({"customer_id": "Loyalty Card ID"}, 0.0, ("till",)),
        ({"email": "Mail"}, 0.0, ("e-mail", "till")),
        ({"customer_id": "who"}, 0.79, ("till",)),
        ({"customer_id": "who"}, 0.8, ("e-mail", "till")),
        ({"customer_id": "who", "phone": "Tel"}, 0.0, ("phone", "till")),
    ],
)
def test_no_channel_without_its_column(
    mapping: dict[str, str], addresses: float, channels: tuple[Channel, ...]
) -> None:
    assert found_channels(mapping, addresses) == channels


def test_a_call_is_no_message_to_many() -> None:
    assert Reach(("phone", "till"), "").usual == "till"
    assert Reach(("e-mail", "phone", "till"), "").usual == "e-mail"


@pytest.mark.parametrize(("horizon_days", "last_fresh"), [(60, 30), (30, 30), (14, 14)])
def test_data_are_old_after_thirty_days_or_a_shorter_threshold(horizon_days: int, last_fresh: int) -> None:
    limit = date.fromordinal(DAY.toordinal() - 1 + last_fresh)
    assert isinstance(freshness(DAY, horizon_days, limit), Fresh)
    later = freshness(DAY, horizon_days, date.fromordinal(limit.toordinal() + 1))
    assert isinstance(later, Stale)
    assert "end on 9 Dec 2011" in later.words and f"{last_fresh + 1} days ago" in later.words
    assert "newer export" in later.words
