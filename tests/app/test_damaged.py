"""Files of an analysis that were cut off or are gone: the page says which, and the others still open."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.store import Store

CASES = (
    ("pages/dashboard.py", "evidence.json"),
    ("pages/dashboard.py", "summary.json"),
    ("pages/customers.py", "customers.parquet"),
    ("pages/models.py", "leaderboard.parquet"),
    ("pages/actions.py", "actions.parquet"),
    ("pages/cohorts.py", "cohorts.parquet"),
    ("pages/data_quality.py", "profile.json"),
)


pytestmark = pytest.mark.usefixtures("shell")


def folders_of(platform: Platform, store: Store) -> list[Path]:
    (session,) = store.sessions.all()
    folders = [platform.look_folder(session), platform.run_folder(session)]
    return [folder for folder in folders if folder is not None]


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def words(app: AppTest) -> str:
    assert not app.exception
    return " ".join(error.value for error in app.error).replace("\\", "")


@pytest.mark.parametrize(("page", "name"), CASES)
def test_a_damaged_file_is_named_on_the_page(
    full_app: AppTest, platform: Platform, store: Store, page: str, name: str
) -> None:
    whole = {}
    for folder in folders_of(platform, store):
        if (folder / name).exists():
            whole[folder / name] = (folder / name).read_bytes()
            cut(folder / name)
    assert whole
    full_app.run()
    full_app.switch_page(page).run()
    said = words(full_app)
    assert f"its file {name} " in said
    assert "is damaged" in said
    assert full_app.sidebar.selectbox
    for path in whole:
        path.unlink()
    full_app.run()
    assert not full_app.exception
    for path, content in whole.items():
        path.write_bytes(content)
    full_app.run()
    assert words(full_app) == ""


def test_a_run_without_its_folder_is_an_error_in_words(
    small_app: AppTest, platform: Platform, store: Store
) -> None:
    for folder in folders_of(platform, store):
        shutil.rmtree(folder)
    small_app.run()
    small_app.switch_page("pages/dashboard.py").run()
    assert "missing from the data folder" in words(small_app)


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"state": "done"}), "\x00" * 100])
def test_the_progress_page_opens_whatever_a_status_holds(
    small_app: AppTest, platform: Platform, store: Store, content: str
) -> None:
    for path in platform.folders.data.glob("jobs/*/status.json"):
        path.write_text(content, encoding="utf-8")
    small_app.run()
    small_app.switch_page("pages/progress.py").run()
    assert words(small_app) == ""
