"""Scores of two models in one file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from churnkit.results.files import write_frame
from churnkit.results.folders import Results
from churnkit.services.monitor.rollout import SCORED_BY, RolledOut, is_chosen
from tests.made_runs import made_run

NOW = datetime(2025, 8, 5)


def test_who_is_chosen_stays_chosen_and_about_as_many_are_as_was_said() -> None:
    ids = [f"c{k}" for k in range(2000)]
    ten, fifty = ({one for one in ids if is_chosen("shop", one, percent)} for percent in (10, 50))
    assert ten < fifty
    assert len(ten) / 2000 == pytest.approx(0.10, abs=0.03)
    assert len(fifty) / 2000 == pytest.approx(0.50, abs=0.04)
    assert {one for one in ids if is_chosen("another shop", one, 10)} != ten


def test_chosen_customers_have_the_other_models_scores_and_nobody_elses_change(tmp_path: Path) -> None:
    shown, other = made_run(tmp_path / "shown", NOW), made_run(tmp_path / "other", NOW)
    theirs = Results(other).customers.assign(p_churn=0.5).iloc[::-1]
    write_frame(theirs[theirs["customer_id"] != "c00"], other / "customers.parquet")
    before = Results(shown).customers
    after = RolledOut(Results(shown), other, 50, "shop").customers
    assert after["rank"].tolist() == before["rank"].tolist()
    for row, was in zip(after.to_dict("records"), before.to_dict("records"), strict=True):
        one = row["customer_id"]
        chosen = one != "c00" and is_chosen("shop", one, 50)
        assert row[SCORED_BY] == ("other" if chosen else "shown")
        assert row["p_churn"] == (0.5 if chosen else was["p_churn"])
    assert 5 < (after[SCORED_BY] == "other").sum() < 35
    nobody = RolledOut(Results(shown), other, 0, "shop").customers
    assert nobody["p_churn"].tolist() == before["p_churn"].tolist()
