"""Many orders scored on an engine as a job of the server: rights, places, progress, what is left and what is told."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient

from churnkit.accounts import Action
from churnkit.cli import main
from churnkit.engines.places import place_to_read, place_to_write
from churnkit.errors import SettingsError
from churnkit.jobs.adoption import leave_only_account
from churnkit.jobs.bulk import BulkOrder
from churnkit.worker.bulk import _leaving_nothing
from tests.api.answering import HERE, answer_here
from tests.api.conftest import AnalysedShop
from tests.api.test_runs import stop
from tests.app.conftest import settle

V1 = "/api/v1"
ASKED = {"engine": "duckdb", "input": "lines/transactions.parquet", "output": "april"}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server that may read ``sources`` and write ``exports``."""
    for name in ("sources/lines", "exports"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("CHURNKIT_SOURCES_FOLDER", str(tmp_path / "sources"))
    monkeypatch.setenv("CHURNKIT_EXPORTS_FOLDER", str(tmp_path / "exports"))
    monkeypatch.setenv("CHURNKIT_ENGINE_STORAGE", "s3://shop/churn gs://other")
    return tmp_path


@pytest.mark.slow
def test_a_job_scores_many_orders_and_its_account_is_listed(
    client: TestClient, shop: AnalysedShop, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = shop.platform
    stop(platform, monkeypatch)
    admin, read = shop.key("admin"), shop.key("read")
    source = places / "sources" / ASKED["input"]
    source.write_bytes(shop.results.transactions_path.read_bytes())
    path = f"{shop.path}/bulk-scorings"
    assert client.post(path, json=ASKED, headers=shop.key("run")).status_code == 403
    begun = client.post(path, json=ASKED, headers=admin)
    assert begun.status_code == 202, begun.text
    scoring_id = begun.json()["scoring_id"]
    assert begun.headers["Location"] == f"{V1}/jobs/{scoring_id}"
    assert [begun.json()[name] for name in ("name", "engine", "output", "scores")] == [
        "april",
        "duckdb",
        "april",
        None,
    ]
    settle(platform)
    job = client.get(f"{V1}/jobs/{scoring_id}", headers=read).json()
    assert (job["kind"], job["state"], job["error"]) == ("bulk", "completed", None)
    assert f"{len(pd.read_parquet(source)):,} lines" in [step["found"] for step in job["steps"]]
    (listed,) = client.get(f"{V1}/scorings", headers=read).json()["items"]
    assert listed["scores"]["customers"] == len(shop.results.customers)
    scored = pd.read_parquet(places / "exports" / "april" / "customers").set_index("customer_id")["p_churn"]
    assert scored.to_dict() == pytest.approx(
        shop.results.customers.set_index("customer_id")["p_churn"].to_dict()
    )
    told = client.get(f"{V1}/scorings/{scoring_id}/files/csv", headers=admin)
    assert (told.status_code, told.json()["remedy"]) == (409, "They are written to april.")
    noted = [entry.doing for entry in shop.store.audit.page(action=Action.SOURCES).rows]
    assert "scoring lines/transactions.parquet into april" in noted
    # Once more would mix scores.
    assert client.post(f"{V1}/jobs/{scoring_id}/retry", headers=shop.key("run")).status_code == 403
    again = client.post(f"{V1}/jobs/{scoring_id}/retry", headers=admin).json()["job_id"]
    settle(platform)
    failed = client.get(f"{V1}/jobs/{again}", headers=read).json()
    assert failed["state"] == "failed"
    assert "must not exist" in failed["error"]["message"]
    assert client.delete(f"{V1}/scorings/{scoring_id}", headers=admin).status_code == 204
    assert sorted(one.name for one in (places / "exports").iterdir()) == ["april"]


def test_a_job_that_is_stopped_leaves_nothing_beside_its_output(
    client: TestClient, shop: AnalysedShop, places: Path
) -> None:
    platform, admin = shop.platform, shop.key("admin")
    platform.follower.close()
    (places / "sources" / ASKED["input"]).write_bytes(b"")
    begun = client.post(f"{shop.path}/bulk-scorings", json=ASKED, headers=admin).json()
    job = shop.store.jobs.get(begun["scoring_id"])
    from churnkit.jobs.orders import order_for

    platform.folders.job(job.job_id).mkdir(parents=True)
    order = BulkOrder.read(order_for(shop.store, platform.folders, job).file)
    assert order.draft is not None
    (order.draft / "work").mkdir(parents=True)
    assert client.delete(f"{V1}/jobs/{job.job_id}", headers=admin).json()["state"] == "cancelled"
    assert list((places / "exports").iterdir()) == []
    # Twice does no harm.
    leave_only_account(platform.folders, job.job_id)


def test_a_stop_runs_through_what_cleans_up() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit), _leaving_nothing():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(
    "place",
    ["../secret", "nothing", "a\0b", "a" * 300, "s3://shop/churn2", "s3://shop/churn/../x", "file:///etc"],
)
def test_only_places_that_the_server_allows_are_read(place: str, places: Path) -> None:
    (places / "secret").write_bytes(b"")
    with pytest.raises(SettingsError):
        place_to_read(place)


@pytest.mark.parametrize(
    "place", ["../out", "a/b", "", ".hidden", "gs://otherwise/x", "s3://shop/churn/x?endpoint_override=evil"]
)
def test_only_places_that_the_server_allows_are_written_to(place: str, places: Path) -> None:
    with pytest.raises(SettingsError):
        place_to_write(place)


def test_allowed_places_are_whole(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place_to_read("lines") == str(places / "sources" / "lines")
    assert place_to_write("april 2026") == str(places / "exports" / "april 2026")
    assert place_to_read("s3://shop/churn/x") == "s3://shop/churn/x"
    assert place_to_write("gs://other") == "gs://other"
    for name in ("CHURNKIT_SOURCES_FOLDER", "CHURNKIT_EXPORTS_FOLDER"):
        monkeypatch.delenv(name)
    with pytest.raises(SettingsError, match="CHURNKIT_SOURCES_FOLDER is not set"):
        place_to_read("lines")
    with pytest.raises(SettingsError, match="CHURNKIT_EXPORTS_FOLDER is not set"):
        place_to_write("april")
    monkeypatch.setenv("CHURNKIT_ENGINE_STORAGE", "shop")
    with pytest.raises(SettingsError, match="addresses with spaces between"):
        place_to_read("s3://shop/x")


@pytest.mark.slow
def test_the_command_line_asks_the_server_that_owns_the_folder(
    client: TestClient,
    shop: AnalysedShop,
    places: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stop(shop.platform, monkeypatch)
    (places / "sources" / ASKED["input"]).write_bytes(shop.results.transactions_path.read_bytes())
    asked = answer_here(client, shop.platform, monkeypatch)
    command = [
        "score",
        "--engine",
        "duckdb",
        "--input",
        ASKED["input"],
        "--model",
        "champion",
        "--output",
        "april",
    ]
    command += ["--server", HERE]
    assert main(command) == 2
    assert "CHURNKIT_API_KEY is not set" in capsys.readouterr().err
    monkeypatch.setenv("CHURNKIT_API_KEY", shop.key("run")["Authorization"].removeprefix("Bearer "))
    assert main(command) == 2
    assert "sources" in capsys.readouterr().err
    monkeypatch.setenv("CHURNKIT_API_KEY", shop.key("admin")["Authorization"].removeprefix("Bearer "))
    before = len(asked)
    assert main([*command[:-1], "http://shop.example"]) == 2
    assert "readable on the way" in capsys.readouterr().err
    assert len(asked) == before
    assert main(command) == 0
    assert "300 customers" in capsys.readouterr().out
    job_id = shop.store.jobs.all()[0].job_id
    assert asked[-3:] == [
        ("POST", f"{V1}/analyses/default/bulk-scorings"),
        ("GET", f"{V1}/jobs/{job_id}"),
        ("GET", f"{V1}/scorings/{job_id}"),
    ]
    assert (places / "exports" / "april" / "scores.json").exists()
    # What the server says of a failure is what the command says.
    assert main(command) == 2
    assert "must not exist" in capsys.readouterr().err
