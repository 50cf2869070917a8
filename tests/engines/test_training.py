"""Customers drawn by an engine, and a model learned from them that scores everybody; models as folders with a hash."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.cli import main
from churnkit.engines.canonical import canonical
from churnkit.engines.drawing import _quotas, draw
from churnkit.engines.duckdb_engine import DuckDbEngine
from churnkit.engines.left_out import NOBODY_KNOWN
from churnkit.engines.model_folder import HASHES, package_of_folder
from churnkit.engines.running import write_version
from churnkit.errors import ModelError
from churnkit.jobs.layout import Folders
from churnkit.results.folders import Results
from churnkit.services.score.model_folder import read_model_folder
from churnkit.services.score.taking_away import StoredVersion
from tests.engines.conftest import require_same

AT = datetime(2025, 1, 1)


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """2,000 customers: nine in ten bought once, long ago or lately; ten bought nothing."""
    rng = np.random.default_rng(5)
    orders = np.where(rng.random(2000) < 0.9, 1, 5)
    customers = np.repeat([f"c{number:04d}" for number in range(2000)], orders)
    days = np.where(
        rng.random(len(customers)) < 0.5,
        rng.integers(1, 20, len(customers)),
        rng.integers(100, 700, len(customers)),
    )
    amount = np.round(rng.gamma(2.0, 20.0, len(customers)) + 1, 2)
    amount[np.isin(customers, [f"c{number:04d}" for number in range(10)])] *= -1
    return pd.DataFrame(
        {
            "order_id": [f"o{number}" for number in range(len(customers))],
            "customer_id": customers,
            "ordered_at": (pd.Timestamp(AT) - pd.to_timedelta(days, unit="D")).as_unit("us"),
            "amount": amount,
            "source_row": np.arange(1, len(customers) + 1),
        }
    )


def test_of_every_kind_its_share_is_drawn_with_all_lines(lines: pd.DataFrame, tmp_path: Path) -> None:
    lines.to_parquet(tmp_path / "lines.parquet")
    found = drawn_of(tmp_path, 200, seed=3)
    assert found["customer_id"].nunique() == 200
    whole = lines[lines["customer_id"].isin(found["customer_id"])]
    assert sorted(found["source_row"]) == sorted(whole["source_row"])
    # As many of those who bought lately as the shop has, to the rounding of the strata; by chance it would be 200 x .05.
    lately = lines[lines["amount"] > 0].groupby("customer_id")["ordered_at"].max() > pd.Timestamp(
        "2024-11-01"
    )
    share = lately[lately.index.isin(found["customer_id"])].mean()
    assert share == pytest.approx(lately.mean(), abs=0.02)
    again, other = drawn_of(tmp_path, 200, seed=3), drawn_of(tmp_path, 200, seed=4)
    assert set(again["customer_id"]) == set(found["customer_id"])
    assert len(set(other["customer_id"]) & set(found["customer_id"])) < 60
    # Who has bought nothing cannot be drawn.
    assert drawn_of(tmp_path, 5000, seed=3)["customer_id"].nunique() == 1990


def drawn_of(folder: Path, customers: int, seed: int) -> pd.DataFrame:
    work = folder / f"work-{customers}-{seed}-{len(list(folder.iterdir()))}"
    work.mkdir()
    engine = DuckDbEngine(work)
    drawn = draw(engine, canonical(engine.read(str(folder / "lines.parquet"))), AT, customers, seed)
    assert drawn.of == 1990
    found = drawn.lines.to_pyarrow().to_pandas()
    engine.close()
    assert found["customer_id"].nunique() == drawn.customers
    return found


def test_quotas_add_up_by_largest_remainders() -> None:
    assert _quotas({"a": 50, "b": 30, "c": 20}, 10) == {"a": 5, "b": 3, "c": 2}
    assert _quotas({"a": 1, "b": 1, "c": 1}, 2) == {"a": 1, "b": 1, "c": 0}
    assert _quotas({"a": 7, "b": 2}, 4) == {"a": 3, "b": 1}


@pytest.mark.slow
def test_a_model_of_a_sample_scores_everybody(
    version: StoredVersion,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No store is needed for any of it.
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "none"))
    source = Results(version.run_folder).transactions_path
    place = ["--engine", "duckdb", "--input", str(source)]
    command = ["train", *place, "--customers", "150", "--output", str(tmp_path / "trained")]
    assert main([*command, "--budget-seconds", "1", "--horizon-days", "60"]) == 0
    said = capsys.readouterr().out
    assert "Drawn: 150 of 300 customers" in said
    assert "customer-cutoffs with a known outcome" in said
    assert "standard error" in said
    model = tmp_path / "trained" / "model"
    assert [path.name for path in (tmp_path / "trained").iterdir()] == ["model"]
    assert hashlib.sha256((model / HASHES).read_bytes()).hexdigest() in said
    assert "150" in (model / "card.md").read_text(encoding="utf-8")
    score = ["score", *place, "--model", str(model), "--output", str(tmp_path / "scores")]
    assert main(score) == 0
    scores = pd.read_parquet(tmp_path / "scores" / "customers")
    assert len(scores) == 300
    shown = Results(version.run_folder).customers.set_index("customer_id")["p_churn"]
    # Another model of the same shop: it orders its customers much alike.
    assert scores.set_index("customer_id")["p_churn"].corr(shown, method="spearman") > 0.8


@pytest.mark.slow
def test_a_stored_version_scores_as_a_folder(
    version: StoredVersion,
    shop_folders: Folders,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(shop_folders.data))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(shop_folders.models))
    model = tmp_path / "model"
    assert main(["model", "champion", "--output", str(model), "--model-owner", "Ms Weaver"]) == 0
    said = capsys.readouterr().out
    checked = subprocess.run(
        ["sha256sum", "-c", "--quiet", HASHES], cwd=model, capture_output=True, check=False
    )
    assert checked.returncode == 0
    assert "Ms Weaver" in (model / "card.md").read_text(encoding="utf-8")
    # As other programs take it: a model like any.
    assert read_model_folder(model).facts.model == Results(version.run_folder).summary.champion
    # On a machine without the store.
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "none"))
    source = Results(version.run_folder).transactions_path
    command = ["score", "--engine", "duckdb", "--input", str(source), "--model", str(model)]
    assert main([*command, "--output", str(tmp_path / "out")]) == 0
    sha256 = hashlib.sha256((model / HASHES).read_bytes()).hexdigest()
    assert sha256 in said
    printed = capsys.readouterr()
    assert sha256 in printed.err
    assert NOBODY_KNOWN in printed.out
    require_same(tmp_path / "out", version)
    # The same run twice has the same hash.
    assert write_version(version, tmp_path / "again", "Ms Weaver") == sha256


@pytest.mark.slow
def test_a_folder_that_was_changed_scores_nobody(version: StoredVersion, tmp_path: Path) -> None:
    model = tmp_path / "model"
    write_version(version, model)
    facts = json.loads((model / "scoring.json").read_text(encoding="utf-8"))
    before = (model / "scoring.json").read_bytes()
    (model / "scoring.json").write_text(json.dumps({**facts, "horizon_days": 7}), encoding="utf-8")
    with pytest.raises(ModelError, match="not those that SHA256SUMS lists"):
        package_of_folder(model)
    (model / "scoring.json").write_bytes(before)
    package_of_folder(model)
    (model / "more").write_bytes(b"")
    with pytest.raises(ModelError, match="not those that SHA256SUMS lists"):
        package_of_folder(model)
    (model / HASHES).unlink()
    with pytest.raises(ModelError, match="has no SHA256SUMS"):
        package_of_folder(model)
