"""A campaign whose window the orders cover is read out by itself, once; what cannot be read out says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.campaigns import plan_campaign
from churnkit.results.campaign_facts import CampaignSettings
from churnkit.results.campaign_money import Assumptions
from churnkit.results.codec import to_json
from churnkit.results.files import write_frame
from churnkit.results.found import Found, Missing
from churnkit.results.run_figures import RunFigures
from churnkit.roi import Planner, Uncertainty
from churnkit.services.since.campaign_states import campaign_states, difference_words
from churnkit.services.since.readouts_due import read_out_over
from churnkit.store import Run, Store
from tests.unit.services.since.two_versions import AFTER, NOW, version
from tests.unit.store.filled import NOON, begin

COUNT = 200
SENT = date(2025, 3, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def planned(store: Store, shop: str, name: str, *, holdout_share: float = 0.5) -> str:
    """A campaign of 200 customers that went out on 1 March and counts 60 days."""
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{k:03d}" for k in range(COUNT)],
            "p_churn": 0.6,
            "risk_tier": "high",
            "clv_if_kept": 100.0,
            "clv_if_lost": 10.0,
            "mean_order_value": 20.0,
            "order_count": 3,
            "recency_days": 20,
        }
    )
    assumed = Assumptions(contact_cost=1.0, save_rate=0.3)
    settings = CampaignSettings(
        name=name, scored_at=datetime(2025, 3, 1), horizon_days=60, holdout_share=holdout_share, seed=7
    )
    planner = Planner.of(customers, Uncertainty(), 1.0)
    plan = plan_campaign(customers, planner, assumed, settings)
    kept = store.campaigns.freeze(
        shop,
        name,
        run_id="r",
        facts=to_json(plan.facts()),
        members=plan.members,
        excluded=plan.excluded,
        created_at=NOON,
    )
    return kept.campaign_id


def run_until(folder: Path, shop: str, until: datetime, buyers: list[str]) -> tuple[Run, Path]:
    """A version with an order of each of the buyers in March."""
    results = version(folder, until, AFTER)
    everybody = [f"c{k:03d}" for k in range(COUNT)]
    rows = [(one, "2025-01-05") for one in everybody] + [(one, "2025-03-20") for one in buyers]
    rows.append(("last", f"{until:%Y-%m-%d}"))
    lines = pd.DataFrame(rows, columns=["customer_id", "ordered_at"])
    lines = lines.assign(
        order_id=[f"o{k}" for k in range(len(lines))],
        ordered_at=pd.to_datetime(lines["ordered_at"]).astype("datetime64[us]") - pd.Timedelta(hours=1),
        amount=np.full(len(lines), 25.0),
    )
    (folder / "transactions.parquet").unlink()
    write_frame(lines, folder / "transactions.parquet")
    return Run("r", shop, None, 60, "x", RunFigures(), datetime(2026, 1, 1, tzinfo=UTC)), results.folder


def test_a_window_that_is_over_is_read_out_once(store: Store, tmp_path: Path) -> None:
    shop = begin(store).session_id
    campaign = planned(store, shop, "May")
    store.campaigns.start(campaign, SENT)
    members = store.campaigns.members(campaign)
    treated = members[members["arm"] == "treatment"]["customer_id"].tolist()
    run, folder = run_until(tmp_path / "now", shop, NOW, treated[:60])
    (look,) = read_out_over(store, run, folder)
    assert (look.is_automatic, look.is_complete, look.words[0]) == (
        True,
        True,
        "The campaign kept customers.",
    )
    assert look.source == "the shop's own orders, until 8 Jun 2025"
    assert read_out_over(store, run, folder) == []
    told = {event.kind: event.sentence for event in store.events.of_shop(shop)}
    assert told == {
        "campaign_ended": "The campaign 'May' is over: its last day was 29 Apr 2025.",
        "readout_ready": "The campaign 'May' has a result: The campaign kept customers.",
    }
    (state,) = campaign_states(store, shop, folder / "transactions.parquet", NOW)
    assert (state.stage, state.contacted, state.held_out, state.ends_on) == (
        "over", len(treated), COUNT - len(treated), date(2025, 4, 29)
    )  # fmt: skip
    assert state.kept == look
    assert isinstance(state.readout, Found)
    assert (
        "60\u202f% of those contacted bought, 0\u202f% of those left out for comparison"
        in difference_words(state.readout.value)
    )


def test_a_window_that_runs_is_not_read_out_but_told(store: Store, tmp_path: Path) -> None:
    shop = begin(store).session_id
    campaign = planned(store, shop, "May")
    until = datetime(2025, 4, 20)
    run, folder = run_until(tmp_path / "now", shop, until, [])
    (state,) = campaign_states(store, shop, folder / "transactions.parquet", until)
    assert (state.stage, state.ends_on) == ("not sent", None)
    assert isinstance(state.readout, Missing)
    store.campaigns.start(campaign, SENT)
    assert read_out_over(store, run, folder) == []
    assert store.events.of_shop(shop) == []
    (state,) = campaign_states(store, shop, folder / "transactions.parquet", until)
    assert (state.stage, state.kept) == ("under way", None)
    assert isinstance(state.readout, Found)
    assert "however often one looks" in difference_words(state.readout.value)


def test_what_cannot_be_read_out_says_why_and_names_nobody(store: Store, tmp_path: Path) -> None:
    shop = begin(store).session_id
    store.campaigns.start(planned(store, shop, "All", holdout_share=0.0), SENT)
    other = begin(store, "other.csv").session_id
    store.campaigns.start(planned(store, other, "Other"), SENT)
    run, folder = run_until(tmp_path / "now", shop, NOW, [])
    assert read_out_over(store, run, folder) == []
    told = {event.kind: event.sentence for event in store.events.of_shop(shop)}
    assert told["readout_ready"].startswith("The campaign 'All' is over, but cannot be read out.")
    assert "c0" not in told["readout_ready"]
    assert store.events.of_shop(other) == []
