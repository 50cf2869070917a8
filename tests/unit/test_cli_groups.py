"""``analyze --groups``: segments, movements, cohorts and the months ahead as files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from churnkit.cli import main
from churnkit.segments import SEGMENTS
from tests.shops import order_lines

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
ALWAYS, WHERE_THERE_ARE_ANY = ("segments.csv", "months_ahead.csv"), ("found_groups.csv", "cohorts.csv")


@pytest.mark.slow
def test_groups_are_files_where_they_are_asked_for(tmp_path: Path) -> None:
    shop, out = tmp_path / "orders.csv", tmp_path / "out"
    order_lines(customers=60, days=200).to_csv(shop, index=False)
    asked = ["analyze", str(shop), "--output", str(out), "--horizon-days", "45"]
    assert main([*asked, "--groups"]) == 0
    files = {path.name for path in out.iterdir()}
    assert {*ALWAYS, *WHERE_THERE_ARE_ANY, "customers.csv"} <= files
    segments, customers = pd.read_csv(out / "segments.csv"), pd.read_csv(out / "customers.csv")
    assert segments["customers"].sum() == len(customers) == 60
    assert set(segments["group"]) <= set(SEGMENTS) and segments["to_do"].notna().all()
    months = pd.read_csv(out / "months_ahead.csv")
    assert len(months) == 6 and months["left_share"].between(0, 1).all()
    assert not list(out.glob(".*"))


@pytest.mark.slow
def test_nobody_pays_for_groups_who_does_not_ask(tmp_path: Path) -> None:
    shop, out = tmp_path / "orders.csv", tmp_path / "out"
    order_lines(customers=8, days=120).to_csv(shop, index=False)
    assert main(["analyze", str(shop), "--output", str(out), "--horizon-days", "30"]) == 0
    assert not {*ALWAYS, *WHERE_THERE_ARE_ANY} & {path.name for path in out.iterdir()}
