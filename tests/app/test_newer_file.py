"""A newer file scored from the Models page by a stored model, and the model taken away."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER
from churnkit.cli import main
from churnkit.errors import JobError
from churnkit.jobs import Platform
from churnkit.jobs.bulk import BulkAsked
from churnkit.jobs.versions import stored_version
from churnkit.results.folders import Results
from churnkit.services.score.model_folder import read_model_folder
from churnkit.services.score.newer_file import score_newer
from churnkit.services.score.taking_away import model_archive
from churnkit.store import Store
from tests.app.conftest import InlineWorkers, Shop, lines_of, settle

PAGE = "pages/models.py"


def results_of(platform: Platform, store: Store) -> Results:
    folder = platform.run_folder(store.sessions.all()[0])
    assert folder is not None
    return Results(folder)


def versions(app: AppTest) -> AppTest:
    app.session_state["expert"] = True
    app.session_state["models_tab"] = "Versions"
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def scored(
    app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> AppTest:
    """Upload a newer file and let the work be done here and now."""
    platform.follower.close()
    monkeypatch.setattr(platform.follower, "workers", InlineWorkers())
    app.file_uploader[0].set_value(("newer.csv", content, "text/csv"))
    app.run()
    assert not app.exception
    settle(platform)
    return app.run()


@pytest.mark.slow
def test_a_newer_file_is_scored_and_the_analysis_stays(
    full_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = results_of(platform, store).customers
    lines = lines_of(300, 500)
    app = versions(full_app)
    app = scored(app, platform, store, monkeypatch, lines.to_csv(index=False).encode())
    assert not app.exception
    assert not app.error
    table = next(one.value for one in app.dataframe if "rank" in one.value and "factor_1" in one.value)
    assert table["rank"].tolist() == sorted(table["rank"])
    # The same file on the same day: what the analysis found, to the last digit that is kept.
    (session,) = store.sessions.all()
    job = next(job for job in store.jobs.of_session(session.session_id) if job.kind == "score")
    again = pd.read_parquet(platform.scored(job)).set_index("customer_id")
    pd.testing.assert_series_equal(
        again["p_churn"].sort_index(), before.set_index("customer_id")["p_churn"].sort_index()
    )
    pd.testing.assert_series_equal(
        again["clv"].sort_index(), before.set_index("customer_id")["clv"].sort_index()
    )
    assert platform.scoring(store, session.session_id, "imagined") is None
    assert store.sessions.get(session.session_id).run_id == session.run_id


@pytest.mark.slow
def test_a_file_that_cannot_be_scored_says_why_and_what_an_engine_scored_is_listed(
    small_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHURNKIT_SOURCES_FOLDER", str(results_of(platform, store).transactions_path.parent))
    monkeypatch.setenv("CHURNKIT_EXPORTS_FOLDER", str(tmp_path / "exports"))
    (session,) = store.sessions.all()
    asked = BulkAsked("duckdb", "transactions.parquet", "april")
    platform.follower.close()
    platform.start_bulk_scoring(store, session.session_id, asked)
    app = scored(versions(small_app), platform, store, monkeypatch, b"a,b\n1,2\n")
    assert any("churn" in error.value or "column" in error.value for error in app.error)
    (told,) = (one.value.replace("\\", "") for one in app.caption if "written to april" in one.value)
    assert "april: started" in told
    assert "on duckdb: 40 customers as of" in told


@pytest.mark.slow
@pytest.mark.parametrize("which", ["full_shop", "small_shop"])
def test_a_model_that_was_taken_away_scores_elsewhere(
    which: str, request: pytest.FixtureRequest, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    shop: Shop = request.getfixturevalue(which)
    request.getfixturevalue("full_app" if which == "full_shop" else "small_app")
    platform: Platform = request.getfixturevalue("platform")
    store = platform.store_for("local", OWNER)
    (session,) = store.sessions.all()
    assert session.run_id is not None
    assert session.session_id == shop.session_id
    archive = zipfile.ZipFile(io.BytesIO(model_archive(platform.version(store, session.run_id))))
    assert not [name for name in archive.namelist() if name.endswith((".joblib", ".pkl"))]
    archive.extractall(tmp_path / "away")
    assert "# " in (tmp_path / "away" / "model" / "card.md").read_text(encoding="utf-8")
    scorer = read_model_folder(tmp_path / "away" / "model")
    orders = tmp_path / "orders.csv"
    lines_of(*((300, 500) if which == "full_shop" else (40, 150))).to_csv(orders, index=False)
    (tmp_path / "work").mkdir()
    now = score_newer(orders, tmp_path / "work", scorer).customers.set_index("customer_id")["p_churn"]
    then = results_of(platform, store).customers.set_index("customer_id")["p_churn"]
    pd.testing.assert_series_equal(now.sort_index(), then.sort_index(), rtol=0, atol=1e-9)


@pytest.mark.slow
def test_every_model_that_competed_is_kept_and_scores(
    full_app: AppTest, platform: Platform, store: Store, tmp_path: Path
) -> None:
    (session,) = store.sessions.all()
    assert session.run_id is not None
    results = results_of(platform, store)
    models = store.models.of_session(session.session_id)
    assert sorted(one.model_type for one in models) == sorted(row.candidate for row in results.leaderboard)
    assert [one.is_champion for one in models] == [True, *[False] * (len(models) - 1)]
    assert {one.run_id for one in models} == {session.run_id}
    tuned = next(one for one in models if one.model_type == "logistic_regression")
    assert isinstance(tuned.hyperparameters["params"]["C"], float)
    rows, said = results.scored(), []
    for model in models:
        version = platform.version(store, session.run_id, model.model_id)
        p_churn = version.scorer().learned.model.p_churn(rows)
        assert np.isfinite(p_churn).all()
        zipfile.ZipFile(io.BytesIO(model_archive(version))).extractall(tmp_path / model.model_id)
        away = read_model_folder(tmp_path / model.model_id / "model").learned.model
        assert away.name == model.model_type
        np.testing.assert_allclose(away.p_churn(rows), p_churn, rtol=0, atol=1e-9)
        said.append(p_churn)
    assert len({row.tobytes() for row in said}) == len(models)
    champion = results.customers.set_index("customer_id").loc[rows["customer_id"], "p_churn"]
    np.testing.assert_allclose(said[0], champion, atol=1e-6)


@pytest.mark.slow
def test_another_candidate_scores_from_the_page(
    full_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session,) = store.sessions.all()
    app = versions(full_app)
    choice = app.selectbox(key=f"newer_model_{session.run_id}")
    assert choice.options[0].startswith("★")
    rule = next(
        one for one in choice.options if one.startswith("Return") or one.startswith("Everybody alike")
    )
    choice.select(rule).run()
    app = scored(app, platform, store, monkeypatch, lines_of(300, 500).to_csv(index=False).encode())
    assert not app.exception
    assert not app.error
    job = next(job for job in store.jobs.of_session(session.session_id) if job.kind == "score")
    assert pd.read_parquet(platform.scored(job))["p_churn"].nunique() == 1


@pytest.mark.slow
def test_a_session_takes_its_models_with_it(full_app: AppTest, platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    assert len(list(platform.folders.models.glob("*.joblib"))) > 5
    platform.delete_session(store, session.session_id)
    assert not [path for path in platform.folders.models.iterdir() if path.suffix in (".joblib", ".json")]


@pytest.mark.slow
def test_versions_are_found_by_name(full_app: AppTest, platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    assert session.run_id is not None
    root, folders = store, platform.folders
    champion = stored_version(root, folders, "champion")
    assert champion.run_folder.name == session.run_id
    assert stored_version(root, folders, session.run_id[:8]) == champion
    model = store.models.champion(session.session_id)
    assert model is not None
    assert stored_version(root, folders, model.model_id[:8]) == champion
    for name in ("champio", session.run_id[:5], "0" * 12):
        with pytest.raises(JobError, match="no version of that name"):
            stored_version(root, folders, name)


@pytest.mark.slow
def test_the_command_scores_by_the_champion_of_the_store(
    full_shop: Shop, folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    shutil.copytree(full_shop.data, folders[0])
    shutil.copytree(full_shop.models, folders[1])
    orders = tmp_path / "orders.csv"
    lines_of(300, 500).to_csv(orders, index=False)
    assert main(["score", str(orders), "--model", "champion", "--output", str(tmp_path / "out")]) == 0
    assert "Scored at" in capsys.readouterr().out
    assert len(pd.read_csv(tmp_path / "out" / "customers.csv")) == 300
    # Whoever was erased from the shop does not come back with a file.
    with Store.open(folders[0] / "churnkit.duckdb") as root:
        store = root.for_tenant(root.overview.tenants()[0])
        (session,) = store.sessions.all()
        gone = str(pd.read_csv(orders, dtype=str)["customer_id"].iloc[0])
        store.erasures.begin(session.session_id, gone, {}, at=datetime.now(UTC))
    assert main(["score", str(orders), "--model", "champion", "--output", str(tmp_path / "later")]) == 0
    found = pd.read_csv(tmp_path / "later" / "customers.csv", dtype={"customer_id": str})
    assert len(found) == 299 and gone not in set(found["customer_id"])
    assert main(["score", str(orders), "--model", "nobody", "--output", str(tmp_path / "out")]) == 2
    assert "no version of that name" in capsys.readouterr().err
