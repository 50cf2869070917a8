"""``whatif`` on what ``analyze --output`` leaves: the figures of the desk, and refusals in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.cli import main
from churnkit.results.campaign_money import Scenario
from churnkit.results.files import write_document
from churnkit.results.whom import Whom
from churnkit.services.whatif.analysed_folder import open_analysed
from churnkit.services.whatif.simulate import Desk
from churnkit.text.figures import people, short_money
from tests.made_report import made_summary


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What an analysis has left of 300 customers, every fourth of them lapsed."""
    rng = np.random.default_rng(9)
    p, kept = rng.beta(2.0, 1.5, 300), rng.lognormal(4.8, 0.8, 300)
    lapsed = np.arange(300) % 4 == 0
    tier = np.select([p > 0.7, p > 0.4], ["high", "medium"], "low").astype(object)
    tier[lapsed] = None
    pd.DataFrame(
        {
            "customer_id": [f"{n:05d}" for n in range(300)],
            "rank": np.arange(1, 301),
            "status": np.where(lapsed, "lapsed", "active"),
            "p_churn": p,
            "p_alive": 1 - 0.5 * p,
            "risk_tier": tier,
            "recency_days": rng.integers(1, 300, 300),
            "order_count": rng.integers(1, 9, 300),
            "monetary_total": rng.lognormal(5, 1, 300).round(2),
            "mean_order_value": rng.lognormal(3.4, 0.5, 300).round(2),
            "clv": (1 - p) * kept,
            "clv_if_kept": kept,
            "clv_if_lost": 0.0,
            "factor_1": "Silent for long",
        }
    ).to_csv(tmp_path / "customers.csv", index=False)
    write_document(made_summary(), tmp_path / "summary.json")
    return tmp_path


def test_a_segment_as_the_page_has_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk, targets = Desk(open_analysed(folder)), folder / "targets.csv"
    name = str(desk.customers["segment"].value_counts().index[0])
    asked = ["whatif", str(folder), "--segment", name, "--discount", "0.2", "--targets", str(targets)]
    assert main(asked) == 0
    told = capsys.readouterr().out
    plan = Scenario(
        name="",
        customers=None,
        whom=Whom(kind="segment", name=name),
        assumptions=replace(desk.defaults, discount=0.2),
    )
    play, currency = desk.play(plan), open_analysed(folder).currency
    assert told.startswith(f"Segment: {name}.")
    assert f"contacted {play.group.customers} of {play.group.customers}" in told
    assert f"stay: {people(play.group.stay)} without it, {people(play.group.stay_with.value)} with it" in told
    assert f"net {short_money(play.outcome.net.value, currency)}" in told
    assert "hangs most on" in told and "Success rate, " in told
    assert len(pd.read_csv(targets)) == play.group.customers


def test_the_lapsed_come_in_when_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whatif", str(folder), "--customers", "50"]) == 0
    assert "contacted 50 of 225" in capsys.readouterr().out
    assert main(["whatif", str(folder), "--lapsed", "--customers", "50"]) == 0
    assert "contacted 50 of 300" in capsys.readouterr().out


def test_refusals_say_what_to_give(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whatif", str(folder), "--segment", "Nobody's"]) == 2
    assert "the segments of the active are" in capsys.readouterr().err
    (folder / "summary.json").unlink()
    assert main(["whatif", str(folder)]) == 2
    assert "must hold summary.json" in capsys.readouterr().err
