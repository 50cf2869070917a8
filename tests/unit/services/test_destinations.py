"""Scores in other tools: what changed and nothing else, each batch once, taken away again, and never half a file."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from churnkit.accounts import SYSTEM
from churnkit.config import EXPORTS_FOLDER, PRIVATE_HOSTS, SECRET_KEY
from churnkit.errors import ConflictError, SettingsError
from churnkit.jobs.layout import Folders
from churnkit.jobs.pusher import Pusher
from churnkit.outgoing.sealing import unseal
from churnkit.results.destination import DestinationSettings, PushFigures
from churnkit.services.destinations import rows as rows_module
from churnkit.services.destinations.file_places import folder_of
from churnkit.services.destinations.hubspot import HubSpot
from churnkit.services.destinations.klaviyo import Klaviyo
from churnkit.services.destinations.opening import open_place, owner_of
from churnkit.services.destinations.places import Place
from churnkit.services.destinations.registering import add_destination, push_after_run, send_now
from churnkit.store import Destination, DuePush, Push, Store
from tests.fake_s3 import FakeS3
from tests.unit.store.filled import NOON, begin, run_files

TOKEN = "pat-eu1-secret"
Everything = DestinationSettings()


class FakeTool:
    """HubSpot and Klaviyo on this machine: what it holds of whom, and the answers that a test prescribes."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.properties: set[str] = set()
        self.failures: list[tuple[int, str | None]] = []
        self.bad: set[str] = set()
        self.calls: list[str] = []
        handler = type("Handler", (_Handler,), {"tool": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, content: Any) -> tuple[int, Any]:
        self.calls.append(path)
        if path.endswith("/properties/contacts"):
            status = 409 if content["name"] in self.properties else 201
            self.properties.add(content["name"])
            return status, {}
        if path.endswith("/batch/upsert"):
            return self._upsert(content["inputs"])
        data = content["data"]
        name = data["attributes"].get("email") or data["attributes"]["external_id"]
        if name in self.bad:
            return 400, {"errors": [{"code": "invalid"}]}
        profile = self.held.setdefault(name, {})
        profile.update(data["attributes"]["properties"])
        for gone in data.get("meta", {}).get("patch_properties", {}).get("unset", []):
            profile.pop(gone, None)
        return 200, {}

    def _upsert(self, inputs: list[dict[str, Any]]) -> tuple[int, Any]:
        if any("rejects-all" in one["id"] for one in inputs):
            return 400, {"category": "VALIDATION_ERROR", "message": "bad contact"}
        errors = [one["id"] for one in inputs if one["id"] in self.bad]
        for one in inputs:
            if one["id"] not in self.bad:
                self.held[one["id"]] = {name: value for name, value in one["properties"].items() if value}
        if errors:
            return 207, {"errors": [{"category": "VALIDATION_ERROR", "context": {"ids": errors}}]}
        return 200, {"results": []}


class _Handler(BaseHTTPRequestHandler):
    tool: FakeTool

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        answer: Any = {}
        wait: str | None
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if TOKEN not in self.headers["Authorization"]:
            status, wait = 401, None
        elif self.tool.failures and not self.path.endswith("/properties/contacts"):
            status, wait = self.tool.failures.pop(0)
            if status == 0:
                # It takes what was sent, and the answer is lost.
                self.tool.answer(self.path, content)
                self.connection.close()
                return
        else:
            (status, answer), wait = self.tool.answer(self.path, content), None
        body = json.dumps(answer).encode()
        self.send_response(status)
        if wait:
            self.send_header("Retry-After", wait)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(SECRET_KEY, "a key of thirty-two characters!!")
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    monkeypatch.setenv(EXPORTS_FOLDER, str(tmp_path / "exports"))


@pytest.fixture
def tool() -> Iterator[FakeTool]:
    made = FakeTool()
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


@pytest.fixture
def shop(store: Store) -> str:
    """A shop with a run on screen."""
    session = begin(store)
    finish_run(store, session.session_id)
    return session.session_id


def finish_run(store: Store, session_id: str) -> str:
    from churnkit.results.run_figures import RunFigures

    job = store.jobs.create(session_id, created_at=NOON)
    store.jobs.claim(job.job_id, at=NOON)
    store.runs.finish(
        job.job_id, run_files(), at=NOON, horizon_days=60, champion="x", summary=RunFigures(), model=None
    )
    return job.job_id


def customers(count: int = 3, **changes: object) -> pd.DataFrame:
    numbers = range(1, count + 1)
    return pd.DataFrame(
        {
            "customer_id": [f"c{number}@shop.example" for number in numbers],
            "rank": list(numbers),
            "p_churn": [0.9, 0.5, 0.1, *[0.2] * count][:count],
            "risk_tier": ["high", "medium", None, *["low"] * count][:count],
            "status": ["active", "active", "lapsed", *["active"] * count][:count],
            "expected_next_order": [pd.Timestamp("2026-04-01"), None, None, *[None] * count][:count],
            **changes,
        }
    )


class Sends:
    """A pusher whose runs have the customers that a test says, and a clock."""

    def __init__(self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any) -> None:
        self.now = datetime.now(UTC) + timedelta(seconds=1)
        self.frame = customers()
        self.store = store
        self.place = place
        monkeypatch.setattr("churnkit.results.folders.Results", lambda folder: self.results())
        self.folders = Folders(tmp_path, tmp_path)

    def results(self) -> Any:
        return SimpleNamespace(customers=self.frame, contacts=None)

    def tick(self) -> float:
        """As a server that was just started does."""
        pusher = Pusher(
            self.store.for_tenant("local", SYSTEM), self.folders, places=self.place, clock=lambda: self.now
        )
        return pusher.tick()


@pytest.fixture
def sends(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: FakeTool) -> Sends:
    def place(due: DuePush) -> Place:
        if due.destination.kind == "hubspot":
            made = HubSpot(TOKEN, base=tool.base)
            made.most_rows = 2
            return made
        return Klaviyo(TOKEN, base=tool.base)

    return Sends(store, tmp_path, monkeypatch, place)


def hubspot(store: Store, shop: str, settings: DestinationSettings = Everything) -> Destination:
    return add_destination(store, shop, "hubspot", "CRM", settings, {"token": TOKEN})


def klaviyo(store: Store, shop: str, settings: DestinationSettings = Everything) -> Destination:
    return add_destination(store, shop, "klaviyo", "Mails", settings, {"token": TOKEN})


def last(store: Store, destination: Destination) -> Push:
    return store.destinations.pushes(destination.destination_id)[0]


def test_hubspot_gets_score_tier_status_and_expected_order(
    store: Store, shop: str, sends: Sends, tool: FakeTool
) -> None:
    destination = hubspot(store, shop)
    send_now(store, destination.destination_id)
    sends.tick()
    assert tool.held == {
        "c1@shop.example": {
            "churnkit_score": "0.9", "churnkit_tier": "high", "churnkit_status": "active",
            "churnkit_next_order": "2026-04-01",
        },
        "c2@shop.example": {"churnkit_score": "0.5", "churnkit_tier": "medium", "churnkit_status": "active"},
        "c3@shop.example": {"churnkit_score": "0.1", "churnkit_status": "lapsed"},
    }  # fmt: skip
    assert len(tool.properties) == 4
    push = last(store, destination)
    assert (push.status, push.push_figures) == ("done", PushFigures(sent=3))


@pytest.mark.parametrize("make", [hubspot, klaviyo])
def test_only_what_changed_is_sent_and_what_is_over_is_taken_away(
    store: Store, shop: str, sends: Sends, tool: FakeTool, make: Any
) -> None:
    destination = make(store, shop, DestinationSettings(audience="high_and_medium"))
    push_after_run(store, shop, "r1")
    sends.tick()
    assert set(tool.held) == {"c1@shop.example", "c2@shop.example"}
    # The first has bought again, the second is as before, the third is about to leave.
    sends.frame = customers(risk_tier=["low", "medium", "high"])
    tool.calls.clear()
    push_after_run(store, shop, "r2")
    sends.tick()
    assert tool.held["c1@shop.example"] == {}
    assert tool.held["c3@shop.example"]["churnkit_tier"] == "high"
    assert last(store, destination).push_figures == PushFigures(sent=1, cleared=1, unchanged=1)


def test_a_run_is_sent_once_however_often_it_is_followed_up(
    store: Store, shop: str, sends: Sends, tool: FakeTool
) -> None:
    destination = hubspot(store, shop)
    assert push_after_run(store, shop, "r1") == 1
    push_after_run(store, shop, "r1")
    sends.tick()
    push_after_run(store, shop, "r1")
    tool.calls.clear()
    sends.tick()
    assert len(store.destinations.pushes(destination.destination_id)) == 1
    assert tool.calls == []


def test_too_many_requests_wait_as_long_as_is_asked_and_go_on_where_they_were(
    store: Store, shop: str, sends: Sends, tool: FakeTool
) -> None:
    destination = hubspot(store, shop)
    sends.frame = customers(5)
    send_now(store, destination.destination_id)
    # The second batch of two meets 429.
    original = tool._upsert

    def second_fails(inputs: list[dict[str, Any]]) -> tuple[int, Any]:
        tool.failures = [(429, "77")] if len(tool.held) == 0 else []
        return original(inputs)

    tool._upsert = second_fails  # type: ignore[method-assign]
    assert sends.tick() == 77
    push = last(store, destination)
    assert (push.status, push.attempts, push.push_figures.sent) == ("waiting", 1, 2)
    assert "429" in push.push_words
    sends.now += timedelta(seconds=77)
    tool.calls.clear()
    sends.tick()
    assert last(store, destination).push_figures == PushFigures(sent=5)
    assert sum(path.endswith("upsert") for path in tool.calls) == 2


def test_an_answer_that_is_lost_sends_that_batch_again_and_nothing_else(
    store: Store, shop: str, sends: Sends, tool: FakeTool
) -> None:
    destination = hubspot(store, shop)
    tool.failures = [(0, None)]
    send_now(store, destination.destination_id)
    assert sends.tick() == 60
    sends.now += timedelta(seconds=60)
    sends.tick()
    assert len(tool.held) == 3
    assert last(store, destination).push_figures == PushFigures(sent=3)


def test_a_tool_that_stays_broken_is_given_up_and_told(
    store: Store, shop: str, sends: Sends, tool: FakeTool
) -> None:
    destination = klaviyo(store, shop)
    tool.failures = [(500, None)] * 20
    send_now(store, destination.destination_id)
    waits = [sends.tick()]
    for _ in range(5):
        sends.now += timedelta(seconds=waits[-1])
        waits.append(sends.tick())
        # The server looks every ten minutes; what is due later is.
        while last(store, destination).status == "waiting" and waits[-1] == 600:
            sends.now += timedelta(seconds=600)
            waits.append(sends.tick())
        if last(store, destination).status != "waiting":
            break
    push = last(store, destination)
    assert (push.status, push.attempts) == ("failed", 6)
    (event,) = store.events.of_shop(shop, kinds=["destination_failed"])
    assert "Mails" in event.sentence
    assert not any("shop.example" in text for text in (event.sentence, json.dumps(event.details)))


def test_a_key_that_is_not_accepted_is_not_tried_again(
    store: Store, shop: str, sends: Sends, tool: FakeTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = hubspot(store, shop)
    sends.place = lambda due: HubSpot("another", base=tool.base)
    send_now(store, destination.destination_id)
    sends.tick()
    push = last(store, destination)
    assert (push.status, push.attempts) == ("failed", 1)
    assert "does not accept the key" in push.push_words
    assert tool.held == {}


@pytest.mark.parametrize("make", [hubspot, klaviyo])
def test_customers_that_the_tool_refuses_stop_nobody_else(
    store: Store, shop: str, sends: Sends, tool: FakeTool, make: Any
) -> None:
    destination = make(store, shop)
    tool.bad = {"c2@shop.example"}
    sends.frame = customers(4)
    send_now(store, destination.destination_id)
    sends.tick()
    assert set(tool.held) == {"c1@shop.example", "c3@shop.example", "c4@shop.example"}
    push = last(store, destination)
    assert (push.status, push.push_figures.sent) == ("done", 3)
    assert sum(push.push_figures.refused.values()) == 1


def test_a_batch_that_hubspot_refuses_as_a_whole_is_halved_until_the_guilty_is_found(
    store: Store, shop: str, sends: Sends, tool: FakeTool
) -> None:
    destination = hubspot(store, shop)
    sends.place = lambda due: HubSpot(TOKEN, base=tool.base)
    frame = customers(7)
    frame.loc[4, "customer_id"] = "rejects-all@shop.example"
    sends.frame = frame
    send_now(store, destination.destination_id)
    sends.tick()
    assert len(tool.held) == 6
    assert last(store, destination).push_figures.refused == {"HubSpot takes it for no valid contact": 1}


def test_customers_without_an_address_or_with_anothers_are_counted(
    store: Store, shop: str, sends: Sends, tool: FakeTool
) -> None:
    destination = klaviyo(store, shop)
    sends.frame = customers(customer_id=["C1@shop.example", "c1@shop.example", "00123"])
    send_now(store, destination.destination_id)
    sends.tick()
    assert list(tool.held) == ["C1@shop.example"]
    assert last(store, destination).push_figures.refused == {
        rows_module.NO_ADDRESS: 1,
        rows_module.SAME_ADDRESS: 1,
    }


def test_a_newer_run_takes_the_place_of_one_that_waits(
    store: Store, shop: str, sends: Sends, tool: FakeTool
) -> None:
    destination = hubspot(store, shop)
    push_after_run(store, shop, "r1")
    push_after_run(store, shop, "r2")
    sends.tick()
    pushes = store.destinations.pushes(destination.destination_id)
    assert {push.run_id: push.status for push in pushes} == {"r1": "replaced", "r2": "done"}


def test_paused_waits_and_deleted_forgets(store: Store, shop: str, sends: Sends, tool: FakeTool) -> None:
    destination = hubspot(store, shop)
    store.destinations.pause(destination.destination_id, at=NOON)
    send_now(store, destination.destination_id)
    sends.tick()
    assert not tool.calls
    store.destinations.resume(destination.destination_id)
    sends.tick()
    assert len(tool.held) == 3
    store.destinations.delete(destination.destination_id)
    with store.cursor() as cursor:
        for table in ("destinations", "pushes", "pushed_customers"):
            assert cursor.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]


def test_a_file_in_a_folder_is_there_whole_and_safe_for_spreadsheets(
    store: Store, shop: str, sends: Sends, tmp_path: Path
) -> None:
    destination = add_destination(store, shop, "folder", "Share", DestinationSettings(folder="scores"), {})
    sends.frame = customers(customer_id=["=1+1", "c2@shop.example", "00123"])
    sends.place = open_place
    send_now(store, destination.destination_id)
    sends.tick()
    (file,) = (tmp_path / "exports" / "scores").iterdir()
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines == [
        "customer_id,email,churnkit_score,churnkit_tier,churnkit_status,churnkit_next_order",
        "'=1+1,,0.9,high,active,2026-04-01",
        "c2@shop.example,c2@shop.example,0.5,medium,active,",
        "00123,,0.1,,lapsed,",
    ]
    assert last(store, destination).push_figures == PushFigures(sent=3)


def test_a_file_in_object_storage(store: Store, shop: str, sends: Sends) -> None:
    with FakeS3({"exports": {}}) as s3:
        settings = DestinationSettings(bucket="exports", prefix="scores", endpoint=s3.endpoint)
        keys = {"access_key": "a", "secret_key": "b"}
        destination = add_destination(store, shop, "s3", "Bucket", settings, keys)
        sends.place = open_place
        send_now(store, destination.destination_id)
        sends.tick()
        ((name, content),) = s3.buckets["exports"].items()
        assert name.startswith("scores/churnkit-")
        assert content.count(b"\n") == 4
        assert last(store, destination).status == "done"


def test_a_folder_outside_of_the_servers_own_is_refused(
    monkeypatch: pytest.MonkeyPatch, store: Store, shop: str
) -> None:
    for name in ("../x", "/etc", "a/b", "", ".."):
        with pytest.raises(SettingsError):
            folder_of(name)
    monkeypatch.delenv(EXPORTS_FOLDER)
    with pytest.raises(SettingsError, match=EXPORTS_FOLDER):
        add_destination(store, shop, "folder", "Share", DestinationSettings(folder="scores"), {})


def test_credentials_are_sealed_and_never_read_back(
    store: Store, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = hubspot(store, shop)
    assert TOKEN not in repr(destination)
    with store.cursor() as cursor:
        ((sealed,),) = cursor.execute("SELECT sealed FROM destinations").fetchall()
    assert TOKEN not in sealed
    assert unseal(sealed, owner_of(destination.destination_id)) == {"token": TOKEN}
    monkeypatch.delenv(SECRET_KEY)
    with pytest.raises(SettingsError, match=SECRET_KEY):
        klaviyo(store, shop)


def test_what_is_missing_or_there_already_is_refused(store: Store, shop: str) -> None:
    hubspot(store, shop)
    with pytest.raises(ConflictError, match="this name"):
        hubspot(store, shop)
    with pytest.raises(SettingsError, match="token"):
        add_destination(store, shop, "klaviyo", "K", Everything, {"token": " "})
    with pytest.raises(SettingsError, match="one line"):
        add_destination(store, shop, "klaviyo", "K", Everything, {"token": "a\r\nX-Evil: 1"})
    with pytest.raises(SettingsError, match="internal"):
        add_destination(
            store, shop, "hubspot", "H", DestinationSettings(known_by="customer_id"), {"token": TOKEN}
        )
