"""The server around the pages, without a port: health, pages, addresses that are not there, the workspace's cookie."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

# Streamlit keeps one app for the life of a process, so the server gets a process of its own.
VISIT = """
import warnings
warnings.simplefilter("ignore")
from starlette.testclient import TestClient
import app
with TestClient(app.app) as client:
    page, health = client.get("/"), client.get("/_stcore/health")
    link = client.get("/dashboard?analysis=" + "0" * 32)
    for path in ("/health", "/nothing", "/api/v1/health", "/api/v1/nothing", "/customers"):
        answers = [client.get(path, headers={"Accept": accept}) for accept in ("*/*", "text/html,*/*")]
        print(path, *(answer.status_code for answer in answers), answers[0].headers["content-type"])
    print(page.status_code, "churnkit_workspace=" in page.headers["set-cookie"], health.status_code, link.status_code)
"""


def test_page_health_and_cookie(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", VISIT],
        cwd=REPOSITORY,
        env={
            "CHURNKIT_DATA_DIR": str(tmp_path),
            "PATH": "",
            "PYTHONPATH": str(REPOSITORY),
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    assert lines[-1:] == ["200 True 200 200"], done.stderr
    assert lines[-6:-1] == [
        "/health 200 200 application/json",
        "/nothing 404 200 application/problem+json",
        "/api/v1/health 200 200 application/json",
        "/api/v1/nothing 404 404 application/problem+json",
        "/customers 200 200 text/html; charset=utf-8",
    ]


def test_starting_imports_no_model_library(tmp_path: Path) -> None:
    code = (
        "import sys, streamlit, churnkit.jobs.platform\n"
        "from churnkit.server.warming import HOME_NEEDS\n"
        "for name in HOME_NEEDS: __import__(name)\n"
        "heavy = {'sklearn', 'scipy', 'xgboost', 'lightgbm', 'shap', 'ibis', 'statsmodels', 'reportlab'}\n"
        "heavy |= {'churnkit.ingest.inspection', 'churnkit.ingest.columns.synonyms', 'churnkit.tournament.evaluation'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"
