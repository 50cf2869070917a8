"""Who moved between two versions, with the money, by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from churnkit.services.since.changes import compare_runs
from tests.unit.services.since.two_versions import AFTER, BEFORE, NOW, THEN, both, version


def test_every_customer_makes_one_move(tmp_path: Path) -> None:
    found = compare_runs(*both(tmp_path), same_model=True)
    moves = found.customers.set_index("customer_id")["move"].to_dict()
    assert moves == {
        "ann": "slipping",
        "bob": "out_of_danger",
        "cat": "lapsed",
        "dan": "won_back",
        "eve": "still_active",
        "fay": "still_lapsed",
        "hal": "new",
    }
    table = found.moves.set_index("move")
    assert list(table.index) == [
        "slipping", "out_of_danger", "lapsed", "won_back", "new", "still_active", "still_lapsed"
    ]  # fmt: skip
    assert table["customers"].sum() == len(AFTER)
    assert table["spent_since"].to_dict() == {
        "slipping": 25, "out_of_danger": 70, "lapsed": 0, "won_back": 45, "new": 55, "still_active": 35, "still_lapsed": 0
    }  # fmt: skip
    assert table.loc["lapsed", "clv_then"] == 300
    assert table.loc["slipping", "value_at_risk"] == 500
    assert table["clv_then"].isna().to_dict()["new"]


def test_the_shop_as_a_whole(tmp_path: Path) -> None:
    found = compare_runs(*both(tmp_path), same_model=True)
    assert (found.before, found.now, found.days) == (BEFORE, NOW, 100)
    assert (found.active_before, found.active) == (5, 5)
    assert (found.leaving_before, found.leaving) == (2, 2)
    assert (found.at_risk_before, found.at_risk) == (350, 770)
    assert (found.since.orders, found.since.customers, found.since.revenue) == (6, 5, 230)
    assert found.as_long_before is not None
    assert (found.as_long_before.orders, found.as_long_before.revenue) == (5, 115)
    assert found.gone == 1
    assert any("1 customer of then is not in the orders any more" in note for note in found.notes)


def test_who_is_new_in_the_high_tier_and_worth_much_comes_first(tmp_path: Path) -> None:
    found = compare_runs(*both(tmp_path), same_model=True)
    # Of five active customers one is in the upper fifth: Ann. Hal is new in the high tier, but worth little.
    assert found.valuable_at_risk()["customer_id"].tolist() == ["ann"]
    assert found.of_move("won_back")["customer_id"].tolist() == ["dan"]


def test_another_threshold_tells_no_tiers_and_measures_both_by_the_new_one(tmp_path: Path) -> None:
    before = version(tmp_path / "before", BEFORE, THEN, horizon=30)
    found = compare_runs(before, version(tmp_path / "now", NOW, AFTER), same_model=True)
    assert not found.tells_tiers
    # Bob was silent for 50 days: lapsed by the 30 days of then, active by the 60 of now.
    assert (found.active_before, found.leaving) == (5, 0)
    assert found.customers.set_index("customer_id")["move"]["ann"] == "still_active"
    assert found.customers["p_churn_then"].isna().all()
    assert "30 days then and is 60 days now" in found.notes[0]


@pytest.mark.parametrize("same", [True, False])
def test_another_model_is_said(tmp_path: Path, same: bool) -> None:
    found = compare_runs(*both(tmp_path), same_model=same)
    assert any("Another model" in note for note in found.notes) is not same


def test_nothing_as_long_before_where_the_history_begins_later(tmp_path: Path) -> None:
    before = version(tmp_path / "before", datetime(2024, 12, 15), THEN)
    assert compare_runs(before, version(tmp_path / "now", NOW, AFTER), same_model=True).as_long_before is None
