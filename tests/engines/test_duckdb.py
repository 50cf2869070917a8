"""A stored run scores canonical Parquet on DuckDB as the app scored it, and refuses what it cannot score."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from ibis import _

from churnkit.cli import main
from churnkit.engines import running
from churnkit.engines.canonical import canonical
from churnkit.engines.duckdb_engine import DuckDbEngine
from churnkit.engines.left_out import NOBODY_KNOWN, Without
from churnkit.engines.order import EngineOrder
from churnkit.engines.package import Package, opened
from churnkit.engines.running import package_of, score_on_engine
from churnkit.errors import ChurnkitError, DataError, JobError, ModelError, SettingsError, StoreError
from churnkit.jobs.layout import Folders
from churnkit.results.erased import Erased, customer_hash
from churnkit.results.folders import Results
from churnkit.results.scores import read_scores
from churnkit.services.score.taking_away import StoredVersion
from churnkit.store import Store
from churnkit.tournament.progress import Stage
from tests.engines.conftest import in_environment, require_same
from tests.fake_s3 import FakeS3

pytestmark = pytest.mark.slow

Check = Callable[[Path], None]


def transactions(version: StoredVersion) -> Path:
    return Results(version.run_folder).transactions_path


def test_the_command_writes_what_the_app_shows(
    version: StoredVersion,
    shop_folders: Folders,
    same_as_app: Check,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in in_environment(shop_folders).items():
        monkeypatch.setenv(name, value)
    command = ["score", "--engine", "duckdb", "--input", str(transactions(version)), "--model", "champion"]
    assert main([*command, "--output", str(tmp_path / "out")]) == 0
    same_as_app(tmp_path / "out")
    account, summary = read_scores(tmp_path / "out" / "scores.json"), Results(version.run_folder).summary
    assert account.customers == summary.customers.count
    assert account.active == summary.customers.active.customers
    assert account.mean_p_churn == pytest.approx(summary.customers.active.mean_p_churn)
    assert account.value_at_risk == pytest.approx(summary.customers.active.value_at_risk)
    assert "300 customers" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    # A second time nothing may be mixed with what is there.
    assert main([*command, "--output", str(tmp_path / "out")]) == 2
    assert "must not exist" in capsys.readouterr().err


def test_parts_of_a_partitioned_folder_give_the_same(
    version: StoredVersion, same_as_app: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = pd.read_parquet(transactions(version))
    lines.assign(year=lines["ordered_at"].dt.year).to_parquet(tmp_path / "in", partition_cols=["year"])
    several = lambda order, work: DuckDbEngine(work, part_lines=len(lines) // 2)  # noqa: E731
    monkeypatch.setattr(running, "opened_engine", several)
    said: list[tuple[int, int] | None] = []

    def note(
        stage: Stage, share: float, found: str = "", count: tuple[int, int] | None = None, model: str = ""
    ) -> None:
        said.append(count if stage is Stage.EXPLAIN else None)

    score_on_engine(version, EngineOrder("duckdb", str(tmp_path / "in"), tmp_path / "out"), note)
    assert (2, 2) in said or (3, 3) in said
    same_as_app(tmp_path / "out")


def test_the_purchase_process_scores_some_at_a_time_as_it_scored_all(
    small_version: StoredVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "opened_engine", lambda order, work: DuckDbEngine(work, part_lines=100))
    order = EngineOrder("duckdb", str(transactions(small_version)), tmp_path / "out")
    assert score_on_engine(small_version, order).model == "mbg_nbd"
    require_same(tmp_path / "out", small_version)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"engine": "oracle"}, SettingsError, "'oracle' is none"),
        ({"engine": "duckdb", "address": "sc://x"}, SettingsError, "no address"),
        ({"output": "there"}, DataError, "must not exist"),
        ({"input": "nothing"}, DataError, "no Parquet file"),
        ({"input": "no_amount"}, DataError, "'amount'"),
        ({"input": "dates_as_text"}, DataError, "'ordered_at' must be a timestamp"),
    ],
)
def test_what_cannot_be_scored_is_refused_and_leaves_nothing(
    change: dict[str, str],
    error: type[ChurnkitError],
    words: str,
    version: StoredVersion,
    tmp_path: Path,
) -> None:
    (tmp_path / "there").mkdir()
    lines = pd.read_parquet(transactions(version)).head(50)
    lines.drop(columns="amount").to_parquet(tmp_path / "no_amount")
    lines.assign(ordered_at=lines["ordered_at"].astype(str)).to_parquet(tmp_path / "dates_as_text")
    before = sorted(tmp_path.iterdir())
    source = tmp_path / change["input"] if "input" in change else transactions(version)
    order = EngineOrder(
        change.get("engine", "duckdb"),
        str(source),
        tmp_path / change["output"] if change.get("output") == "there" else Path(change.get("output", "out")),
        change.get("address", ""),
    )
    with pytest.raises(error, match=words):
        score_on_engine(version, order)
    assert sorted(tmp_path.iterdir()) == before


def test_a_model_that_was_changed_scores_nobody(version: StoredVersion, tmp_path: Path) -> None:
    assert version.seal is not None
    order = EngineOrder("duckdb", str(transactions(version)), tmp_path / "out")
    with pytest.raises(ModelError):
        score_on_engine(replace(version, seal=replace(version.seal, sha256="0" * 64)), order)
    package = package_of(version)
    with pytest.raises(ModelError, match="as it was sent"):
        opened(Package(package.content + b"\0", package.sha256))
    assert not list(tmp_path.iterdir())


def test_a_customer_who_gets_lost_is_noticed(
    version: StoredVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(DuckDbEngine):
        def score(self, rows, score, schema, name):
            return super().score(rows.limit(299), score, schema, name)

    monkeypatch.setattr(running, "opened_engine", lambda order, work: Forgetful(work))
    order = EngineOrder("duckdb", str(transactions(version)), tmp_path / "out")
    with pytest.raises(DataError, match="each of 300 customers must have one score; 299"):
        score_on_engine(version, order)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("scheme", ["s3", "s3a"])
def test_object_storage_is_read(
    scheme: str, version: StoredVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    path = transactions(version)
    with FakeS3({"shop": {"lines/1.parquet": path.read_bytes()}}) as s3:
        place = s3.endpoint.removeprefix("http://")
        address = f"{scheme}://shop/lines?endpoint_override={place}&scheme=http&region=eu-central-1"
        engine = DuckDbEngine(tmp_path)
        (found,) = engine.rows_of(canonical(engine.read(address)).aggregate(total=_.amount.sum()))
        engine.close()
    assert found["total"] == pytest.approx(pd.read_parquet(path)["amount"].sum())


def test_who_was_erased_and_what_is_too_old_does_not_come_back(
    version: StoredVersion, tmp_path: Path
) -> None:
    lines = pd.read_parquet(transactions(version))
    gone = str(lines["customer_id"].iloc[0])
    erased = Erased("ab" * 32, "shop", frozenset({customer_hash("ab" * 32, "shop", gone)}))
    kept_from = lines["ordered_at"].sort_values().iloc[len(lines) // 5].to_pydatetime()
    score_on_engine(
        version,
        EngineOrder("duckdb", str(transactions(version)), tmp_path / "out"),
        without=Without(erased, kept_from),
    )
    found = pd.read_parquet(tmp_path / "out" / "customers")
    left = lines[(lines["ordered_at"] >= kept_from) & (lines["customer_id"] != gone) & (lines["amount"] > 0)]
    assert set(found["customer_id"]) == set(left["customer_id"])


def test_the_command_leaves_out_whom_the_shop_erased(
    version: StoredVersion,
    shop_folders: Folders,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shop = Folders(tmp_path / "data", tmp_path / "models")
    shutil.copytree(shop_folders.data, shop.data)
    shutil.copytree(shop_folders.models, shop.models)
    for name, value in in_environment(shop).items():
        monkeypatch.setenv(name, value)
    lines = pd.read_parquet(transactions(version))
    gone = str(lines["customer_id"].iloc[0])
    with Store.open(shop.database) as root:
        store = root.for_tenant(root.overview.tenants()[0])
        (session,) = store.sessions.all()
        store.erasures.begin(session.session_id, gone, {}, at=datetime.now(UTC))
    command = ["score", "--engine", "duckdb", "--input", str(transactions(version)), "--model", "champion"]
    assert main([*command, "--output", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "1 customer of the orders left out: erased from the shop." in said
    assert gone not in said
    assert NOBODY_KNOWN not in said
    left = set(lines["customer_id"]) - {gone}
    assert set(pd.read_parquet(tmp_path / "out" / "customers")["customer_id"]) == left


def test_where_a_server_owns_the_folder_the_command_says_how_to_ask_it(
    shop_folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def held(path: Path) -> None:
        raise StoreError("Opening the store: another process has it open.")

    for name, value in in_environment(shop_folders).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Store, "open", held)
    command = [
        "score",
        "--engine",
        "duckdb",
        "--input",
        "x",
        "--model",
        "champion",
        "--output",
        str(tmp_path / "o"),
    ]
    assert main(command) == 2
    assert "--server URL" in capsys.readouterr().err


def test_scores_at_an_address_are_whole_or_not_there(
    version: StoredVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    package = package_of(version)
    with FakeS3({"shop": {"other": b"x"}}) as s3:
        settings = f"endpoint_override={s3.endpoint.removeprefix('http://')}&scheme=http&region=eu-central-1"
        order = EngineOrder("duckdb", str(transactions(version)), f"s3://shop/scores?{settings}")
        with monkeypatch.context() as broken:

            def refuse(engine: DuckDbEngine, text: str, address: str) -> None:
                raise JobError("no")

            broken.setattr(DuckDbEngine, "write_text", refuse)
            with pytest.raises(JobError, match="no"):
                score_on_engine(package, order)
        assert list(s3.buckets["shop"]) == ["other"]
        assert score_on_engine(package, order).customers == 300
        files = dict(s3.buckets["shop"])
        parts = [name for name in files if name.startswith("scores/customers/part-")]
        assert set(files) == {"other", "scores/scores.json", *parts}
        with pytest.raises(DataError, match="must not exist"):
            score_on_engine(package, order)
        assert s3.buckets["shop"] == files
    (tmp_path / "out" / "customers").mkdir(parents=True)
    for name in parts:
        (tmp_path / "out" / "customers" / name.rpartition("/")[2]).write_bytes(files[name])
    require_same(tmp_path / "out", version)
    assert json.loads(files["scores/scores.json"])["customers"] == 300
