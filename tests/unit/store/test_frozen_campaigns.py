"""Frozen campaigns: frozen customers, status, readouts, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from churnkit.errors import StoreError
from churnkit.store import FrozenCampaign, Session, Store
from churnkit.store.database import MIGRATIONS_DIR
from churnkit.store.migrate import migrate
from tests.unit.store.filled import guest

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FACTS = {"settings": {"holdout_share": 0.2}, "promise": {"net": {"value": 12.5, "low": -1.0, "high": 30.0}}}
MEMBERS = pd.DataFrame(
    {
        "customer_id": ["b", "'; DROP TABLE x", "007"],
        "arm": ["treatment", "holdout", "treatment"],
        "stratum": "1 high, value 5 of 5",
        "p_churn": [0.9, 0.8, 0.1],
        "p_alive": [0.5, float("nan"), 1.0],
        "risk_tier": ["high", "high", "low"],
        "clv_if_kept": [30.0, 20.0, 10.0],
        "mean_order_value": [3.0, 2.0, 1.0],
        "order_count": [1, 2, 3],
        "savable": [0.4, 1.0, 1.0],
        "expected_gain": [5.0, 1.0, -0.5],
        "factor_1": ["long silent", None, "few orders"],
    }
)
EXCLUDED = pd.DataFrame({"customer_id": ["z"], "reason": ["in_campaign"], "detail": ["Autumn"]})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def begin(store: Store) -> Session:
    upload = store.uploads.add(
        filename="o.csv", file_path=Path("o.csv"), file_size_bytes=10, uploaded_at=NOON
    )
    return store.sessions.create(upload_id=upload.upload_id, column_mapping={}, created_at=NOON)


def frozen(store: Store, session: Session, name: str = "Winter", later: int = 0) -> FrozenCampaign:
    return store.campaigns.freeze(
        session.session_id,
        name,
        run_id="run",
        facts=FACTS,
        members=MEMBERS,
        excluded=EXCLUDED,
        created_at=NOON + timedelta(hours=later),
    )


def test_campaign_comes_back_as_it_was(store: Store) -> None:
    session = begin(store)
    campaign = frozen(store, session)
    assert (campaign.name, campaign.status, campaign.started_on, campaign.facts) == (
        "Winter",
        "planned",
        None,
        FACTS,
    )
    assert (campaign.session_id, campaign.run_id, campaign.created_at) == (session.session_id, "run", NOON)
    assert store.campaigns.get(campaign.campaign_id) == campaign
    members = store.campaigns.members(campaign.campaign_id)
    assert members["place"].tolist() == [1, 2, 3]
    for column in MEMBERS:
        pd.testing.assert_series_equal(members[column], MEMBERS[column], check_dtype=False)
    assert members["segment"].isna().all()
    assert store.campaigns.exclusions(campaign.campaign_id).to_dict("list") == EXCLUDED.to_dict("list")


def test_campaigns_are_listed_newest_first(store: Store) -> None:
    one, two = begin(store), begin(store)
    first, second = frozen(store, one), frozen(store, two, "Spring", later=1)
    assert store.campaigns.all() == [second, first]


def test_campaign_goes_out_and_ends(store: Store) -> None:
    campaign = frozen(store, begin(store))
    with pytest.raises(StoreError, match="must have gone out and not have ended, but it is planned"):
        store.campaigns.end(campaign.campaign_id)
    assert store.campaigns.start(campaign.campaign_id, date(2026, 3, 2)).started_on == date(2026, 3, 2)
    started = store.campaigns.start(campaign.campaign_id, date(2026, 3, 3))
    assert (started.status, started.started_on) == ("running", date(2026, 3, 3))
    ended = store.campaigns.end(campaign.campaign_id)
    assert (ended.status, ended.started_on) == ("ended", date(2026, 3, 3))
    with pytest.raises(StoreError, match="it is ended"):
        store.campaigns.start(campaign.campaign_id, date(2026, 3, 4))


def test_customers_are_busy_until_the_end(store: Store) -> None:
    campaign = frozen(store, begin(store))
    assert store.campaigns.busy_customers() == {"b": "Winter", "'; DROP TABLE x": "Winter", "007": "Winter"}
    assert store.for_tenant("other").campaigns.busy_customers() == {}
    store.campaigns.start(campaign.campaign_id, date(2026, 3, 2))
    assert len(store.campaigns.busy_customers()) == 3
    store.campaigns.end(campaign.campaign_id)
    assert store.campaigns.busy_customers() == {}


def test_readouts_are_kept_newest_first(store: Store) -> None:
    campaign = frozen(store, begin(store))
    early, late = (
        store.readouts.add(
            campaign.campaign_id,
            source=source,
            figures={"grade": grade},
            words=["It worked.", "Surely."],
            is_complete=complete,
            looked_at=NOON + timedelta(days=days),
        )
        for source, grade, complete, days in (
            ("orders.csv", "worked", True, 60),
            ("results.csv", "unclear", False, 70),
        )
    )
    assert [found.source for found in store.readouts.of_campaign(campaign.campaign_id)] == [
        "results.csv",
        "orders.csv",
    ]
    assert early.words == ["It worked.", "Surely."]
    assert late.figures == {"grade": "unclear"}
    assert store.readouts.latest_complete() == early
    assert store.for_tenant("other").readouts.latest_complete() is None


def test_campaigns_are_the_readers_own_and_go_with_the_session(store: Store) -> None:
    session = begin(store)
    reader = guest(store, session)
    campaign = frozen(reader, session)
    reader.readouts.add(
        campaign.campaign_id, source="x", figures={}, words=[], is_complete=True, looked_at=NOON
    )
    assert store.campaigns.all() == []
    with pytest.raises(StoreError, match="there is none"):
        store.campaigns.members(campaign.campaign_id)
    store.sessions.delete(session.session_id)
    assert reader.campaigns.all() == []
    assert reader.campaigns.busy_customers() == {}
    assert reader.readouts.latest_complete() is None
    with store.cursor() as cursor:
        for table in ("members", "exclusions"):
            assert cursor.execute(f"SELECT count(*) FROM campaign_plan_{table}").fetchall() == [(0,)]


def test_deleting_one_campaign_leaves_the_others(store: Store) -> None:
    session = begin(store)
    first, second = frozen(store, session), frozen(store, session, "Spring")
    store.campaigns.delete(first.campaign_id)
    assert store.campaigns.all() == [second]
    assert len(store.campaigns.members(second.campaign_id)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"members": MEMBERS.assign(arm="both")},
        {"members": MEMBERS.assign(p_churn=1.5)},
        {"members": MEMBERS.drop(columns="savable")},
        {"name": ""},
    ],
)
def test_refused_campaign_leaves_nothing(store: Store, wrong) -> None:
    session = begin(store)
    values = {
        "name": "Winter",
        "run_id": "run",
        "facts": FACTS,
        "members": MEMBERS,
        "excluded": EXCLUDED,
        "created_at": NOON,
    }
    with pytest.raises(StoreError):
        store.campaigns.freeze(session.session_id, **{**values, **wrong})
    assert store.campaigns.all() == []
    with store.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM campaign_plan_members").fetchall() == [(0,)]


def test_campaign_needs_a_session(store: Store) -> None:
    session = begin(store)
    store.sessions.delete(session.session_id)
    with pytest.raises(StoreError, match="there is none"):
        frozen(store, session)


def test_older_store_gets_the_tables(tmp_path: Path) -> None:
    path, before = tmp_path / "old.duckdb", tmp_path / "migrations"
    before.mkdir()
    for name in ("0001_initial.sql", "0002_app.sql"):
        (before / name).write_text((MIGRATIONS_DIR / name).read_text(encoding="utf-8"), encoding="utf-8")
    with duckdb.connect(str(path)) as connection:
        migrate(connection, before)
    with Store.open(path) as store:
        assert store.campaigns.all() == []
