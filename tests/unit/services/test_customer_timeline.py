"""What happened to one customer: the order of days, a campaign's window, moves between versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from churnkit.services.decide.customer_timeline import sent_to, standings_of, timeline
from churnkit.store import Store, WorkEntry, WorkState
from tests.unit.store.filled import fill

ORDERS = pd.DataFrame(
    {
        "ordered_at": pd.to_datetime(["2026-03-05 09:00", "2026-02-10 00:00", "2026-02-09 23:59"]),
        "order_id": ["C", "B", "A"],
        "lines": [2, 1, 1],
        "amount": [20.0, 7.0, 5.0],
    }
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        fill(opened)
        yield opened


def entry(state: WorkState, note: str, at: datetime, *, automatic: bool = False) -> WorkEntry:
    return WorkEntry("shop", "b", state, note, None, datetime(2026, 1, 1), "Ann", automatic, at)


def test_a_campaign_counts_what_was_bought_within_its_window(store: Store) -> None:
    (campaign,) = store.campaigns.all()
    shop = campaign.session_id
    (planned,) = sent_to(store, shop, "b", ORDERS, 20)
    assert (planned.orders, planned.spent, planned.held_out) == (None, None, False)
    store.campaigns.start(campaign.campaign_id, date(2026, 2, 10))
    for days, expected in ((20, (1, 7.0)), (23, (1, 7.0)), (24, (2, 27.0))):
        (sent,) = sent_to(store, shop, "b", ORDERS, days)
        assert (sent.orders, sent.spent) == expected
    assert sent_to(store, shop, "nobody", ORDERS, 20) == []
    assert sent_to(store, "another shop", "b", ORDERS, 20) == []


def test_everything_stands_in_one_line_newest_first(store: Store) -> None:
    (campaign,) = store.campaigns.all()
    store.campaigns.start(campaign.campaign_id, date(2026, 2, 10))
    sent = sent_to(store, campaign.session_id, "b", ORDERS, 20)
    said = [
        entry("contacted", "Rang twice", datetime(2026, 2, 11, tzinfo=UTC)),
        entry("back", "", datetime(2026, 3, 6, tzinfo=UTC), automatic=True),
    ]
    standings = [
        (date(2026, 1, 31), "active, low risk"),
        (date(2026, 2, 28), "active, high risk"),
        (date(2026, 3, 31), "active, high risk"),
    ]
    told = timeline(ORDERS, sent, said, standings, "EUR")
    assert [(one.on.isoformat(), one.kind) for one in told] == [
        ("2026-03-06", "work"),
        ("2026-03-05", "order"),
        ("2026-02-28", "standing"),
        ("2026-02-11", "work"),
        ("2026-02-10", "campaign"),
        ("2026-02-10", "order"),
        ("2026-02-09", "order"),
    ]
    words = [one.words for one in told]
    assert words[0] == "Work list: back"
    assert words[3] == "Work list: contacted (Ann). Rang twice"
    assert words[4] == "Contacted by the campaign “June”"
    assert words[2].endswith("active, high risk (before: active, low risk)")
    assert words[1].startswith("Bought 2 lines for ")


def test_standings_are_read_from_each_version_that_knows_the_customer(tmp_path: Path) -> None:
    rows = {"customer_id": ["b", "c"], "status": ["active", "lapsed"], "risk_tier": ["high", None]}
    versions = {}
    for month, frame in (
        (3, pd.DataFrame(rows)),
        (2, pd.DataFrame({"customer_id": ["c"], "status": ["active"], "risk_tier": [None]})),
        (1, pd.DataFrame({"customer_id": ["b"]})),
    ):
        path = tmp_path / f"{month}.parquet"
        frame.to_parquet(path, index=False)
        versions[datetime(2026, month, 1)] = path
    assert standings_of(versions, "b") == [
        (date(2025, 12, 31), "active"),
        (date(2026, 2, 28), "active, high risk"),
    ]
    assert standings_of(versions, "c") == [(date(2026, 1, 31), "active"), (date(2026, 2, 28), "lapsed")]
    assert standings_of(versions, "nobody") == []
