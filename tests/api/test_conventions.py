"""What all routes share: pages, tags, methods, and a query that is understood or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from churnkit.api.application import PREFIX, add_layers, handle_all_problems
from churnkit.api.caching import Tagged
from churnkit.api.paging import Page, Paged
from churnkit.api.threads import blocking
from churnkit.config import ApiSettings

RUN = {"id": "run-1"}
# The newest first.
JOBS = [f"2026-01-{day:02}" for day in range(28, 0, -1)]

router = APIRouter()


@router.get("/customers", response_model=Page[int])
@blocking
def customers(page: Paged, tag: Tagged, at_least: int = 0) -> dict[str, Any]:
    tag.of(RUN["id"], at_least)
    rows = list(range(at_least, 120))
    first = page.first(RUN["id"])
    return page.of_rows(rows[first : first + page.limit], len(rows), RUN["id"])


@router.get("/jobs", response_model=Page[str])
@blocking
def jobs(page: Paged) -> dict[str, Any]:
    found, body = page.of_list(JOBS, lambda day: (day,))
    return {**body, "items": found}


@router.put("/jobs")
@blocking
def change() -> dict[str, bool]:
    return {"changed": True}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setitem(RUN, "id", "run-1")
    monkeypatch.setitem(globals(), "JOBS", list(JOBS))
    api = FastAPI(redirect_slashes=False)
    handle_all_problems(api)
    api.include_router(router)
    add_layers(api, ApiSettings(reads_per_second=0))
    with TestClient(Starlette(routes=[Mount(PREFIX, app=api)])) as opened:
        opened.base_url = opened.base_url.join(PREFIX + "/")
        yield opened


def everything(client: TestClient, path: str, **query: object) -> list[Any]:
    found: list[Any] = []
    answer = client.get(path, params=query)  # type: ignore[arg-type]
    while True:
        found += answer.json()["items"]
        link = answer.headers.get("link")
        assert (link is None) == (answer.json()["next"] is None)
        if link is None:
            return found
        address, relation = link.split(";")
        assert relation.strip() == 'rel="next"'
        answer = client.get("http://testserver" + address.strip("<>"))
        assert answer.status_code == 200


def test_pages_hold_every_row_once(client: TestClient) -> None:
    assert everything(client, "customers", limit=50, at_least=7) == list(range(7, 120))
    assert everything(client, "customers", limit=113, at_least=7) == list(range(7, 120))
    assert everything(client, "jobs", limit=10) == JOBS


def test_offset_begins_later(client: TestClient) -> None:
    assert everything(client, "customers", limit=200, offset=118) == [118, 119]
    assert everything(client, "customers", offset=1000) == []


def test_list_goes_on_where_it_was_whatever_came_or_went(client: TestClient) -> None:
    first = client.get("jobs", params={"limit": 3}).json()
    assert first["items"][-1] == "2026-01-26"
    JOBS.insert(0, "2026-02-01")
    JOBS.remove("2026-01-26")
    assert client.get("jobs", params={"limit": 2, "after": first["next"]}).json()["items"] == [
        "2026-01-25",
        "2026-01-24",
    ]


def test_page_after_a_newer_run_is_refused(client: TestClient) -> None:
    after = client.get("customers").json()["next"]
    RUN["id"] = "run-2"
    answer = client.get("customers", params={"after": after})
    assert (answer.status_code, answer.json()["code"]) == (409, "changed")


@pytest.mark.parametrize("after", ["", "x", "bnVsbA", "W10", "WzEsMiwzXQ", "\x00", "ü"])
def test_cursor_that_is_none_is_refused(client: TestClient, after: str) -> None:
    assert client.get("customers", params={"after": after}).status_code == 422


def test_cursor_of_other_filters_is_refused(client: TestClient) -> None:
    after = client.get("customers").json()["next"]
    assert client.get("customers", params={"after": after, "at_least": 3}).status_code == 422
    assert client.get("jobs", params={"after": after}).status_code == 422
    assert client.get("customers", params={"after": after, "offset": 1}).status_code == 422


@pytest.mark.parametrize("limit", [0, 201])
def test_page_has_one_to_200_rows(client: TestClient, limit: int) -> None:
    assert client.get("customers", params={"limit": limit}).status_code == 422


def test_client_that_has_the_answer_gets_none(client: TestClient) -> None:
    tag = client.get("customers").headers["etag"]
    for named in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get("customers", headers={"If-None-Match": named})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("customers", params={"at_least": 1}, headers={"If-None-Match": tag}).status_code == 200
    RUN["id"] = "run-2"
    assert client.get("customers", headers={"If-None-Match": tag}).status_code == 200


def test_query_parameter_that_is_not_there_is_refused(client: TestClient) -> None:
    answer = client.get("customers", params={"atleast": 3})
    assert answer.status_code == 422
    assert "atleast" in answer.json()["detail"]
    assert "at_least" in answer.json()["detail"]


def test_methods_of_a_path_are_told(client: TestClient) -> None:
    wrong = client.delete("jobs")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, OPTIONS, PUT")
    options = client.options("jobs")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, PUT")
    assert client.options("nothing").status_code == 404


def test_head_is_get_without_its_body(client: TestClient) -> None:
    got, head = client.get("jobs"), client.head("jobs")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
