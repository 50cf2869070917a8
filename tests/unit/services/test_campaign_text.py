"""Texts with merge fields, and a language model that is a stub on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from churnkit.config import PRIVATE_HOSTS
from churnkit.errors import SettingsError
from churnkit.results.campaign_money import Assumptions
from churnkit.services.campaign.campaign_text import (
    FIELDS,
    MAX_BODY,
    Draft,
    TextError,
    checked,
    merge_values,
    template,
    usual_message,
    write_with,
)
from churnkit.services.campaign.language_model import KEY, MODEL, URL, LanguageModel, ModelUnreachable
from churnkit.services.decide.playbook import Playbook
from churnkit.services.decide.reach import Reach

PLAYBOOK = Playbook.of_shop(Assumptions(contact_cost=8.0), Reach(("e-mail", "phone", "till"), ""))
GOOD = {"subject": "Come back for {offer}", "body": "Since {last_purchase}: {offer} until {valid_until}."}


@pytest.mark.parametrize("product", [True, False])
@pytest.mark.parametrize("key", ["discount", "call", "product", "comeback"])
def test_templates_hold_known_fields_and_no_numbers(key: str, product: bool) -> None:
    one = PLAYBOOK[key]
    draft = template(one, product)
    assert draft.fields <= set(FIELDS) and "last_purchase" in draft.fields
    assert ("product" in draft.fields) is product
    assert ({"offer", "valid_until"} <= draft.fields) is bool(one.discount)
    assert not any(letter.isdigit() for letter in draft.subject + draft.body)


@pytest.mark.parametrize("product", [True, False])
@pytest.mark.parametrize("key", ["discount", "call", "product", "comeback"])
def test_from_old_data_no_last_order_is_quoted_and_no_day_promised(key: str, product: bool) -> None:
    one = PLAYBOOK[key]
    draft = template(one, product, dated=False)
    assert not draft.fields & {"last_purchase", "valid_until"} and "until" not in draft.subject + draft.body
    assert ("offer" in draft.fields) is bool(one.discount) and "customer_id" in draft.fields
    with pytest.raises(TextError, match=r"unknown field \{valid_until\}"):
        checked(
            json.dumps({"subject": "a", "body": "{customer_id} {valid_until}"}), frozenset({"customer_id"})
        )


def test_nobody_replies_to_a_slip_of_paper() -> None:
    mail, slip = (usual_message(0.15, channel, dated=True) for channel in ("e-mail", "till"))
    assert "reply to this message" in mail.body and "reply" not in slip.body


def test_merge_by_hand() -> None:
    row = {"customer_id": "00{offer}7", "last_purchase_at": datetime(2025, 3, 1, 9), "product": "Tea & cup"}
    values = merge_values(row, replace(PLAYBOOK["discount"], discount=0.2), date(2025, 6, 20))
    assert values == {
        "customer_id": "00{offer}7",
        "last_purchase": "1 Mar 2025",
        "offer": "20\u202f%",
        "valid_until": "4 Jul 2025",
        "product": "Tea & cup",
    }
    # A field's name inside a value is text, not a field.
    filled = Draft("{customer_id}: {offer}", "{product} {unknown}").filled(values)
    assert filled == Draft("00{offer}7: 20\u202f%", "Tea & cup {unknown}")


def test_a_customer_without_a_suggestion_has_no_product() -> None:
    row = {"customer_id": "a", "last_purchase_at": None, "product": float("nan")}
    assert "product" not in merge_values(row, PLAYBOOK["call"], date(2025, 1, 1))


NEEDED = frozenset({"last_purchase", "offer", "valid_until"})


@pytest.mark.parametrize("wrap", ["{}", "```json\n{}\n```", "  {}\n"])
def test_a_good_answer(wrap: str) -> None:
    draft = checked(wrap.replace("{}", json.dumps(GOOD)), NEEDED)
    assert draft == Draft(GOOD["subject"], GOOD["body"], "language model")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("Dear customer", "no JSON object"),
        ("[1]", "no subject and body"),
        (json.dumps({**GOOD, "body": "  "}), "no subject and body"),
        (json.dumps({**GOOD, "body": 5}), "no subject and body"),
        (json.dumps({**GOOD, "body": GOOD["body"] + " {name}"}), "unknown field {name}"),
        (json.dumps({**GOOD, "body": "{offer} until {valid_until}"}), "leaves out {last_purchase}"),
        (json.dumps({**GOOD, "subject": "20 % off: {offer}"}), "a number of its own"),
        (json.dumps({**GOOD, "subject": "٢ off: {offer}"}), "a number of its own"),
        (json.dumps({**GOOD, "body": GOOD["body"] + " Free shipping!"}), "promises something"),
        (json.dumps({**GOOD, "body": GOOD["body"] + " www.elsewhere.example"}), "a link"),
        (json.dumps({**GOOD, "body": GOOD["body"] + " }"}), "a brace"),
        (json.dumps({**GOOD, "body": GOOD["body"] + "a" * MAX_BODY}), "too long"),
    ],
)
def test_answers_that_are_refused(answer: str, why: str) -> None:
    with pytest.raises(TextError, match=why) as raised:
        checked(answer, NEEDED)
    assert "use the template" in raised.value.remedy


class Stub(ThreadingHTTPServer):
    """An endpoint on this machine that answers what it is told to."""

    status = 200
    answer: bytes = b""
    wait_seconds = 0.0
    seen: dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen = {"path": self.path, "headers": dict(self.headers), "body": json.loads(body)}
        time.sleep(self.server.wait_seconds)
        self.send_response(self.server.status)
        if self.server.status in (301, 302, 307):
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")


@pytest.fixture
def stub(this_machine: None) -> Iterator[Stub]:
    server = Stub(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def model_at(server: Stub, path: str = "/v1", timeout_seconds: float = 5.0) -> LanguageModel:
    return LanguageModel(f"http://127.0.0.1:{server.server_port}{path}", "s3cret", "small", timeout_seconds)


def says(text: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": text}}]}).encode()


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/chat/completions"])
def test_a_text_by_the_model(stub: Stub, path: str) -> None:
    stub.answer = says(json.dumps(GOOD))
    draft = write_with(model_at(stub, path), PLAYBOOK["discount"], product=False)
    assert draft.source == "language model" and draft.subject == GOOD["subject"]
    assert stub.seen["path"] == "/v1/chat/completions"
    assert stub.seen["headers"]["Authorization"] == "Bearer s3cret"
    asked = stub.seen["body"]
    assert asked["model"] == "small"
    # It is told of the offer and the fields, and no figure.
    text = asked["messages"][1]["content"]
    assert (
        all(f"{{{name}}}" in text for name in NEEDED) and "{product}" not in text and "15 % off" not in text
    )


@pytest.mark.parametrize(
    ("status", "answer", "why"),
    [
        (401, b"", "status 401"),
        (500, b"oops", "status 500"),
        (302, b"", "status 302"),
        (200, b"<html>", "not that of an OpenAI-compatible"),
        (200, b'{"choices": []}', "not that of an OpenAI-compatible"),
        (200, says(None), "not that of an OpenAI-compatible"),
        (200, b"x" * 300_000, "longer than 200,000 bytes"),
    ],
)
def test_what_can_go_wrong_there(stub: Stub, status: int, answer: bytes, why: str) -> None:
    stub.status, stub.answer = status, answer
    with pytest.raises(ModelUnreachable, match=why) as raised:
        model_at(stub).complete("a", "b")
    assert "s3cret" not in str(raised.value) and "127.0.0.1" in str(raised.value)
    assert stub.seen["path"] != "/elsewhere"


def test_it_takes_too_long(stub: Stub) -> None:
    stub.wait_seconds, stub.answer = 0.5, says("late")
    with pytest.raises(ModelUnreachable, match=r"no answer within 0.1 seconds"):
        model_at(stub, timeout_seconds=0.1).complete("a", "b")


@pytest.mark.usefixtures("this_machine")
def test_nobody_is_there() -> None:
    with pytest.raises(ModelUnreachable, match="cannot be reached"):
        LanguageModel("http://127.0.0.1:9", "s3cret", "small", 2.0).complete("a", "b")


def test_a_private_network_is_not_asked() -> None:
    asked = LanguageModel("https://127.0.0.1/v1", "s3cret", "small", 2.0)
    with pytest.raises(SettingsError, match="open internet") as raised:
        asked.complete("a", "b")
    assert PRIVATE_HOSTS in raised.value.remedy and "s3cret" not in str(raised.value)


def test_configuration() -> None:
    whole = {URL: " https://models.example/v1 ", KEY: "s3cret", MODEL: "small"}
    found = LanguageModel.from_environment(whole)
    assert found is not None and found.host == "models.example" and "s3cret" not in repr(found)
    assert LanguageModel.from_environment({}) is None
    assert LanguageModel.from_environment({**whole, KEY: " "}) is None
    with pytest.raises(SettingsError, match=f"{URL} and {MODEL} not"):
        LanguageModel.from_environment({KEY: "s3cret"})
    for address in ("models.example", "file:///etc/passwd", "https://", "http://models.example/v1"):
        with pytest.raises(SettingsError, match=f"{URL} cannot be used"):
            LanguageModel.from_environment({**whole, URL: address})
