"""A newer file scored from the Models page by a stored model, and the model taken away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.cli import main
from churnkit.errors import JobError
from churnkit.jobs import Platform
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
def test_a_file_that_cannot_be_scored_says_why(
    small_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = scored(versions(small_app), platform, store, monkeypatch, b"a,b\n1,2\n")
    assert any("churn" in error.value or "column" in error.value for error in app.error)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["full_shop", "small_shop"])
def test_a_model_that_was_taken_away_scores_elsewhere(
    which: str, request: pytest.FixtureRequest, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    shop: Shop = request.getfixturevalue(which)
    request.getfixturevalue("full_app" if which == "full_shop" else "small_app")
    platform: Platform = request.getfixturevalue("platform")
    store = platform.store_for("local")
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
    assert main(["score", str(orders), "--model", "nobody", "--output", str(tmp_path / "out")]) == 2
    assert "no version of that name" in capsys.readouterr().err
