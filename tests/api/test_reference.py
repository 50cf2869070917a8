"""The reference page: all operations on it, nothing from elsewhere, every text escaped."""

from __future__ import annotations

import re
from typing import Any

from starlette.testclient import TestClient

from churnkit.api.application import make_api
from churnkit.api.reference.page import reference_page


def test_page_shows_every_operation_and_loads_nothing(client: TestClient) -> None:
    answer = client.get("/api/v1/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    document = make_api().openapi()
    names = [
        described["operationId"] for methods in document["paths"].values() for described in methods.values()
    ]
    assert sorted(re.findall(r'<details id="(\w+)">', answer.text)) == sorted(names)
    assert "<script" not in answer.text
    assert set(re.findall(r'(?:src|href)="([^"#]+)"', answer.text)) == {"/api/v1/openapi.json"}
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.")


def described(**more: Any) -> dict[str, Any]:
    operation = {"operationId": "x", "tags": ["a b"], "responses": {"200": {"content": {}}}, **more}
    return {"info": {"title": "t", "version": "1", "description": ""}, "paths": {"/x": {"post": operation}}}


def test_texts_are_escaped() -> None:
    page = reference_page(described(summary="<b>bold</b>", description="`<i>`\n\n``<u>``"), "")
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<p><code>&lt;i&gt;</code></p><p><code>&lt;u&gt;</code></p>" in page


def test_command_can_be_pasted_into_a_shell() -> None:
    content = {"application/json": {"example": {"name": "it's"}}}
    page = reference_page(described(requestBody={"content": content}, security=[{}]), "")
    command = re.findall(r"<pre tabindex=\"0\">(curl.*?)</pre>", page)[0]
    assert "Authorization: Bearer $CHURNKIT_KEY" in command
    assert "-d &#39;{&#34;name&#34;: &#34;it&#39;\\&#39;&#39;s&#34;}&#39;" in command
