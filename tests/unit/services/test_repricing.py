"""Other assumptions about money on a finished run: beside it, whole, and alone."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.config import AnalysisSettings, Money, TournamentSettings
from churnkit.results.folders import PRICED, Results
from churnkit.results.found import Found, Missing
from churnkit.roi import Uncertainty
from churnkit.services.analyse.analysis import analyze
from churnkit.services.analyse.run_folder import write_run
from churnkit.services.decide import repricing
from churnkit.services.decide.repricing import digest, open_priced, priced_folder, repriced_customers
from tests.shops import order_lines

NAMES = {"customers.parquet", "summary.json", "evidence.json", "segments.json"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that the purchase process alone scores: quick, and with every file."""
    folder = tmp_path_factory.mktemp("made")
    order_lines(customers=60, days=170).to_csv(folder / "orders.csv", index=False)
    settings = AnalysisSettings(tournament=TournamentSettings(budget_seconds=1, jobs=1))
    run = folder / "run"
    run.mkdir()
    write_run(analyze(folder / "orders.csv", folder / "work", settings=settings), run, folder / "models")
    return run


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "run"))


def files_of(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}


def test_every_sum_of_money_is_that_of_the_new_margin(run: Path) -> None:
    before, untouched = Results(run), files_of(run)
    money = before.summary.settings.money.told(margin=0.25, contact_cost=0.5)
    after = open_priced(run, None, money)
    assert after.path("customers.parquet").parent == run / PRICED / digest(money) == priced_folder(run)
    assert {path.name for path in after.path("summary.json").parent.iterdir()} == NAMES
    for name in ("clv", "clv_if_kept", "value_at_risk"):
        was = before.customers.set_index("customer_id")[name]
        now = after.customers.set_index("customer_id")[name].loc[was.index]
        pd.testing.assert_series_equal(now, (was / 4).round(2), atol=0.011, rtol=0)
    assert sorted(after.customers["rank"]) == list(range(1, len(was) + 1))
    assert after.customers["rank"].is_monotonic_increasing
    assert after.summary.customers.clv == pytest.approx(after.customers["clv"].sum())
    assert after.summary.settings.money == money and after.summary.money.margin == 0.25
    assert after.summary.money.forecast == before.summary.money.forecast
    assert sum(tier.clv for tier in after.evidence.tiers) <= after.customers["clv"].sum() + 1e-6
    assert after.segments is not None and before.segments is not None
    groups = sum(group.clv for group in after.segments.groups)
    assert groups == pytest.approx(after.customers["clv"].sum())
    assert [one.customers for one in after.segments.groups] == [
        one.customers for one in before.segments.groups
    ]
    assert files_of(run) == untouched


def test_without_proof_there_is_no_advice_at_any_price(run: Path) -> None:
    before = Results(run)
    after = open_priced(run, None, Money(margin=0.5, save_rate=1.0))
    assert type(after.evidence.recommended) is type(before.evidence.recommended)
    assert isinstance(after.evidence.revenue_at_risk, Missing) is isinstance(
        before.evidence.revenue_at_risk, Missing
    )


def test_the_run_as_it_was_made_needs_nothing_beside_it(run: Path) -> None:
    made_with = Results(run).summary.settings.money
    assert open_priced(run, None, made_with).priced is None
    assert priced_folder(run) is None and not (run / PRICED).exists()


def test_only_the_latest_assumptions_are_kept_and_whoever_reads_goes_on(run: Path) -> None:
    first = open_priced(run, None, Money(margin=0.5))
    second = open_priced(run, None, Money(margin=0.2))
    assert second.priced is not None
    assert [path.name for path in (run / PRICED).iterdir()] == [second.priced.name]
    assert first.customers["clv"].sum() > second.customers["clv"].sum() and first.evidence.tiers
    open_priced(run, None, Results(run).summary.settings.money)
    assert priced_folder(run) is None


def test_pricing_that_breaks_off_leaves_nothing(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(repricing, "_evidence", fails)
    with pytest.raises(KeyboardInterrupt):
        open_priced(run, None, Money(margin=0.5))
    assert list((run / PRICED).iterdir()) == []
    # Killed in the middle: its draft is no assumption, and goes with the next pricing.
    draft = run / PRICED / f".{'a' * 32}.{PRICED}.1.tmp"
    draft.mkdir()
    assert priced_folder(run) is None
    monkeypatch.undo()
    assert open_priced(run, None, Money(margin=0.5)).evidence.tiers
    assert not draft.exists()


def test_two_visitors_at_once(run: Path) -> None:
    found: list[Results] = []
    wanted = (Money(margin=0.5), Money(margin=0.5), Money(margin=0.4))
    threads = [
        threading.Thread(target=lambda money=money: found.append(open_priced(run, None, money)))
        for money in wanted
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.summary.settings.money.margin for one in found) == [0.4, 0.5, 0.5]
    assert len(list((run / PRICED).iterdir())) == 1


def test_the_order_follows_what_a_contact_gains() -> None:
    customers = pd.DataFrame(
        {
            "customer_id": ["dear", "keen"],
            "status": ["active"] * 2,
            "risk_tier": ["high"] * 2,
            "p_churn": [0.5, 0.5],
            "clv": [60.0, 30.0],
            "clv_if_kept": [100.0, 60.0],
            "clv_if_lost": [0.0, 0.0],
            "mean_order_value": [300.0, 10.0],
            "order_count": [2, 2],
            "monetary_total": [600.0, 20.0],
            "rank": [1, 2],
        }
    )
    money = Money(save_rate=0.9, contact_cost=0.0, campaign_discount=0.0)
    same = repriced_customers(customers, money, 1.0, None, Uncertainty())
    assert same["customer_id"].tolist() == ["dear", "keen"]
    # A discount is given off the order: at a small margin it eats what the dear one would bring.
    offer = Money(margin=0.5, save_rate=0.9, contact_cost=0.0, campaign_discount=0.3)
    now = repriced_customers(customers, offer, 0.5, None, Uncertainty())
    assert now["customer_id"].tolist() == ["keen", "dear"] and now["rank"].tolist() == [1, 2]
    assert np.allclose(now["clv"], [15.0, 30.0])


def test_at_risk_is_found_or_missing_as_before(run: Path) -> None:
    before, after = Results(run), open_priced(run, None, Money(margin=0.5))
    risk = after.summary.money.at_risk
    if isinstance(before.summary.money.at_risk, Found):
        assert isinstance(risk, Found)
        assert risk.value.value == pytest.approx(before.summary.money.at_risk.value.value / 2)
    else:
        assert isinstance(risk, Missing)
