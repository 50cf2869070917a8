"""MLflow is told of each version once, and which model is champion; what fails is an event and nothing else."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from churnkit.errors import SettingsError
from churnkit.jobs import Platform
from churnkit.jobs.tracking_runs import track_beside, track_or_tell
from churnkit.results.folders import Results
from churnkit.services.tracking.run_account import RunAccount, run_account
from churnkit.services.tracking.telling import tell_mlflow
from churnkit.store import Run, Store

URI = "https://me:secret@mlflow.example"


class MlflowException(Exception):
    """What the real one raises for everything."""


class FakeClient:
    """Remembers what it was told, as the server would."""

    def __init__(self) -> None:
        self.runs: dict[str, dict[str, Any]] = {}
        self.versions: list[SimpleNamespace] = []
        self.aliases: dict[str, str] = {}
        self.models: set[str] = set()
        self.refuses = ""

    def __call__(self, *, tracking_uri: str, registry_uri: str) -> FakeClient:
        return self

    def get_experiment_by_name(self, name: str) -> SimpleNamespace | None:
        if self.refuses:
            raise MlflowException(self.refuses)
        return None

    def create_experiment(self, name: str) -> str:
        return "e1"

    def search_runs(self, experiments: list[str], filter_string: str, max_results: int) -> list[str]:
        return [
            one
            for one, run in self.runs.items()
            if run["ended"] and f"tags.churnkit_run_id = '{run['tags']['churnkit_run_id']}'" in filter_string
        ]

    def create_run(self, experiment: str, run_name: str) -> SimpleNamespace:
        run_id = f"r{len(self.runs)}"
        self.runs[run_id] = {"params": {}, "metrics": {}, "tags": {}, "files": {}, "ended": False}
        return SimpleNamespace(
            info=SimpleNamespace(run_id=run_id, artifact_uri=f"mlflow-artifacts:/{run_id}")
        )

    def log_batch(self, run_id: str, **what: list[tuple[Any, ...]]) -> None:
        for kind, items in what.items():
            assert len(items) <= {"params": 100, "metrics": 1000, "tags": 100}[kind]
            self.runs[run_id][kind] |= {item[0]: item[1] for item in items}

    def log_text(self, run_id: str, text: str, name: str) -> None:
        self.runs[run_id]["files"][name] = text

    def log_artifact(self, run_id: str, path: str, folder: str) -> None:
        self.runs[run_id]["files"][f"{folder}/{Path(path).name}"] = Path(path).read_text()

    def set_terminated(self, run_id: str, status: str) -> None:
        self.runs[run_id]["ended"] = status == "FINISHED"

    def search_registered_models(self, filter_string: str, max_results: int) -> list[str]:
        return [one for one in self.models if f"'{one}'" in filter_string]

    def create_registered_model(self, name: str, description: str) -> None:
        self.models.add(name)

    def create_model_version(self, name: str, source: str, run_id: str, tags: dict[str, str]) -> None:
        self.versions.append(
            SimpleNamespace(name=name, source=source, tags=tags, version=str(len(self.versions) + 1))
        )

    def search_model_versions(self, filter_string: str) -> list[SimpleNamespace]:
        return self.versions

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        self.aliases[alias] = version


@pytest.fixture
def mlflow(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    client = FakeClient()
    parts: dict[str, dict[str, Any]] = {
        "mlflow": {"MlflowClient": client},
        "mlflow.exceptions": {"MlflowException": MlflowException},
        "mlflow.entities": {
            "Metric": lambda *values: values,
            "Param": lambda *values: values,
            "RunTag": lambda *values: values,
        },
    }
    for name, content in parts.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    return client


@pytest.fixture
def run(full_app: object, store: Store) -> Run:
    (session,) = store.sessions.all()
    return store.runs.get(session.run_id or "")


@pytest.fixture
def account(platform: Platform, run: Run) -> RunAccount:
    folder = platform.folders.run(run.session_id, run.run_id)
    return run_account(Results(folder), folder, run, "My shop", "Ada")


def test_a_version_is_told_once_and_the_alias_follows_what_is_on_screen(
    mlflow: FakeClient, account: RunAccount, platform: Platform, store: Store, run: Run
) -> None:
    track_or_tell(store, platform.folders, run, URI)
    track_or_tell(store, platform.folders, run, URI)
    (told,) = mlflow.runs.values()
    results = Results(platform.folders.run(run.session_id, run.run_id))
    assert results.model is not None
    assert told["tags"]["churnkit_model_sha256"] == results.model.sha256
    assert told["metrics"]["test_roc_auc"] == run.summary.test_roc_auc
    champion = results.leaderboard[0]
    assert told["metrics"][f"{champion.candidate}/roc_auc"] == champion.roc_auc
    assert told["params"]["horizon_days"] == str(run.horizon_days)
    assert told["params"]["tournament.budget_seconds"] == "1.0"
    assert set(told["files"]) == {"model_card.md", "model/model.json"}
    assert mlflow.aliases == {"champion": "1"}
    assert store.events.of_shop(run.session_id, kinds=["copy_failed"]) == []

    # A refresh is a run of its own, and its champion is the model that scored it.
    scored = replace(account, run_id="later", trained_by=run.run_id, model=None)
    scored = replace(scored, tags={**account.tags, "churnkit_run_id": "later"})
    newer = replace(account, run_id="newer", trained_by="newer")
    newer = replace(newer, tags={**account.tags, "churnkit_run_id": "newer"})
    tell_mlflow(newer, URI, is_champion=True)
    assert (len(mlflow.runs), len(mlflow.versions), mlflow.aliases) == (2, 2, {"champion": "2"})
    tell_mlflow(scored, URI, is_champion=False)
    assert (len(mlflow.runs), len(mlflow.versions), mlflow.aliases) == (3, 2, {"champion": "2"})
    tell_mlflow(scored, URI, is_champion=True)
    assert (len(mlflow.runs), mlflow.aliases) == (3, {"champion": "1"})


def test_a_failure_is_an_event_without_secrets(
    mlflow: FakeClient, platform: Platform, store: Store, run: Run
) -> None:
    mlflow.refuses = f"API request to {URI}/api failed"
    track_or_tell(store, platform.folders, run, URI)
    (event,) = store.events.of_shop(run.session_id, kinds=["copy_failed"])
    assert "API request to https://mlflow.example/api failed" in event.sentence
    assert "secret" not in event.sentence


def test_without_the_package_it_says_what_to_install(
    account: RunAccount, platform: Platform, store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    track_beside(store, platform.folders, run)
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(SettingsError, match="is not installed") as refused:
        tell_mlflow(account, URI, is_champion=True)
    assert "pip install 'churnkit[mlflow]'" in refused.value.remedy
