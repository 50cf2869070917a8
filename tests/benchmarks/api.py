"""Forecasts by the API beside pages: python tests/benchmarks/api.py [--data DIR] [--customers N] [--requests N]

On the analysis of tests/benchmarks/app.py, made in the folder given by --data if it is not there, one server answers
clients that keep their connection:

0. Each kind of request in one process without a wire, for what the server itself takes at the most (the client's work
   included), and nothing but the machine's other work beside it.
1. The first forecast after the start of the server, for the warmth that it brings along itself.
2. Each kind of request by 1, 4 and 16 clients at once, with nobody on the pages and with somebody who opens the list of
   customers again and again: median and 95th percentile as the client sees them, and how long the page took meanwhile.
3. 100,000 forecasts in requests of 10,000: seconds, and memory of the server before and at most.

Prints tables in Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import itertools
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlparse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import app as measured
from tests.benchmarks import load

CLIENTS = (1, 4, 16)
BATCH, BATCHES = 10_000, 10
# The server has answered, and is still loading what the first page and the first forecast need.
SECONDS_TO_WARM = 20
API = "/api/v1"


def made_key(folder: Path) -> dict[str, str]:
    """Headers with a key of the analysed workspace; the server must not run."""
    from churnkit.accounts import OWNER
    from churnkit.jobs import open_platform
    from churnkit.services.access.keys import make_key

    platform = open_platform(folder / "data", folder / "models")
    try:
        text = make_key(platform.store_for(measured.TENANT, OWNER), "benchmark", "read").text
    finally:
        platform.close()
    return {"Authorization": f"Bearer {text}", "Content-Type": "application/json"}


class Asked:
    """A client with a connection of its own."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection(urlparse(url).netloc, timeout=120)
        self._headers = dict(headers)

    def ask(self, method: str, path: str, body: object = None) -> tuple[float, Any]:
        """Milliseconds until the answer was there, and the answer."""
        text = None if body is None else json.dumps(body)
        started = time.perf_counter()
        self._connection.request(method, API + path, text, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = 1000 * (time.perf_counter() - started)
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300]!r}")
        return took, json.loads(content)


def requests_of(ids: list[str]) -> dict[str, Any]:
    """By name, a function from a number to a request."""
    one = "/analyses/default/predict"
    return {
        "one, by id": lambda k: ("POST", one, {"customer_id": ids[k % len(ids)]}),
        "one, by id, explained": lambda k: ("POST", one, {"customer_id": ids[k % len(ids)], "explain": True}),
        "one, other figures": lambda k: (
            "POST",
            one,
            {"customer_id": ids[k % len(ids)], "features": {"recency_days": k % 90}},
        ),
        "one, other figures, explained": lambda k: (
            "POST",
            one,
            {"customer_id": ids[k % len(ids)], "features": {"recency_days": k % 90}, "explain": True},
        ),
        "all of one customer": lambda k: (
            "GET",
            f"/analyses/default/customers/{quote(ids[k % len(ids)])}",
            None,
        ),
        "50 customers, sorted": lambda k: (
            "GET",
            f"/analyses/default/customers?sort=clv&offset={k % 1000}",
            None,
        ),
    }


def in_process(headers: Mapping[str, str], number: int) -> None:
    """The table of what the server itself takes."""
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.testclient import TestClient

    from churnkit.api.application import make_api
    from churnkit.jobs import open_platform

    with TestClient(Starlette(routes=[Mount(API, app=make_api())]), headers=dict(headers)) as client:
        ids = [
            one["customer_id"]
            for one in client.get(f"{API}/analyses/default/customers?limit=200").json()["items"]
        ]
        print("| request, in one process | p50, p95 ms |")
        print("|---|---|")
        for name, request in requests_of(ids).items():
            took = []
            for k in range(number + 5):
                method, path, body = request(k)
                started = time.perf_counter()
                client.request(method, API + path, json=body).raise_for_status()
                took.append(1000 * (time.perf_counter() - started))
            print(f"| {name} | {percentiles(took[5:])} |", flush=True)
        print()
    open_platform(Path(os.environ["CHURNKIT_DATA_DIR"]), Path(os.environ["CHURNKIT_MODELS_DIR"])).close()


def by_clients(url: str, headers: Mapping[str, str], request: Any, clients: int, number: int) -> list[float]:
    """Milliseconds of ``number`` requests by so many clients at once."""

    def work(client: int) -> list[float]:
        asked = Asked(url, headers)
        return [asked.ask(*request(k))[0] for k in range(client, number, clients)]

    with ThreadPoolExecutor(clients) as pool:
        return list(itertools.chain(*pool.map(work, range(clients))))


@contextmanager
def page_in_use(url: str) -> Iterator[list[float]]:
    """Somebody opens the list of customers again and again; seconds of each."""
    seconds: list[float] = []
    over = threading.Event()

    def use() -> None:
        while not over.is_set():
            ((took, errors),) = asyncio.run(load.at_once(url, "customers", "", 1))
            if errors:
                raise SystemExit(f"the page failed: {errors}")
            seconds.append(took)

    visitor = threading.Thread(target=use)
    visitor.start()
    try:
        yield seconds
    finally:
        over.set()
        visitor.join()


def percentiles(values: list[float]) -> str:
    """Median and 95th percentile."""
    return f"{statistics.median(values):.0f}, {statistics.quantiles(values, n=20)[-1]:.0f}"


def latencies(url: str, headers: Mapping[str, str], number: int) -> None:
    """The table of requests."""
    listed = Asked(url, headers).ask("GET", "/analyses/default/customers?limit=200")[1]["items"]
    ids = [one["customer_id"] for one in listed]
    alone = statistics.median(
        took for ((took, _),) in [asyncio.run(load.at_once(url, "customers", "", 1)) for _ in range(5)]
    )
    print("| request | clients | p50, p95 ms | beside a page: p50, p95 ms | the page, s |")
    print("|---|---|---|---|---|")
    for (name, request), clients in itertools.product(requests_of(ids).items(), CLIENTS):
        by_clients(url, headers, request, 1, 5)
        free = by_clients(url, headers, request, clients, number)
        with page_in_use(url) as seconds:
            beside = by_clients(url, headers, request, clients, number)
        page = f"{statistics.median(seconds):.2f}" if seconds else "–"
        print(f"| {name} | {clients} | {percentiles(free)} | {percentiles(beside)} | {page} |", flush=True)
    print(f"\nThe page alone: {alone:.2f} s.")


def many(server: Any, url: str, headers: Mapping[str, str]) -> None:
    """Forecasts in large requests."""
    asked = Asked(url, headers)
    ids: list[str] = []
    while True:
        page = asked.ask("GET", f"/analyses/default/customers?limit=200&offset={len(ids)}")[1]
        ids += [one["customer_id"] for one in page["items"]]
        if page["next"] is None or len(ids) >= BATCH:
            break
    wanted = list(itertools.islice(itertools.cycle(ids), BATCH))
    before = measured.memory(server.pid)
    took = [
        asked.ask("POST", "/analyses/default/predictions:batch", {"customer_ids": wanted})[0]
        for _ in range(BATCHES)
    ]
    after = measured.memory(server.pid)
    print(
        f"\n{BATCH * BATCHES:,} forecasts in requests of {BATCH:,}: {sum(took) / 1000:.1f} s; the server held"
        f" {before['now']:.0f} MB before, {after['now']:.0f} MB after, {after['peak']:.0f} MB at most."
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "churnkit-benchmark-app")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    folder = options.data.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    measured.child(f"prepare:{options.customers}", folder)
    os.environ["CHURNKIT_DATA_DIR"] = str(folder / "data")
    os.environ["CHURNKIT_MODELS_DIR"] = str(folder / "models")
    os.environ["CHURNKIT_WORKSPACES"] = "shared"
    for name in ("READS_PER_SECOND", "PREDICTIONS_PER_SECOND", "STARTS_PER_MINUTE"):
        os.environ[f"CHURNKIT_API_{name}"] = "0"
    headers = made_key(folder)
    in_process(headers, options.requests)
    server, url = measured.serve(folder)
    try:
        time.sleep(SECONDS_TO_WARM)
        asked = Asked(url, headers)
        name = asked.ask("GET", "/analyses/default/customers?limit=1")[1]["items"][0]["customer_id"]
        body = {"customer_id": name, "features": {"recency_days": 30}}
        first = asked.ask("POST", "/analyses/default/predict", body)[0]
        print(f"The first forecast that asks the model: {first:.0f} ms.\n", flush=True)
        latencies(url, headers, options.requests)
        many(server, url, headers)
    finally:
        server.terminate()
        server.wait(timeout=30)


if __name__ == "__main__":
    main()
