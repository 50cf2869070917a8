"""The application that app.py mounts."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from churnkit import __version__
from churnkit.api.buckets import Buckets
from churnkit.api.caching import NotModified, not_modified
from churnkit.api.description import completed
from churnkit.api.late import PREFIX as PREFIX
from churnkit.api.layers.bodies import Bodies
from churnkit.api.layers.calls import CallLog
from churnkit.api.layers.entrance import Entrance
from churnkit.api.layers.kept_answers import KeptAnswers
from churnkit.api.layers.limits import Limits
from churnkit.api.operations import Operations
from churnkit.api.problems import PROBLEM, handle_problems
from churnkit.api.routes import (
    analyses,
    backups,
    campaigns,
    customers,
    exports,
    jobs,
    keys,
    mission_results,
    models,
    predictions,
    readouts,
    reference,
    results,
    runs,
    scenarios,
    scorings,
    server_state,
    shares,
    shop_alerts,
    shop_destinations,
    shop_history,
    shop_monitoring,
    shop_privacy,
    shop_runs,
    shop_schedules,
    shop_since,
    shop_sources,
    shop_worklist,
    shops,
    uploads,
    webhooks,
    workspace,
)
from churnkit.api.routes.mission import models as mission_models
from churnkit.api.routes.mission import predictions as mission_predictions
from churnkit.api.routes.mission import training as mission_training
from churnkit.api.routes.mission import uploads as mission_uploads
from churnkit.config import ApiSettings

# Of requests and answers across sites, where a setting allows them.
TAKEN_HEADERS = (
    "Authorization", "X-API-Key", "X-Tenant-Id", "Content-Type", "Idempotency-Key", "If-None-Match",
)  # fmt: skip
TOLD_HEADERS = (
    "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id", "Idempotency-Replayed",
)  # fmt: skip
ROUTERS = (
    server_state.router,
    uploads.router,
    analyses.router,
    jobs.router,
    scorings.router,
    runs.router,
    # Before /models/{model_id}.
    mission_models.router,
    models.router,
    mission_uploads.router,
    mission_training.router,
    mission_predictions.router,
    exports.router,
    workspace.router,
    backups.router,
    shops.router,
    shop_schedules.router,
    shop_destinations.router,
    shop_monitoring.router,
    shop_history.router,
    shop_alerts.router,
    shop_privacy.router,
    shop_runs.router,
    shop_sources.router,
    shop_since.router,
    shop_worklist.router,
    results.router,
    customers.router,
    keys.router,
    shares.router,
    webhooks.router,
    reference.router,
    predictions.router,
    scenarios.router,
    campaigns.router,
    readouts.router,
    mission_results.router,
)

_DESCRIPTION = """\
Who is about to leave, what they are worth, why, and what to do: what the pages show, for programs.

Every request but `/health` and `/ready` takes a key (`Authorization: Bearer ck_live_…`), made under Settings; it opens one
workspace. Failures come as `application/problem+json`. Times are RFC 3339 in UTC; money stands beside its currency.

Long answers come in pages: `limit`, and `after` with the `next` of the page before. Answers about a run carry an `ETag`:
send it as `If-None-Match`, and 304 says that you have them. What starts or makes something takes an `Idempotency-Key`:
the same request again gets the same answer and is done once. Work is answered with 202 and a `Location` to ask.

A key may ask 10 times a second, predict 50 times a second and start 6 jobs a minute unless the server is set otherwise;
`RateLimit` tells what is left, and 429 with `Retry-After` when to come again. `X-Request-Id` names a call in the server's
log.
"""


class Api(FastAPI):
    """FastAPI with a complete description."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made at the first call."""
        if not self.openapi_schema:
            self.openapi_schema = completed(super().openapi(), Operations(self))
        return self.openapi_schema


def make_api() -> FastAPI:
    """The API with all its routes.

    Raises
    ------
    SettingsError
        A setting holds what it must not.
    """
    api = Api(
        title="churnkit",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={"4XX": PROBLEM, "5XX": PROBLEM},
    )
    handle_all_problems(api)
    for router in ROUTERS:
        api.include_router(router)
    add_layers(api, ApiSettings.from_environment())
    return api


def handle_all_problems(api: FastAPI) -> None:
    """Let every failure, and what a client has already, leave in its shape."""
    handle_problems(api)
    api.add_exception_handler(NotModified, not_modified)


def add_layers(api: FastAPI, settings: ApiSettings, buckets: Buckets | None = None) -> None:
    """Put around the routes what every request passes; the last added is the outermost."""
    api.add_middleware(KeptAnswers)
    api.add_middleware(Bodies)
    api.add_middleware(Limits, settings=settings, buckets=buckets)
    api.add_middleware(Entrance, api=api)
    if settings.cors_origins:
        api.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=TAKEN_HEADERS,
            expose_headers=TOLD_HEADERS,
        )
    api.add_middleware(CallLog)
