"""``score``: a model that ``analyze`` left scores a newer file, and says what it was given then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.cli import main
from churnkit.services.deliver.command_files import CUSTOMER_COLUMNS
from churnkit.tournament.baselines import BASELINES
from tests.shops import order_lines

AS_OF = "2025-12-01"


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


def customers(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "customers.csv", dtype={"customer_id": str})


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A shop's file, and what was found in it at ``AS_OF``, before its end."""
    folder = tmp_path_factory.mktemp("shop")
    shop = folder / "orders.csv"
    # Who buys gifts is soon gone: a model that knows categories beats the rules.
    stay = order_lines(customers=120, days=400, drop_out_rate=0.02).assign(category="Tea")
    leave = order_lines(customers=120, days=400, drop_out_rate=0.35, seed=8).assign(category="Gifts")
    leave[["customer_id", "order_id"]] = "G" + leave[["customer_id", "order_id"]]
    pd.concat([stay, leave]).sort_values("ordered_at").to_csv(shop, index=False)
    options = ("--budget-seconds", 0.1, "--horizon-days", 45, "--as-of", AS_OF)
    assert run("analyze", shop, "--output", folder / "out", *options) == 0
    return shop, folder / "out"


@pytest.mark.slow
def test_same_file_same_day_same_scores(analysed, tmp_path):
    shop, out = analysed
    assert run("score", shop, "--model", out / "model", "--output", tmp_path, "--as-of", AS_OF) == 0
    then, now = customers(out), customers(tmp_path)
    assert json.loads((out / "summary.json").read_text())["method"] == "models"
    assert json.loads((tmp_path / "scores.json").read_text())["model"] not in BASELINES
    assert tuple(now.columns) == CUSTOMER_COLUMNS
    pd.testing.assert_frame_equal(now, then)
    assert {path.name for path in tmp_path.iterdir()} == {"customers.csv", "ledger.csv", "scores.json"}


@pytest.mark.slow
def test_newer_orders_change_the_scores(analysed, tmp_path, capsys):
    shop, out = analysed
    assert run("score", shop, "--model", out / "model", "--output", tmp_path) == 0
    told = capsys.readouterr().out
    assert "Scored at" in told
    document = json.loads((tmp_path / "scores.json").read_text())
    assert document["model_cutoff"].startswith(AS_OF)
    assert document["cutoff"] > document["model_cutoff"]
    then, now = customers(out).set_index("customer_id"), customers(tmp_path).set_index("customer_id")
    both = then.index.intersection(now.index)
    assert len(now) >= len(then)
    assert np.abs(now.loc[both, "p_churn"] - then.loc[both, "p_churn"]).mean() > 0.01


@pytest.mark.slow
def test_a_file_without_categories_is_scored_with_a_note(analysed, tmp_path, capsys):
    shop, out = analysed
    lines = pd.read_csv(shop, dtype=str)
    few = tmp_path / "few.csv"
    lines[["customer_id", "ordered_at", "amount"]].to_csv(few, index=False)
    assert run("score", few, "--model", out / "model", "--output", tmp_path / "scores") == 0
    assert len(customers(tmp_path / "scores"))
    assert "count as unknown" in capsys.readouterr().out


@pytest.mark.slow
def test_models_that_are_none_are_refused(analysed, tmp_path, capsys):
    shop, out = analysed
    for folder, words in (
        (tmp_path / "nowhere", "model.json cannot be read"),
        (out, "model.json cannot be read"),
    ):
        assert run("score", shop, "--model", folder, "--output", tmp_path / "scores") == 2
        assert words in capsys.readouterr().err
    copy = shutil.copytree(out / "model", tmp_path / "copy")
    (copy / "arrays.npz").write_bytes(b"none")
    assert run("score", shop, "--model", copy, "--output", tmp_path / "scores") == 2
    assert "not the file that was written" in capsys.readouterr().err
    assert not (tmp_path / "scores").exists()


@pytest.mark.slow
def test_another_currency_is_refused(analysed, tmp_path, capsys):
    shop, out = analysed
    facts = json.loads((out / "model" / "scoring.json").read_text())
    copy = shutil.copytree(out / "model", tmp_path / "copy")
    (copy / "scoring.json").write_text(json.dumps({**facts, "currency": "EUR"}))
    usd = tmp_path / "usd.csv"
    pd.read_csv(shop, dtype=str).assign(currency="USD").to_csv(usd, index=False)
    (tmp_path / "map.json").write_text(
        json.dumps(
            {
                "customer_id": "customer_id",
                "ordered_at": "ordered_at",
                "amount": "amount",
                "currency": "currency",
            }
        )
    )
    mapped = ("--map", tmp_path / "map.json")
    assert run("score", usd, "--model", copy, "--output", tmp_path / "scores", *mapped) == 2
    assert "EUR" in capsys.readouterr().err


@pytest.mark.slow
def test_a_folder_with_other_files_is_left_alone(analysed, tmp_path, capsys):
    shop, _ = analysed
    precious = tmp_path / "model" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("mine")
    options = ("--budget-seconds", 0.1, "--horizon-days", 45)
    assert run("analyze", shop, "--output", tmp_path, *options) == 2
    assert "only a model may stand there" in capsys.readouterr().err
    assert precious.read_text() == "mine"
