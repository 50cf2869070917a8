"""What every request passes: limits, bodies, kept answers, the log, other sites."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, FastAPI, Request, Response, UploadFile
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from churnkit.api.access import Reader, Runner, Uploader
from churnkit.api.application import PREFIX, add_layers, handle_all_problems
from churnkit.api.buckets import MOST_BUCKETS, Buckets, Rate
from churnkit.api.layers.bodies import MOST_BYTES
from churnkit.api.problems import ApiError
from churnkit.api.threads import blocking
from churnkit.config import ApiSettings
from churnkit.jobs import Platform

Headers = Callable[..., dict[str, str]]
router = APIRouter()
DONE: list[Any] = []


@router.get("/health")
async def health() -> str:
    return "ok"


@router.get("/customers/{customer_id:path}")
@blocking
def customer(caller: Reader, customer_id: str) -> str:
    if customer_id == "boom":
        raise RuntimeError("a secret")
    return customer_id


@router.post("/predict")
@blocking
def predict(caller: Reader) -> int:
    DONE.append("predict")
    return len(DONE)


@router.post("/jobs", status_code=202)
@blocking
def start(caller: Runner, response: Response, wanted: Annotated[Any, Body()] = None) -> dict[str, Any]:
    if wanted == "busy":
        raise ApiError(409, "job", "One is under way.")
    DONE.append(wanted)
    response.headers["Location"] = f"/jobs/{len(DONE)}"
    if wanted == "secret":
        response.headers["Cache-Control"] = "no-store"
    return {"job": len(DONE)}


@router.post("/uploads")
@blocking
def upload(caller: Uploader, file: UploadFile) -> str:
    return file.filename or ""


@router.put("/uploads/{name}")
async def put(caller: Uploader, name: str, request: Request) -> int:
    return sum([len(part) async for part in request.stream()])


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def opened(platform: Platform, now: list[float]) -> Iterator[Callable[[ApiSettings], TestClient]]:
    DONE.clear()
    clients = []

    def make(settings: ApiSettings) -> TestClient:
        api = FastAPI()
        handle_all_problems(api)
        api.include_router(router)
        add_layers(api, settings, Buckets(lambda: now[0]))
        client = TestClient(Starlette(routes=[Mount(PREFIX, app=api)]), raise_server_exceptions=False)
        client.base_url = client.base_url.join(PREFIX + "/")
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(opened: Callable[[ApiSettings], TestClient]) -> TestClient:
    return opened(ApiSettings(reads_per_second=0, predictions_per_second=0, starts_per_minute=0))


@pytest.fixture
def limited(opened: Callable[[ApiSettings], TestClient]) -> TestClient:
    return opened(ApiSettings(reads_per_second=2, predictions_per_second=5, starts_per_minute=3))


def statuses(client: TestClient, times: int, method: str, path: str, headers: dict[str, str]) -> list[int]:
    return [client.request(method, path, headers=headers).status_code for _ in range(times)]


def test_reads_are_limited_for_each_key(limited: TestClient, key: Headers, now: list[float]) -> None:
    mine, others = key(), key()
    assert statuses(limited, 5, "GET", "customers/a", mine) == [200] * 4 + [429]
    assert statuses(limited, 1, "GET", "customers/a", others) == [200]
    now[0] += 0.5
    assert statuses(limited, 2, "GET", "customers/a", mine) == [200, 429]


def test_refusal_says_when_to_come_again(limited: TestClient, key: Headers) -> None:
    headers = key()
    first = limited.get("customers/a", headers=headers)
    assert (first.headers["ratelimit-policy"], first.headers["ratelimit"]) == (
        '"requests";q=4;w=2',
        '"requests";r=3;t=1',
    )
    statuses(limited, 3, "GET", "customers/a", headers)
    refused = limited.get("customers/a", headers=headers)
    assert (refused.status_code, refused.headers["retry-after"], refused.json()["code"]) == (
        429,
        "1",
        "too_many",
    )
    assert refused.headers["ratelimit"] == '"requests";r=0;t=2'


def test_predictions_and_starts_have_limits_of_their_own(
    limited: TestClient, key: Headers, now: list[float]
) -> None:
    headers = key()
    assert statuses(limited, 6, "POST", "predict", headers) == [200] * 5 + [429]
    assert statuses(limited, 4, "POST", "jobs", headers) == [202] * 3 + [429]
    assert limited.post("jobs", headers=headers).headers["retry-after"] == "20"
    now[0] += 20
    assert statuses(limited, 2, "POST", "jobs", headers) == [202, 429]


def test_who_has_no_valid_key_shares_the_limit_of_the_address(limited: TestClient, key: Headers) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    assert statuses(limited, 3, "GET", "customers/a", {}) == [401] * 3
    assert statuses(limited, 2, "GET", "customers/a", wrong) == [401, 429]
    assert statuses(limited, 1, "GET", "customers/a", key()) == [200]


def test_one_household_is_one_address(opened: Callable[[ApiSettings], TestClient]) -> None:
    limited = opened(ApiSettings(reads_per_second=1)).app
    answers = []
    for host in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"):
        client = TestClient(limited, client=(host, 1))
        answers.append(client.get("/api/v1/customers/a").status_code)
    assert answers == [401, 401, 429, 401]


def test_health_is_not_limited(limited: TestClient) -> None:
    assert statuses(limited, 9, "GET", "health", {}) == [200] * 9


def test_old_buckets_are_forgotten() -> None:
    now = [0.0]
    buckets, rate = Buckets(lambda: now[0]), Rate("requests", 1, 2)
    for number in range(MOST_BUCKETS):
        buckets.take(str(number), rate)
    now[0] = 61
    buckets.take("new", rate)
    assert len(buckets._levels) == 1


@pytest.mark.parametrize(
    "body", ['{"a": NaN}', "[Infinity]", "[1e999]", r'"\ud800"', r'{"\u0000": 1}', "1" * 5000]
)
def test_json_that_is_not_strict_is_refused(client: TestClient, key: Headers, body: str) -> None:
    answer = client.post("jobs", headers={**key(), "Content-Type": "application/json"}, content=body)
    assert answer.status_code in (400, 422), answer.text
    assert not DONE


@pytest.mark.parametrize("value", ["é😀", {"a": [1.5e10, None]}, "NaN", "\\u0000"])
def test_strict_json_arrives(client: TestClient, key: Headers, value: Any) -> None:
    text = json.dumps(value)
    answer = client.post("jobs", headers={**key(), "Content-Type": "application/json"}, content=text)
    assert (answer.status_code, DONE) == (202, [value])


@pytest.mark.parametrize("path", ["jobs", "predict"])
def test_body_is_held_to_its_limit(client: TestClient, key: Headers, path: str) -> None:
    fits = b'"' + b"a" * (MOST_BYTES - 2) + b'"'
    headers = {**key(), "Content-Type": "application/json"}
    assert client.post(path, headers=headers, content=fits).status_code < 300
    refused = client.post(path, headers=headers, content=fits + b" ")
    assert (refused.status_code, refused.headers["content-type"]) == (413, "application/problem+json")


@pytest.mark.parametrize("way", ["form", "raw"])
def test_file_is_held_to_its_limit(
    client: TestClient, key: Headers, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("CHURNKIT_MAX_BYTES", "1000")
    for size, status in ((1000, 200), (MOST_BYTES + 1001, 413)):
        if way == "form":
            answer = client.post("uploads", headers=key(), files={"file": ("a", b"a" * size)})
        else:
            answer = client.put("uploads/a", headers=key(), content=b"a" * size)
        assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_same_request_again_gets_the_same_answer(client: TestClient, key: Headers) -> None:
    headers = {**key(), "Idempotency-Key": "one"}
    first = client.post("jobs", headers=headers, json={"a": 1})
    again = client.post("jobs", headers=headers, json={"a": 1})
    assert DONE == [{"a": 1}]
    assert (again.status_code, again.content) == (first.status_code, first.content) == (202, b'{"job":1}')
    assert (again.headers["location"], again.headers["idempotency-replayed"]) == ("/jobs/1", "true")
    assert again.headers["content-type"] == first.headers["content-type"]
    assert "idempotency-replayed" not in first.headers


def test_key_of_another_request_is_refused(client: TestClient, key: Headers) -> None:
    headers = {**key(), "Idempotency-Key": "one"}
    client.post("jobs", headers=headers, json={"a": 1})
    for answer in (
        client.post("jobs", headers=headers, json={"a": 2}),
        client.post("jobs", headers=headers),
        client.post("jobs", headers=headers, json={"a": 1}, params={"x": 1}),
    ):
        assert answer.status_code == 422
    assert DONE == [{"a": 1}]


def test_same_text_of_another_key_is_another_request(client: TestClient, key: Headers) -> None:
    for headers in (key(), key(), key(tenant="other")):
        client.post("jobs", headers={**headers, "Idempotency-Key": "one"}, json=1)
    assert DONE == [1, 1, 1]


def test_failure_may_be_tried_again(client: TestClient, key: Headers) -> None:
    headers = {**key(), "Idempotency-Key": "one"}
    assert client.post("jobs", headers=headers, json="busy").status_code == 409
    assert client.post("jobs", headers=headers, json="free").status_code == 202


def test_secret_and_what_changes_nothing_are_not_kept(
    client: TestClient, key: Headers, platform: Platform
) -> None:
    headers = {**key(), "Idempotency-Key": "one"}
    client.post("predict", headers=headers)
    client.post("predict", headers=headers)
    client.post("jobs", headers=headers, json="secret")
    assert DONE == ["predict", "predict", "secret"]
    with platform._root.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM kept_answers").fetchall() == [(0,)]


@pytest.mark.parametrize("given", ["", "a b", "a" * 256])
def test_key_of_a_request_has_a_form(client: TestClient, key: Headers, given: str) -> None:
    assert client.post("jobs", headers={**key(), "Idempotency-Key": given}).status_code == 422


def test_upload_takes_no_key_of_its_own(client: TestClient, key: Headers) -> None:
    headers = {**key(), "Idempotency-Key": "one"}
    assert client.post("uploads", headers=headers, files={"file": ("a", b"a")}).status_code == 422


def test_request_that_is_under_way_is_not_begun_again(client: TestClient, key: Headers) -> None:
    """The second comes while the first is in its route."""
    headers = {**key(), "Idempotency-Key": "one", "Content-Type": "application/json"}
    seen: list[int] = []

    class Busy(list[Any]):
        def append(self, item: Any) -> None:
            super().append(item)
            seen.append(client.post("jobs", headers=headers, content=b"1").status_code)

    busy = Busy()
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(globals(), "DONE", busy)
        assert client.post("jobs", headers=headers, content=b"1").status_code == 202
    assert (seen, list(busy)) == ([409], [1])


def test_call_leaves_a_line_without_personal_data(
    client: TestClient, key: Headers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "churnkit.api"):
        headers = {**key(), "X-Request-Id": "mine-1"}
        answer = client.get("customers/kim@shop.example", headers=headers)
    (line,) = [record.getMessage() for record in caplog.records]
    assert answer.headers["x-request-id"] == "mine-1"
    assert line.startswith("mine-1 key=")
    assert "GET /customers/{customer_id} 200" in line
    assert "kim" not in line
    assert headers["Authorization"].removeprefix("Bearer ") not in line


def test_request_without_a_good_id_is_given_one(client: TestClient, key: Headers) -> None:
    for given in ("", "a b", "x" * 65):
        assert (
            len(client.get("customers/a", headers={**key(), "X-Request-Id": given}).headers["x-request-id"])
            == 32
        )


def test_failure_of_the_server_says_nothing_but_its_id(
    client: TestClient, key: Headers, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "churnkit.api"):
        answer = client.get("customers/boom", headers=key())
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "secret" not in answer.text
    request_id = answer.headers["x-request-id"]
    assert any(
        request_id in record.getMessage() and " 500 " in record.getMessage() for record in caplog.records
    )


def test_other_sites_may_ask_only_where_they_are_named(
    opened: Callable[[ApiSettings], TestClient], key: Headers
) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    named = opened(ApiSettings(cors_origins=("https://shop.example",)))
    allowed = named.options("jobs", headers={**asked, "Access-Control-Request-Headers": "authorization"})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (
        200,
        "https://shop.example",
    )
    assert "access-control-allow-credentials" not in allowed.headers
    other = named.options("jobs", headers={**asked, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers
    told = named.get("customers/a", headers={**key(), "Origin": "https://shop.example"})
    assert "ETag" in told.headers["access-control-expose-headers"]
    unnamed = opened(ApiSettings()).options("jobs", headers=asked)
    assert "access-control-allow-origin" not in unnamed.headers


def test_no_route_is_a_plain_function() -> None:
    """A plain function would run in the threads that Streamlit serves its files from."""
    from churnkit.api.application import ROUTERS

    for each in ROUTERS:
        for route in each.routes:
            assert asyncio.iscoroutinefunction(route.endpoint), route  # type: ignore[attr-defined]
