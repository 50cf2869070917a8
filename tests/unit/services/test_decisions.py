"""What a run's folder gets for decisions, on shops with and without products, and on hardly any data."""

from __future__ import annotations

import json
import math
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.rows import frame_of
from churnkit.results.segments import CustomerFilter, SegmentFlow
from churnkit.segments import NOT_YET, SEGMENTS, RfmBands
from churnkit.services.analyse.analysis import analyze
from churnkit.services.analyse.decisions import write_decisions
from churnkit.services.analyse.run_folder import write_run
from churnkit.services.decide.customer_list import find_customers
from churnkit.services.decide.insights import KINDS, insights
from churnkit.services.decide.loss_path import loss_path
from churnkit.services.decide.next_best_action import ActionDesk
from churnkit.services.decide.reach import reach_of
from churnkit.services.decide.segment_views import (
    GROUPINGS,
    compared,
    group_names,
    grouped_customers,
    rfm,
    save_bands,
    saved_bands,
)
from churnkit.services.deliver.group_content import group_content
from churnkit.store import Store
from tests.shops import order_lines

pytestmark = pytest.mark.slow

FILES = ("segments.json", "cohorts.parquet", "baskets.json", "actions.parquet")


def written(folder: Path, lines: pd.DataFrame, horizon_days: int | None) -> Results:
    source = folder / "orders.csv"
    lines.to_csv(source, index=False)
    settings = AnalysisSettings(
        horizon_days=horizon_days, tournament=TournamentSettings(budget_seconds=1, jobs=1)
    )
    analysis = analyze(source, folder / "work", settings=settings)
    write_run(analysis, folder / "run", folder / "models")
    return Results(folder / "run")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """170 days are too few for models, so the purchase process scores: quick to build."""
    lines = order_lines(customers=260, days=170, drop_out_rate=0.08)
    rng = np.random.default_rng(5)
    names = np.array(["Tea", "Cup", "<b>Pot</b>", "Delivery", "Kettle", "Tin"], dtype=object)
    lines["product_name"] = names[rng.integers(0, len(names), len(lines))]
    lines["category"] = rng.choice(["Drinks", "Ware"], len(lines))
    lines["currency"] = "EUR"
    return written(tmp_path_factory.mktemp("shop"), lines, 30)


@pytest.fixture(scope="module")
def handful(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Four customers with one order each, no products."""
    lines = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d"],
            "order_id": ["1", "2", "3", "4"],
            "ordered_at": ["2025-01-03", "2025-01-20", "2025-02-02", "2025-03-05"],
            "amount": [10.0, 20.0, 30.0, 40.0],
        }
    )
    return written(tmp_path_factory.mktemp("handful"), lines, 30)


def test_every_file_is_there_and_whole(shop: Results, handful: Results) -> None:
    for results in (shop, handful):
        assert all((results.folder / name).exists() for name in FILES)
        assert not list(results.folder.glob(".*.tmp"))
        assert results.actions is not None
        assert results.actions["customer_id"].tolist() == results.customers["customer_id"].tolist()


def test_writing_again_changes_nothing(shop: Results, tmp_path: Path) -> None:
    again = tmp_path / "run"
    shutil.copytree(shop.folder, again)
    write_decisions(again)
    for name in ("segments.json", "baskets.json"):
        assert (again / name).read_bytes() == (shop.folder / name).read_bytes(), name
    for name in ("cohorts.parquet", "actions.parquet"):
        pd.testing.assert_frame_equal(pd.read_parquet(again / name), pd.read_parquet(shop.folder / name))


def test_what_comes_after_the_cutoff_changes_nothing(shop: Results, tmp_path: Path) -> None:
    later = tmp_path / "run"
    shutil.copytree(shop.folder, later)
    lines = pd.read_parquet(shop.transactions_path)
    last = lines.tail(60).assign(
        ordered_at=pd.Timestamp(shop.cutoff)
        + pd.to_timedelta(np.arange(60) % 7, unit="D").astype("timedelta64[us]"),
        order_id=lambda f: "late " + f["order_id"],
        product_name="Cup",
        amount=999.0,
    )
    pd.concat([lines, last.astype(lines.dtypes)]).to_parquet(later / "transactions.parquet", index=False)
    write_decisions(later)
    assert (later / "baskets.json").read_bytes() == (shop.folder / "baskets.json").read_bytes()
    for name in ("cohorts.parquet", "actions.parquet"):
        pd.testing.assert_frame_equal(pd.read_parquet(later / name), pd.read_parquet(shop.folder / name))


def test_groups_and_movement_add_up(shop: Results) -> None:
    told = shop.segments
    assert told is not None
    count = len(shop.customers)
    assert sum(group.customers for group in told.groups) == count
    assert sum(field.customers for field in told.grid) == shop.customers["risk_tier"].notna().sum() > 0
    assert told.cutoff_before and isinstance(told.clusters, Found) and isinstance(told.movement, Found)
    assert sum(group.customers for group in told.clusters.value.groups) == count
    flows = frame_of(SegmentFlow, told.movement.value)
    assert flows["customers"].sum() == pytest.approx(count)
    assert flows.groupby("to_segment")["customers"].sum().to_dict() == pytest.approx(
        {group.group: group.customers for group in told.groups}
    )
    assert set(flows["from_segment"]) <= {*SEGMENTS, NOT_YET}
    # What customers spent between the dates is what the file says they did.
    lines = pd.read_parquet(shop.transactions_path)
    since = lines[lines["ordered_at"] >= pd.Timestamp(told.cutoff_before)]
    assert flows["spend_between"].sum() == pytest.approx(since["amount"].sum(), abs=0.5)


def test_edited_bands(shop: Results, tmp_path: Path) -> None:
    usual, edited = rfm(shop), rfm(shop, RfmBands((0, 0, 0, 0), (99,) * 4, (1e9,) * 4))
    assert usual.segment.tolist() == shop.customers["segment"].tolist()
    assert set(edited.segment) == {"Hibernating"} and edited.groups["customers"].tolist() == [
        len(shop.customers)
    ]
    assert edited.flows is not None
    assert edited.flows[["from_segment", "to_segment"]].to_numpy().tolist() == [["Hibernating"] * 2]
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        assert saved_bands(store, "s") is None
        save_bands(store, "s", usual.bands)
        assert saved_bands(store, "s") == usual.bands
        save_bands(store, "s", None)
        assert saved_bands(store, "s") is None


def test_any_two_groups_can_be_compared(shop: Results) -> None:
    customers = grouped_customers(shop)
    for by in GROUPINGS:
        names = group_names(customers, by)
        grouped = shop.customers["risk_tier"].notna().sum() if by == "risk_tier" else len(customers)
        assert sum((customers[by] == name).sum() for name in names) == grouped
        if len(names) > 1:
            table = compared(customers, by, names[0], names[-1]).set_index("figure")
            assert (
                table.loc[list(GROUPINGS[by][1] & set(table.index)), "verdict"] != "more than chance"
            ).all()


def test_cohorts_count_every_customer_once(shop: Results) -> None:
    table = shop.cohorts
    assert table is not None and set(table["dimension"]) == {"all", "product", "category"}
    begun = table[(table["age_months"] == 0) & (table["period"] == "month")]
    lines = pd.read_parquet(shop.transactions_path)
    first = lines[lines["amount"] > 0].groupby("customer_id")["ordered_at"].min()
    over = first[first < pd.Timestamp(shop.cutoff).to_period("M").start_time]
    for _, part in begun.groupby("dimension"):
        assert part["size"].sum() == len(over)
    assert (begun["customers"] == begun["size"]).all()
    assert set(table.loc[table["dimension"] == "category", "item_name"]) == {"Drinks", "Ware"}


def test_suggestions_are_what_customers_lack(shop: Results) -> None:
    actions, told = shop.actions, shop.baskets
    assert actions is not None and told is not None
    assert isinstance(told.rules, Found)
    assert told.rules.value.left_out == ("Delivery",)
    assert told.rules.value.held_out is not None
    assert told.rules.value.verdict.startswith("Tested on the last order")
    lines = pd.read_parquet(shop.transactions_path)
    bought = set(zip(lines["customer_id"], lines["product_name"], strict=True))
    named = actions.dropna(subset=["product_1_name"])
    assert len(named) > 0.5 * len(actions)
    assert not bought & set(zip(named["customer_id"], named["product_1_name"], strict=True))
    assert not {"Delivery"} & set(actions["product_1_name"].dropna())


def test_due_dates_lie_within_the_threshold(shop: Results) -> None:
    actions, told = shop.actions, shop.baskets
    assert actions is not None and told is not None
    assert isinstance(told.due, Found) and told.due.value.checked is not None
    start, end = pd.Timestamp(shop.cutoff), pd.Timestamp(shop.cutoff) + pd.Timedelta(shop.horizon_days, "D")
    assert actions["due_at"].between(start, end, inclusive="left").all()
    assert (actions["due_from"] <= actions["due_at"]).all() and (
        actions["due_at"] <= actions["due_until"]
    ).all()
    assert actions["due_at"].nunique() > 5


def test_what_cannot_be_said_is_said_why(handful: Results) -> None:
    segments, baskets = handful.segments, handful.baskets
    assert segments is not None and baskets is not None
    assert isinstance(segments.clusters, Missing) and "50 of them" in segments.clusters.reason
    assert isinstance(baskets.rules, Missing) and "names no products" in baskets.rules.reason
    assert isinstance(baskets.due, Missing) and "Too few customers" in baskets.due.reason
    assert handful.actions is not None and handful.actions["due_at"].isna().all()
    assert len(insights(handful, rfm(handful))) >= 2
    desk = ActionDesk(handful, reach_of(handful))
    assert len(desk.rank(desk.usual).table) <= 4


def test_insights_lead_to_their_customers(shop: Results, tmp_path: Path) -> None:
    assert shop.segments is not None
    told = shop.segments.insights
    assert {one.kind for one in told} == set(KINDS)
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        for one in told:
            assert one.words.endswith(".") and one.definition and "nan" not in one.words
            found = find_customers(store, shop, one.filter or CustomerFilter())
            if one.customers is not None:
                assert found.total == one.customers, one.words


def test_the_churn_rate_and_the_loss_of_the_months_ahead(shop: Results) -> None:
    path, there = loss_path(shop), shop.customers[shop.customers["status"] == "active"]
    months = path.months
    assert path.active_now == len(there) and len(months) == len(shop.evidence.outlook.months)
    # Of the active alone: lapsed customers who come back would hide how many leave.
    beyond = months[-1]
    assert beyond.active_customers <= (1 - there["p_churn"]).sum() + 1e-9
    assert beyond.left_share == pytest.approx(1 - beyond.active_customers / len(there))
    before = [len(there), *(one.active_customers for one in months)]
    assert all(after <= start + 1e-9 for start, after in pairwise(before))
    assert months[-1].churn_rate == pytest.approx(1 - before[-1] / before[-2])
    # Added up over the months it never falls, and a year's is all that is at risk.
    risk = shop.evidence.revenue_at_risk
    if isinstance(risk, Found):
        lost = [one.cumulative for one in months]
        assert lost == sorted(lost) and 0 < lost[-1] <= risk.value.value
    else:
        assert path.no_money == risk.reason and all(math.isnan(one.cumulative) for one in months)
    assert "nan" not in " ".join(path.words)


def test_a_report_has_every_group_movement_and_cohort(shop: Results) -> None:
    content = group_content(shop)
    assert sum(panel.figures.customers for panel in content.panels) == len(shop.customers)
    assert isinstance(content.found, Found) and isinstance(content.cohorts, Found)
    assert sum(panel.figures.customers for panel in content.found.value) == len(shop.customers)
    assert content.rfm_cells["customers"].sum() == len(shop.customers)
    assert all("nan" not in " ".join(panel.words) for panel in (*content.panels, *content.found.value))


def test_no_money_is_lost_where_nothing_is_proven(handful: Results) -> None:
    path = loss_path(handful)
    assert path.no_money and path.words[-1] == path.no_money


def test_runs_from_before_have_none_of_it(shop: Results, tmp_path: Path) -> None:
    older = tmp_path / "run"
    shutil.copytree(shop.folder, older)
    for name in FILES:
        (older / name).unlink()
    results = Results(older)
    assert results.segments is results.baskets is results.cohorts is results.actions is None
    assert "cluster" not in grouped_customers(results).columns
    desk = ActionDesk(results, reach_of(results))
    assert desk.rank(desk.usual).table["product"].isna().all()


def test_files_hold_plain_values(shop: Results) -> None:
    for name in ("segments.json", "baskets.json"):
        text = (shop.folder / name).read_text(encoding="utf-8")
        assert "NaN" not in text and "Infinity" not in text
        json.loads(text)
