"""Files that come through the API: on disk as they are, counted, compared with their digest, gone where refused."""

from __future__ import annotations

import base64
import hashlib
import tracemalloc
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from churnkit.accounts import OWNER
from churnkit.api.application import PREFIX, make_api
from churnkit.jobs import Platform
from tests.api.conftest import TENANT

Headers = Callable[..., dict[str, str]]

CSV = b"customer,date,amount\nann,2025-01-03,12.5\nbea,2025-02-04,7\n"
URL = "/api/v1/uploads"


def on_disk(platform: Platform) -> list[str]:
    folder = platform.folders.uploads
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def put(client: TestClient, headers: dict[str, str], body: bytes = CSV, name: str = "orders.csv") -> Any:
    return client.put(URL, params={"filename": name}, content=body, headers=headers)


def test_bytes_lie_on_disk_as_they_came(client: TestClient, platform: Platform, key: Headers) -> None:
    answer = put(client, key("run"))
    body = answer.json()
    assert answer.status_code == 201, body
    assert (body["filename"], body["size_bytes"]) == ("orders.csv", len(CSV))
    assert body["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert answer.headers["location"] == f"{URL}/{body['upload_id']}"
    upload = platform.store_for(TENANT, OWNER).uploads.get(body["upload_id"])
    assert platform.upload_file(upload).read_bytes() == CSV
    assert on_disk(platform) == [platform.upload_file(upload).name]
    assert client.get(answer.headers["location"], headers=key("read")).json() == body


def test_form_with_one_file_is_kept_as_it_is(client: TestClient, platform: Platform, key: Headers) -> None:
    answer = client.post(
        URL, files={"file": ("../../Orders März.csv", CSV)}, data={"note": "x"}, headers=key("run")
    )
    body = answer.json()
    assert (answer.status_code, body["filename"]) == (201, "Orders März.csv")
    assert body["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert [name.endswith(".csv") for name in on_disk(platform)] == [True]


def test_form_with_several_files_is_one_upload(client: TestClient, platform: Platform, key: Headers) -> None:
    files = [("file", ("b.csv", CSV)), ("file", ("a.csv", CSV))]
    body = client.post(URL, files=files, headers=key("run")).json()
    assert body["filename"] == "a.csv and 1 more file"
    assert [name.endswith(".zip") for name in on_disk(platform)] == [True]


@pytest.mark.parametrize(
    "digest",
    [
        {"Repr-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(CSV).digest()).decode()}:"},
        {"Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(CSV).digest()).decode()}:"},
        {"Content-SHA256": hashlib.sha256(CSV).hexdigest()},
    ],
)
def test_announced_digest_is_compared(
    client: TestClient, platform: Platform, key: Headers, digest: dict[str, str]
) -> None:
    headers = {**key("run"), **digest}
    assert put(client, headers).status_code == 201
    kept = on_disk(platform)
    cut = put(client, headers, CSV[:-1])
    assert (cut.status_code, cut.json()["code"]) == (422, "digest")
    assert on_disk(platform) == kept


@pytest.mark.parametrize("digest", [{"Content-SHA256": "12"}, {"Repr-Digest": "sha-256=:QUJD:"}])
def test_digest_that_is_none_is_refused(client: TestClient, key: Headers, digest: dict[str, str]) -> None:
    assert put(client, {**key("run"), **digest}).status_code == 422


def test_file_beyond_the_limit_leaves_nothing(
    client: TestClient, platform: Platform, key: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURNKIT_MAX_BYTES", str(len(CSV)))
    assert put(client, key("run")).status_code == 201
    kept = on_disk(platform)
    larger = CSV + b"\n"
    refused = put(client, key("run"), larger)
    assert refused.status_code == 413
    assert "CHURNKIT_MAX_BYTES" in refused.text
    # A length that lies is found out by counting.
    assert put(client, {**key("run"), "Content-Length": "3"}, larger).status_code == 413
    assert client.post(URL, files={"file": ("a.csv", larger)}, headers=key("run")).status_code == 413
    two = [("file", ("a.csv", CSV[:-20])), ("file", ("b.csv", CSV[:-20]))]
    assert client.post(URL, files=two, headers=key("run")).status_code == 413
    assert on_disk(platform) == kept


def test_empty_file_leaves_nothing(client: TestClient, platform: Platform, key: Headers) -> None:
    for answer in (
        put(client, key("run"), b""),
        client.post(URL, files={"file": ("a.csv", b"")}, headers=key("run")),
        client.post(URL, files=[("file", ("a.csv", CSV)), ("file", ("b.csv", b""))], headers=key("run")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "data")
    assert on_disk(platform) == []


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"", 422),
        ("multipart/form-data; boundary=x", b"nonsense", 422),
        ("multipart/form-data; boundary=x", b"", 422),
        # No end, no file, no name.
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nb', 422),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nb\r\n--x--\r\n', 422),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--\r\n", 422),
    ],
)  # fmt: skip
def test_body_that_is_no_form_is_refused(
    client: TestClient,
    platform: Platform,
    key: Headers,
    caplog: pytest.LogCaptureFixture,
    kind: str,
    body: bytes,
    status: int,
) -> None:
    answer = client.post(URL, content=body, headers={**key("run"), "Content-Type": kind})
    assert answer.status_code == status, answer.json()
    assert [one.name for one in caplog.records if one.name.startswith("python_multipart")] == []
    assert on_disk(platform) == []


def test_only_who_may_upload_does(client: TestClient, platform: Platform, key: Headers) -> None:
    assert put(client, key("read")).status_code == 403
    assert client.post(URL, files={"file": ("a.csv", CSV)}, headers=key("read")).status_code == 403
    assert client.put(URL, params={"filename": "a.csv"}, content=CSV).status_code == 401
    assert on_disk(platform) == []


def test_files_are_listed_and_deleted_by_their_owner(
    client: TestClient, platform: Platform, key: Headers
) -> None:
    made = [put(client, key("run"), name=f"{number}.csv").json()["upload_id"] for number in range(3)]
    page = client.get(URL, params={"limit": 2}, headers=key("read")).json()
    rest = client.get(URL, params={"limit": 2, "after": page["next"]}, headers=key("read")).json()
    assert [one["upload_id"] for one in page["items"] + rest["items"]] == made[::-1]
    assert client.get(URL, headers=key("read", "other")).json()["total"] == 0
    path = f"{URL}/{made[0]}"
    assert client.get(path, headers=key("admin", "other")).status_code == 404
    assert client.delete(path, headers=key("admin", "other")).status_code == 404
    assert client.delete(path, headers=key("run")).status_code == 403
    assert client.delete(path, headers=key("admin")).json() == {"analyses": 0}
    assert (client.get(path, headers=key("read")).status_code, len(on_disk(platform))) == (404, 2)


def test_looking_shows_rows_and_takes_answers(client: TestClient, key: Headers) -> None:
    rows = [
        f"{['ann', 'bea', 'cem'][day % 3]},0{day % 9 + 1}/0{day % 7 + 1}/2025,{10 + day}" for day in range(40)
    ]
    body = "\n".join(["customer,date,amount", *rows, ""]).encode()
    path = f"{URL}/{put(client, key('run'), body).json()['upload_id']}"
    seen = client.get(f"{path}/preview", params={"rows": 1}, headers=key("run")).json()
    assert seen["preview"] == [{"customer": "ann", "date": "01/01/2025", "amount": "10"}]
    assert seen["row_count"] == 40
    assert seen["status"] == "question"
    (question,) = (one for one in seen["questions"] if one["field"] == "day_first")
    answers = question["choices"][0]["answer"]
    read = client.post(f"{path}/inspection", json={"answers": answers}, headers=key("run")).json()
    assert "day_first" not in [one["field"] for one in read["questions"]]
    assert read["mapping"]["day_first"] == answers["day_first"]
    wrong = client.post(f"{path}/inspection", json={"answers": {"nonsense": 1}}, headers=key("run"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "mapping")
    assert client.get(f"{path}/preview", headers=key("read")).status_code == 403


def test_file_that_is_none_is_refused_in_words(client: TestClient, key: Headers) -> None:
    upload_id = put(client, key("run"), b"\x00\x01" * 50, "x.parquet").json()["upload_id"]
    seen = client.get(f"{URL}/{upload_id}/preview", headers=key("run")).json()
    assert (seen["status"], seen["code"]) == ("refused", "data")
    assert seen["message"]


@pytest.mark.slow
@pytest.mark.parametrize("as_form", [False, True])
def test_large_file_takes_no_memory(platform: Platform, key: Headers, *, as_form: bool) -> None:
    """200 MB, without the pages and the network around it: what is held is Python's own."""
    app = Starlette(routes=[Mount(PREFIX, app=make_api())])
    chunk, chunks = b"customer,1\n" * 6000, 3030
    whole = len(chunk) * chunks
    before, after = (FORM_START, b"\r\n--x--\r\n") if as_form else (b"", b"")
    kind = b"multipart/form-data; boundary=x" if as_form else b"text/csv"
    parts = iter_parts(before, chunk, chunks, after)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        body = next(parts, b"")
        return {"type": "http.request", "body": body, "more_body": bool(body)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"authorization", key("run")["Authorization"].encode()), (b"content-type", kind)]
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "method": "POST" if as_form else "PUT",
        "path": f"{PREFIX}/uploads",
        "raw_path": f"{PREFIX}/uploads".encode(),
        "query_string": b"" if as_form else b"filename=large.csv",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("shop.example", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    tracemalloc.start()
    try:
        anyio.run(app, scope, receive, send)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent[0]["status"] == 201, sent
    (upload,) = platform.store_for(TENANT, OWNER).uploads.all()
    assert upload.file_size_bytes == platform.upload_file(upload).stat().st_size == whole
    assert whole > 199_000_000
    assert peak < 10_000_000


FORM_START = b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n'


def iter_parts(before: bytes, chunk: bytes, chunks: int, after: bytes) -> Iterator[bytes]:
    if before:
        yield before
    for _ in range(chunks):
        yield chunk
    if after:
        yield after
