"""Versions and models of a finished analysis: listed, described, promoted, taken away, removed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from starlette.testclient import TestClient

from churnkit.accounts import Action
from churnkit.api.routes.exports import Section
from churnkit.jobs import Platform
from churnkit.reports.sections.report import SECTIONS
from churnkit.store import ModelFile, Run
from tests.api.conftest import AnalysedShop
from tests.app.conftest import InlineWorkers, settle

Headers = Callable[..., dict[str, str]]
V1 = "/api/v1"


def second_run(shop: AnalysedShop) -> Run:
    """A later run of the same analysis, as another training would leave it: the first one's files with a new id."""
    store, folders = shop.store, shop.platform.folders
    (first,) = store.runs.of_session(shop.analysis_id)
    request = store.jobs.get(first.run_id).request
    job = store.jobs.create(shop.analysis_id, created_at=first.finished_at, request=request)
    store.jobs.claim(job.job_id, at=first.finished_at)
    source = folders.run(shop.analysis_id, first.run_id)
    target = folders.run(shop.analysis_id, job.job_id)
    target.mkdir(parents=True)
    for file in source.iterdir():
        if file.is_file():
            (target / file.name).write_bytes(file.read_bytes())
    model = folders.models / f"{'a' * 32}.joblib"
    model.write_bytes(b"model")
    from churnkit.jobs.adoption import run_files

    return store.runs.finish(
        job.job_id,
        run_files(target),
        at=first.finished_at,
        horizon_days=first.horizon_days,
        champion=first.champion,
        summary=replace(first.summary, customers=7),
        model=ModelFile("svm", model, "ab" * 32),
    )


def test_runs_are_promoted_and_rolled_back(client: TestClient, shop: AnalysedShop) -> None:
    run, read, admin = shop.key("run"), shop.key("read"), shop.key("admin")
    (first,) = shop.store.runs.of_session(shop.analysis_id)
    assert client.post(f"{shop.path}/rollback", headers=run).status_code == 409
    second = second_run(shop)
    page = client.get(f"{shop.path}/runs", headers=read).json()
    assert [(one["run_id"], one["is_current"]) for one in page["items"]] == [
        (second.run_id, True), (first.run_id, False),
    ]  # fmt: skip
    assert page["items"][0]["figures"]["customers"] == 7
    assert client.delete(f"{V1}/runs/{second.run_id}", headers=admin).status_code == 409
    back = client.post(f"{shop.path}/rollback", headers=run)
    assert (back.status_code, back.json()["run_id"], back.json()["is_current"]) == (200, first.run_id, True)
    body = {"run_id": second.run_id}
    assert client.put(f"{shop.path}/run", json=body, headers=read).status_code == 403
    assert client.put(f"{shop.path}/run", json=body, headers=run).json()["run_id"] == second.run_id
    assert client.put(f"{shop.path}/run", json={"run_id": "0" * 32}, headers=run).status_code == 404
    promoted = client.post(f"{V1}/models/{first.model_id}/promote", headers=run)
    assert promoted.json()["run_id"] == first.run_id
    assert shop.store.sessions.get(shop.analysis_id).run_id == first.run_id


def test_run_that_does_not_count_is_deleted_with_its_files(client: TestClient, shop: AnalysedShop) -> None:
    second = second_run(shop)
    folders = shop.platform.folders
    assert client.post(f"{shop.path}/rollback", headers=shop.key("run")).status_code == 200
    path = f"{V1}/runs/{second.run_id}"
    assert client.delete(path, headers=shop.key("run")).status_code == 403
    assert client.delete(path, headers=shop.key("admin")).status_code == 204
    assert client.get(path, headers=shop.key("read")).status_code == 404
    assert not folders.run(shop.analysis_id, second.run_id).exists()
    assert not (folders.models / f"{'a' * 32}.joblib").exists()
    assert client.get(f"{shop.path}/results", headers=shop.key("read")).status_code == 200


def test_models_are_listed_described_and_taken_away(client: TestClient, shop: AnalysedShop) -> None:
    read = shop.key("read")
    kept = shop.store.models.of_session(shop.analysis_id)
    page = client.get(f"{V1}/models", params={"analysis_id": "default"}, headers=read).json()
    assert {one["model_id"] for one in page["items"]} == {one.model_id for one in kept}
    champion = next(one for one in page["items"] if one["is_champion"])
    assert champion["scored_its_run"]
    details = client.get(f"{V1}/models/{champion['model_id']}", headers=read).json()
    assert details["roc_auc"] == pytest.approx(kept[0].roc_auc)
    card = client.get(f"{V1}/models/{champion['model_id']}/card", headers=read)
    assert card.headers["content-type"].startswith("text/markdown")
    assert card.text == client.get(f"{V1}/runs/{champion['run_id']}/card", headers=read).text
    assert f"# {shop.results.evidence.model_card.label}" in card.text
    archive = client.get(f"{V1}/models/{champion['model_id']}/archive", headers=read)
    assert "card" in " ".join(zipfile.ZipFile(io.BytesIO(archive.content)).namelist()).lower()
    panel = client.get(f"{V1}/models/{champion['model_id']}/panel", headers=read)
    assert len(pd.read_parquet(io.BytesIO(panel.content))) > 300
    assert client.get(f"{V1}/models", headers=shop.key("admin", "other")).json()["total"] == 0
    for path in ("", "/card", "/archive", "/panel"):
        wrong = client.get(f"{V1}/models/{champion['model_id']}{path}", headers=shop.key("admin", "other"))
        assert wrong.status_code == 404


def test_only_a_model_that_scored_nothing_is_deleted(client: TestClient, shop: AnalysedShop) -> None:
    admin = shop.key("admin")
    models = shop.store.models.of_session(shop.analysis_id)
    champion, other = models[0], models[-1]
    assert client.delete(f"{V1}/models/{champion.model_id}", headers=admin).status_code == 409
    card = client.get(f"{V1}/models/{other.model_id}/card", headers=admin)
    assert (card.status_code, "It competed with the champion" in card.text) == (200, True)
    assert client.post(f"{V1}/models/{other.model_id}/promote", headers=admin).status_code == 409
    file = shop.platform.folders.models / other.file_path.name
    assert file.exists()
    assert client.delete(f"{V1}/models/{other.model_id}", headers=admin).status_code == 204
    assert client.get(f"{V1}/models/{other.model_id}", headers=admin).status_code == 404
    assert not file.exists()


def test_newer_file_is_scored_and_its_scores_are_kept(
    client: TestClient, shop: AnalysedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = shop.platform
    stop(platform, monkeypatch)
    run, read, admin = shop.key("run"), shop.key("read"), shop.key("admin")
    (upload,) = shop.store.uploads.all()
    orders = platform.upload_file(upload).read_bytes()
    path = f"{shop.path}/scorings"
    two = [("file", ("a.csv", orders)), ("file", ("b.csv", orders))]
    assert client.post(path, files=two, headers=run).status_code == 422
    one = {"file": ("april.csv", orders)}
    begun = client.post(path, files=one, headers=run)
    assert (begun.status_code, begun.json()["name"]) == (202, "april.csv"), begun.text
    scoring = f"{V1}/scorings/{begun.json()['scoring_id']}"
    assert client.get(f"{scoring}/files/csv", headers=read).status_code == 409
    job = client.post(
        f"{shop.path}/jobs",
        json={"kind": "score", "upload_id": upload.upload_id, "name": "again"},
        headers=run,
    )
    assert job.status_code == 202
    settle(platform)
    # The orders are gone with the work; what came of them stays.
    assert list(platform.folders.job(begun.json()["scoring_id"]).glob("input*")) == []
    scores = client.get(scoring, headers=read).json()["scores"]
    assert scores["customers"] == len(shop.results.customers)
    table = pd.read_csv(io.BytesIO(client.get(f"{scoring}/files/csv", headers=read).content))
    whole = pd.read_parquet(io.BytesIO(client.get(f"{scoring}/files/parquet", headers=read).content))
    assert len(table) == len(whole) == scores["customers"]
    # The same orders by the same model: the probabilities of the analysis.
    before = shop.results.customers.set_index("customer_id")["p_churn"]
    after = whole.set_index("customer_id")["p_churn"]
    assert after.to_dict() == pytest.approx(before.to_dict(), abs=1e-9)
    kept = client.get(f"{V1}/scorings", headers=read).json()
    assert [one["name"] for one in kept["items"]] == ["again", "april.csv"]
    assert client.patch(scoring, json={"name": "April"}, headers=run).json()["name"] == "April"
    assert client.get(scoring, headers=shop.key("admin", "other")).status_code == 404
    assert client.delete(scoring, headers=run).status_code == 403
    assert client.delete(scoring, headers=admin).status_code == 204
    assert client.get(scoring, headers=read).status_code == 404
    assert not platform.folders.job(begun.json()["scoring_id"]).exists()
    assert list(Path(platform.folders.uploads).iterdir()) == [platform.upload_file(upload)]


def test_report_of_chosen_sections(client: TestClient, shop: AnalysedShop) -> None:
    assert get_args(Section) == tuple(SECTIONS)
    path, read = f"{shop.path}/exports/html", shop.key("read")
    one = client.get(path, params={"section": "models"}, headers=read)
    assert one.status_code == 200
    assert SECTIONS["models"] in one.text
    assert SECTIONS["recommendations"] not in one.text
    assert client.get(path, params={"section": "nonsense"}, headers=read).status_code == 422


def test_taking_out_is_in_the_audit_log(client: TestClient, shop: AnalysedShop) -> None:
    client.get(f"{shop.path}/exports/scores", headers=shop.key("read"))
    entry = shop.store.audit.page(action=Action.EXPORT).rows[0]
    assert (entry.actor_kind, entry.subject_id) == ("key", shop.analysis_id)
    assert entry.doing.endswith("scores.csv")


def test_default_analysis_is_chosen(client: TestClient, shop: AnalysedShop) -> None:
    path = f"{V1}/analyses/default"
    assert client.get(path, headers=shop.key("read")).json()["analysis_id"] == shop.analysis_id
    body = {"analysis_id": shop.analysis_id}
    assert client.put(path, json=body, headers=shop.key("read")).status_code == 403
    assert (
        client.put(path, json=body, headers=shop.key("run")).json()
        == client.get(path, headers=shop.key("read")).json()
    )
    assert client.put(path, json={"analysis_id": "x"}, headers=shop.key("run")).status_code == 404


def test_workspace_is_emptied_by_name_only(client: TestClient, shop: AnalysedShop) -> None:
    admin = shop.key("admin")
    assert client.get(f"{V1}/workspace/storage", headers=admin).json()["uploads_bytes"] > 0
    path = f"{V1}/workspace/contents"
    assert client.delete(path, params={"confirm": "x"}, headers=admin).status_code == 422
    assert client.delete(path, params={"confirm": "local"}, headers=shop.key("run")).status_code == 403
    assert client.delete(path, params={"confirm": "local"}, headers=admin).status_code == 204
    assert client.get(f"{V1}/uploads", headers=admin).json()["total"] == 0
    assert sum(client.get(f"{V1}/workspace/storage", headers=admin).json().values()) == 0


def stop(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let work be done here and now."""
    platform.follower.close()
    monkeypatch.setattr(platform.follower, "workers", InlineWorkers())
