"""What the API can be asked, as a table: path, methods, parameters, rights. Layers around the routes look it up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import FastAPI, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import Route
from starlette.types import Scope

from churnkit.accounts import Action
from churnkit.api.access import actions_of
from churnkit.api.caching import tagging

Body = Literal["none", "json", "file"]


@dataclass(frozen=True)
class Operation:
    """One route.

    Attributes
    ----------
    path
        With its parameters by name, e.g. ``/jobs/{job_id}``: what a log may say, where the true path may name a customer.
    parameters
        Names of all its query parameters.
    body
        What it takes; a file comes as a form or raw, and is read by its route.
    is_tagged
        Whether its answers carry a tag that the client may name.
    """

    path: str
    pattern: re.Pattern[str]
    methods: frozenset[str]
    parameters: frozenset[str] = frozenset()
    actions: frozenset[Action] = frozenset()
    body: Body = "none"
    is_tagged: bool = False


class Operations:
    """The routes of an API; made once, after all of them are known."""

    def __init__(self, api: FastAPI) -> None:
        self._all = [
            _operation(context)
            for context in iter_route_contexts(api.routes)
            if isinstance(context.original_route, Route)
        ]

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._all)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of a request, None where there is none; HEAD is asked as GET."""
        wanted = "GET" if method == "HEAD" else method
        return next((one for one in self._all if wanted in one.methods and one.pattern.match(path)), None)

    def allowed(self, path: str) -> list[str]:
        """The methods that a path takes, sorted; none where there is no such path."""
        found = {method for one in self._all if one.pattern.match(path) for method in one.methods}
        if not found:
            return []
        return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))


def path_below(scope: Scope) -> str:
    """The path of a request below the place where the API is mounted."""
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))


def operation_of(scope: Scope) -> Operation | None:
    """The operation of a request, as the entrance has found it."""
    found: Operation | None = scope.get("state", {}).get("operation")
    return found


def _operation(context: RouteContext) -> Operation:
    path, methods = context.path_format or "", frozenset(context.methods or ())
    if not isinstance(context.original_route, APIRoute):
        return Operation(path, context.path_regex, methods)
    fields = get_flat_params(context.dependant)
    return Operation(
        path,
        context.path_regex,
        methods,
        parameters=frozenset(field.alias for field in fields if isinstance(field.field_info, params.Query)),
        actions=frozenset(actions_of(context.dependant)),
        body=_body_of(context),
        is_tagged=_asks_for(context.dependant, tagging),
    )


def _asks_for(dependant: Any, dependency: object) -> bool:
    return any(one.call is dependency or _asks_for(one, dependency) for one in dependant.dependencies)


def _body_of(context: RouteContext) -> Body:
    # A route that reads its body itself says so in its description alone.
    if "requestBody" in (context.openapi_extra or {}):
        return "file"
    if context.body_field is None:
        return "none"
    return "file" if isinstance(context.body_field.field_info, params.Form) else "json"
