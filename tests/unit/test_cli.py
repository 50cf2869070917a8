"""The command line from end to end: every rung of the ladder, every promise about files and errors."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from churnkit.cli import main
from churnkit.services.deliver.command_files import CUSTOMER_COLUMNS
from tests.shops import order_lines

FILES = {"backtest.csv", "customers.csv", "ledger.csv", "profile.html", "summary.json", "tournament.csv"}
OUTPUTS = {*FILES, "model"}
AUDIT_FILES = {"fairness.csv", "measures.csv", "value_errors.csv"}
EXPLANATION_FILES = {"rules.csv", "customers_by_rule.csv", "explanations.csv"}
FEATURE_FILES = {"features.csv", "features.parquet", "features_left_out.csv"}


def write_shop(folder: Path, **kwargs: Any) -> Path:
    path = folder / "orders.csv"
    order_lines(**kwargs).to_csv(path, index=False)
    return path


def outside_figures(folder: Path) -> Path:
    """A mood that goes up and down week by week, from before the shop's first order on."""
    path = folder / "mood.csv"
    days = pd.date_range("2023-12-31", "2027-12-31", freq="7D")
    pd.DataFrame({"date": days.strftime("%Y-%m-%d"), "mood": [k % 9 for k in range(len(days))]}).to_csv(
        path, index=False
    )
    return path


def run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


def customers(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "customers.csv", dtype={"customer_id": str})


def rules_are_those_of_the_customers(folder: Path) -> None:
    """Every active customer stands once in the list by rule, and every rule holds on the test date."""
    rules = pd.read_csv(folder / "rules.csv")
    members = pd.read_csv(folder / "customers_by_rule.csv", dtype={"customer_id": str})
    scored = customers(folder)
    assert (rules["in_tier"] >= 0.6).all()
    assert set(members["rule"]) <= {*rules["rule"], "no rule"}
    assert sorted(members["customer_id"]) == sorted(scored.loc[scored["status"] == "active", "customer_id"])


@pytest.mark.slow
def test_models_score_everybody_and_leave_only_the_outputs(tmp_path, capsys, monkeypatch):
    shop = write_shop(tmp_path, customers=300, days=420)
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    monkeypatch.chdir(outside)
    out = tmp_path / "out"
    assert (
        run(
            *("analyze", shop, "--output", out, "--budget-seconds", 1, "--horizon-days", 45),
            *("--features", "csv", "parquet"),
            *("--indicators", outside_figures(tmp_path), "--indicators-lag-days", 3),
            *("--audit", "--weights", "recall=1", "--model-owner", "Ms Weaver"),
            *("--rules", "--explain", "00001", "00002"),
        )
        == 0
    )
    assert {p.name for p in out.iterdir()} == OUTPUTS | FEATURE_FILES | AUDIT_FILES | EXPLANATION_FILES | {
        "indicators.json",
        "trials.csv",
    }
    rules_are_those_of_the_customers(out)
    told = pd.read_csv(out / "explanations.csv", dtype={"customer_id": str})
    assert set(told["customer_id"]) == {"00001", "00002"}
    by_id = customers(out).set_index("customer_id")["p_churn"]
    assert told["p_churn"].tolist() == pytest.approx(by_id.loc[told["customer_id"]].tolist(), abs=1e-3)
    assert not list(outside.iterdir())

    table = customers(out)
    assert tuple(table.columns) == CUSTOMER_COLUMNS
    assert set(table["customer_id"]) == set(order_lines(customers=300, days=420)["customer_id"])
    assert table["p_churn"].between(0, 1).all()
    assert (table["expected_spend_low"] <= table["expected_spend"] + 0.01).all()
    assert (table["expected_spend"] <= table["expected_spend_high"] + 0.01).all()
    assert table["factor_1"].notna().mean() > 0.9

    summary = json.loads((out / "summary.json").read_text())
    assert summary["method"] == "models"
    assert summary["customers"]["count"] == 300
    features = pd.read_parquet(out / "features.parquet")
    assert set(features["customer_id"]) == set(table["customer_id"])
    assert not {"churned", "orders_next", "spend_next"} & set(features)
    left_out = pd.read_csv(out / "features_left_out.csv").set_index("name")
    assert set(left_out.index) == set(summary["tournament"]["features_dropped"]) < set(features)
    assert left_out.loc["cutoff_month_sin", "cause"] == "Season seen once"
    (trial,) = json.loads((out / "indicators.json").read_text())["trials"]
    assert trial["dates"] >= 4
    assert trial["used"] == ("indicator_mood" in features)
    said = capsys.readouterr().out
    assert "customers" in said
    assert f"Outside figure mood. {'Used' if trial['used'] else 'Left out'}: with it the log loss" in said
    board = pd.read_csv(out / "tournament.csv")
    assert board["is_champion"].sum() == 1
    assert {"base_rate", "recency_rule", "recency_frequency_logistic", "mbg_nbd", "blend", "svm"} <= set(
        board["candidate"]
    )
    assert board["score"].tolist() == pytest.approx(board["recall"].tolist())
    backtest = pd.read_csv(out / "backtest.csv")
    assert (backtest.groupby("cutoff")["customers"].sum() <= 300).all()
    the_audit_is_of_the_same_analysis(out, board)


def the_audit_is_of_the_same_analysis(out: Path, board: pd.DataFrame) -> None:
    measures = pd.read_csv(out / "measures.csv").set_index(["candidate", "measure"])
    champion = board["candidate"].iloc[0]
    assert measures.loc[(champion, "roc_auc"), "value"] == pytest.approx(board["roc_auc"].iloc[0], abs=1e-4)
    assert (measures["low"] <= measures["value"]).all()
    groups = pd.read_csv(out / "fairness.csv").set_index("group")
    assert {"one-time buyer", "repeat buyer"} <= set(groups.index)
    errors = pd.read_csv(out / "value_errors.csv")
    assert (errors["mae"] <= errors["rmse"]).all()
    card = (out / "model" / "card.md").read_text(encoding="utf-8")
    assert "Ms Weaver" in card
    assert "Statement on explainability" in card


@pytest.mark.slow
def test_same_seed_same_files(tmp_path):
    shop = write_shop(tmp_path, customers=200, days=400)
    for name in ("a", "b"):
        assert (
            run("analyze", shop, "--output", tmp_path / name, "--budget-seconds", 1, "--horizon-days", 45)
            == 0
        )
    models = [sorted((tmp_path / name / "model").iterdir()) for name in ("a", "b")]
    assert [path.name for path in models[0]] == [path.name for path in models[1]]
    for one, two in zip(*models, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
    for name in sorted(FILES - {"tournament.csv"}):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    one, two = (pd.read_csv(tmp_path / n / "tournament.csv").drop(columns="fit_seconds") for n in ("a", "b"))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.slow
def test_as_of_equals_a_file_that_ends_there(tmp_path):
    lines = order_lines(customers=200, days=500)
    lines.to_csv(tmp_path / "whole.csv", index=False)
    lines[lines["ordered_at"] < "2026-03-01"].to_csv(tmp_path / "until.csv", index=False)
    common = ("--as-of", "2026-03-01", "--budget-seconds", 1, "--horizon-days", 45)
    for name in ("whole", "until"):
        assert run("analyze", tmp_path / f"{name}.csv", "--output", tmp_path / name, *common) == 0
    assert (tmp_path / "whole" / "customers.csv").read_text() == (
        tmp_path / "until" / "customers.csv"
    ).read_text()
    ledger = pd.read_csv(tmp_path / "whole" / "ledger.csv").set_index("reason")
    assert ledger.loc["after_as_of", "rows"] == (lines["ordered_at"] >= "2026-03-01").sum()


def test_a_small_shop_steps_down_to_the_purchase_process(tmp_path, capsys):
    shop = write_shop(tmp_path, customers=60, days=200)
    assert run("analyze", shop, "--output", tmp_path / "out", "--horizon-days", 45) == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["method"] == "btyd"
    assert any("100" in note for note in summary["notes"])
    assert len(customers(tmp_path / "out")) == 60
    assert {p.name for p in (tmp_path / "out").iterdir()} == OUTPUTS


def test_a_tiny_shop_steps_down_to_rules(tmp_path, capsys):
    shop = write_shop(tmp_path, customers=8, days=120)
    assert run("analyze", shop, "--output", tmp_path / "out", "--horizon-days", 30) == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["method"] == "rules"
    assert "too few to tell a pause" not in capsys.readouterr().out
    table = customers(tmp_path / "out")
    assert table["p_churn"].between(0, 1).all()
    assert len(table) == 8


def test_a_history_of_weeks_is_called_too_short(tmp_path, capsys):
    shop = write_shop(tmp_path, customers=40, days=40)
    assert run("analyze", shop, "--output", tmp_path / "out") == 0
    printed = capsys.readouterr().out
    assert printed.count("too few to tell a pause from leaving") == 1
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    told = [note for note in summary["notes"] if "too few to tell a pause from leaving" in note]
    assert len(told) == 1 and told[0] in printed


def test_profile_only(tmp_path, capsys):
    shop = write_shop(tmp_path, customers=60, days=200)
    assert run("profile", shop, "--output", tmp_path / "out") == 0
    written = {p.name for p in (tmp_path / "out").iterdir()}
    assert written == {"closer_look.json", "ledger.csv", "profile.html", "profile.json"}
    look = json.loads((tmp_path / "out" / "closer_look.json").read_text(encoding="utf-8"))
    assert sum(day["orders"] for day in look["per_day"]) > 0
    assert "Quality" in capsys.readouterr().out


def test_how_many_may_come_back_is_an_option(tmp_path):
    shop = write_shop(tmp_path, customers=60, days=400)
    found = []
    for share in ("0.6", "0.3"):
        assert run("profile", shop, "--output", tmp_path / share, "--max-return-share", share) == 0
        threshold = json.loads((tmp_path / share / "profile.json").read_text(encoding="utf-8"))["threshold"]
        assert threshold["max_return_share"] == float(share)
        assert threshold["returned_after_share"] <= float(share)
        found.append(threshold["days"])
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("analyze", "missing.csv", "--output", "out"), "missing.csv"),
        (("analyze", "orders.csv", "--output", "out", "--as-of", "soon"), "--as-of"),
        (("analyze", "orders.csv", "--output", "out", "--as-of", "1999-01-01"), "1 Jan 1999"),
        (("analyze", "orders.csv", "--output", "out", "--horizon-days", "many"), "--horizon-days"),
        (("analyze", "orders.csv", "--output", "out", "--horizon-days", "0"), "horizon_days"),
        (("analyze", "orders.csv", "--output", "out", "--budget-seconds", "-1"), "budget_seconds"),
        (("analyze", "orders.csv", "--output", "out", "--max-return-share", "1"), "max_return_share"),
        (("profile", "orders.csv", "--output", "out", "--max-return-share", "0"), "max_return_share"),
        (("analyze", "orders.csv", "--output", "out", "--preset", "shopfy"), "shopfy"),
        (("analyze", "orders.csv", "--output", "out", "--map", "nowhere.json"), "nowhere.json"),
    ],
)
def test_errors_are_one_message_exit_two_and_leave_nothing(
    tmp_path, monkeypatch, capsys, arguments, expected
):
    write_shop(tmp_path, customers=20, days=200)
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert expected in printed.err
    assert "Traceback" not in printed.err
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_made(tmp_path, capsys):
    shop = write_shop(tmp_path, customers=20, days=200)
    (tmp_path / "file").write_text("in the way")
    assert run("analyze", shop, "--output", tmp_path / "file") == 2
    assert "file" in capsys.readouterr().err


def test_samples(tmp_path, samples):
    assert run("samples", "--output", tmp_path) == 0
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (samples / file.name).read_bytes()
    assert len(list(tmp_path.iterdir())) == 3


def test_statuses_and_kinds_of_rows_are_said_in_the_call(tmp_path, capsys):
    path = tmp_path / "orders.csv"
    rows = [
        f"{i},k{i % 20}@example.org,2025-0{1 + i % 9}-05,2{i % 7}.50,"
        f"{'Zorg' if i % 4 else 'Paid'},{'Sale' if i % 3 else 'view'}"
        for i in range(90)
    ]
    path.write_text("\n".join(["Order ID,Email,Order Date,Total,Status,Kind", *rows]))
    command = ["read", str(path), "--output", str(tmp_path / "out")]
    assert main(command) == 2
    assert '--status "Zorg=counts"' in capsys.readouterr().err
    assert main([*command, "--status", "Zorg=counts", "--row-kind", "view=left_out"]) == 0
    assert "90 rows in, 60 kept; dropped: 30 no_purchase" in capsys.readouterr().out
    assert main([*command, "--status", "zorg=left_out", "--row-kind", "view=sale"]) == 0
    assert "90 rows in, 23 kept" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([*command, "--status", "counts"])


def test_a_damaged_file_gives_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.parquet"
    path.write_bytes(b"PAR1" + bytes(range(256)) * 4 + b"PAR1")
    # As outside of pytest, which takes the log.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    assert main(["read", str(path), "--output", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("churnkit: ") and "Traceback" not in said
