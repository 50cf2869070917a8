"""Telling MLflow of a version, once: a run of the shop's experiment, a version of its registered model, its champion."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from churnkit.config.tracking import TRACKING_URI
from churnkit.errors import ChurnkitError, SettingsError
from churnkit.services.tracking.run_account import RunAccount

CHAMPION = "champion"
_RUN_ID = "churnkit_run_id"
_CARD = "model_card.md"
# What an MLflow server takes at once.
_MOST_PARAMS, _MOST_METRICS = 100, 500
_SECRETS = re.compile(r"(?<=://)[^/@\s]+@")

Item = TypeVar("Item")


class TrackingFailed(ChurnkitError):
    """MLflow was not told."""

    code = "tracking_failed"


def tell_mlflow(account: RunAccount, uri: str, *, is_champion: bool) -> None:
    """Log a version unless it is there, and let the alias ``champion`` lead to the model that scores it.

    Parameters
    ----------
    uri
        As MLflow takes it.
    is_champion
        Whether the version is the one on screen.

    Raises
    ------
    SettingsError
        The package is not installed.
    TrackingFailed
        MLflow cannot be reached, or refused.
    """
    client, failure = _client(uri)
    try:
        if not _is_known(client, account):
            _log(client, account)
        if is_champion:
            _point_at(client, account)
    except (failure, OSError, ValueError) as error:
        words = _SECRETS.sub("", str(error)).strip().splitlines()
        raise TrackingFailed(
            f"Telling MLflow of a version: {words[0] if words else type(error).__name__}",
            f"Look at the server that {TRACKING_URI} names; the next version is told again.",
        ) from error


def _client(uri: str) -> tuple[Any, type[Exception]]:
    # MLflow would tell its makers what it is used for.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError as error:
        raise SettingsError(
            f"{TRACKING_URI} is set: the package that speaks to MLflow is not installed.",
            "Install it beside churnkit: pip install 'churnkit[mlflow]'.",
        ) from error
    try:
        return MlflowClient(tracking_uri=uri, registry_uri=uri), MlflowException
    except (MlflowException, OSError, ValueError) as error:
        raise TrackingFailed(f"Opening MLflow: {_SECRETS.sub('', str(error))}") from error


def _experiment(client: Any, account: RunAccount) -> str:
    known = client.get_experiment_by_name(account.called)
    return str(known.experiment_id if known else client.create_experiment(account.called))


def _is_known(client: Any, account: RunAccount) -> bool:
    found = client.search_runs(
        [_experiment(client, account)],
        filter_string=f"tags.{_RUN_ID} = '{account.run_id}' and attributes.status = 'FINISHED'",
        max_results=1,
    )
    return bool(found)


def _log(client: Any, account: RunAccount) -> None:
    from mlflow.entities import Metric, Param, RunTag

    started = client.create_run(_experiment(client, account), run_name=account.run_id[:8])
    run_id, now = started.info.run_id, int(time.time() * 1000)
    params = [Param(*pair) for pair in account.params.items()]
    metrics = [Metric(name, value, now, 0) for name, value in account.metrics.items()]
    client.log_batch(run_id, tags=[RunTag(*pair) for pair in account.tags.items()])
    for some in _some(params, _MOST_PARAMS):
        client.log_batch(run_id, params=some)
    for some in _some(metrics, _MOST_METRICS):
        client.log_batch(run_id, metrics=some)
    client.log_text(run_id, account.card, _CARD)
    if account.model is not None:
        client.log_artifact(run_id, str(account.model), "model")
        _register(client, account, run_id, f"{started.info.artifact_uri}/model")
    client.set_terminated(run_id, "FINISHED")


def _register(client: Any, account: RunAccount, run_id: str, source: str) -> None:
    if not client.search_registered_models(filter_string=f"name = '{account.called}'", max_results=1):
        client.create_registered_model(
            account.called, description=f"Who leaves {account.tags['churnkit_shop']}."
        )
    client.create_model_version(account.called, source, run_id, tags=dict(account.tags))


def _point_at(client: Any, account: RunAccount) -> None:
    """Nothing leads to a model that MLflow was never told of."""
    for version in client.search_model_versions(f"name = '{account.called}'"):
        if version.tags.get(_RUN_ID) == account.trained_by:
            client.set_registered_model_alias(account.called, CHAMPION, version.version)
            return


def _some(items: Sequence[Item], most: int) -> Iterator[list[Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, most)):
        yield batch
