"""Kills server and worker at random moments while a shop takes exports in and is refreshed, again and again.

``python tests/faults/killing_refreshes.py [--refreshes N] [--seed N] [--keep DIR] [--patience S]`` prints one line of
JSON: how often what was killed, and what was wrong afterwards. Server and workers are processes as on a real machine, and
are ended by SIGKILL. The server is started again, examines what it finds before it goes on
(``refreshes_examined.py``), and again once everything has ended.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.faults.growing_shop import Exports, build  # noqa: E402 - found by the path above
from tests.faults.serving_shop import ServingShop, tell, told  # noqa: E402

KINDS = ("server", "worker", "server taking over", "both")
"""What is killed, in turn: at any time, but for the third, which comes when a worker has said its last word."""


def serve(folder: Path, shop_id: str, refreshes: int) -> None:
    """The server: examines what it finds, brings in what is missing, and waits for each refresh."""
    shop = ServingShop(folder, shop_id, refreshes)
    shop.examine(at_rest=False)
    shop.platform.start()
    for number in range(shop.settled + 1, refreshes + 1):
        shop.bring_in(number)
        shop.examine(at_rest=True)
        tell(folder, settled=number)
    shop.platform.close()


class Killer:
    """Starts servers and kills them, or their workers, one blow for each refresh."""

    def __init__(
        self, folder: Path, shop_id: str, refreshes: int, seed: int, patience_seconds: float
    ) -> None:
        self.folder = folder
        self.asked = ["--serve", shop_id, "--refreshes", str(refreshes), "--keep", str(folder)]
        self.refreshes = refreshes
        self.patience_seconds = patience_seconds
        self.random = random.Random(seed)
        self.blows: Counter[str] = Counter()
        self.seconds = 4.0
        self.server = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen([sys.executable, __file__, *self.asked], stdout=log, stderr=log)

    def run(self) -> None:
        """Kill once in the time of each refresh, and see each through."""
        for number in range(1, self.refreshes + 1):
            began = time.monotonic()
            self._strike(KINDS[(number - 1) % len(KINDS)], number, began)
            while not self._is_settled(number):
                self._wait(began, f"refresh {number}")
            # The next refresh takes about as long: its blow falls within.
            self.seconds = time.monotonic() - began
        self.server.wait(self.patience_seconds)

    def _wait(self, began: float, what: str) -> None:
        if time.monotonic() - began > self.patience_seconds:
            raise SystemExit(f"{what} does not come to its end, see {self.folder / 'server.log'}")
        if self.server.poll() not in (None, 0):
            raise SystemExit(f"the server ended by itself, see {self.folder / 'server.log'}")
        time.sleep(0.03)

    def _is_settled(self, number: int) -> bool:
        return any(one.get("settled", 0) >= number for one in told(self.folder))

    def _strike(self, kind: str, number: int, began: float) -> None:
        if kind == "server taking over":
            done, wanted = len(self._done()), self.random.randint(1, 2)
            while len(self._done()) < done + wanted and not self._is_settled(number):
                self._wait(began, f"refresh {number}")
            time.sleep(self.random.uniform(0.0, 0.5))
        else:
            time.sleep(self.random.uniform(0.0, self.seconds))
        workers = list(self._workers())
        while kind == "worker" and not workers and not self._is_settled(number):
            self._wait(began, f"a worker of refresh {number}")
            workers = list(self._workers())
        at_work = not self._is_settled(number)
        self._kill(kind, workers)
        self.blows[kind if at_work else f"{kind}, at rest"] += 1

    def _kill(self, kind: str, workers: list[tuple[int, str]]) -> None:
        if kind != "worker":
            self.server.kill()
            self.server.wait()
        for pid, job_id in workers if kind in ("worker", "both") else []:
            # Before it is true: the server may see it at once.
            tell(self.folder, killed=job_id)
            try:
                os.killpg(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if kind != "worker":
            self.server = self._start()

    def _workers(self) -> Iterator[tuple[int, str]]:
        """Processes that work on a job of this very folder."""
        jobs = self.folder / "data" / "jobs"
        for process in Path("/proc").glob("[0-9]*"):
            try:
                # One that was forked from a warm starter has the words of another job.
                place = (process / "cwd").readlink()
            except OSError:
                continue
            if place.parent == jobs:
                yield int(process.name), place.name

    def _done(self) -> list[Path]:
        return [
            path
            for path in (self.folder / "data" / "jobs").glob("*/status.json")
            if '"state":"done"' in path.read_text().replace(" ", "").partition('"steps"')[0]
        ]


def account(folder: Path, refreshes: int, seed: int, patience_seconds: float) -> dict[str, Any]:
    """Build a shop, kill its refreshes, and say what came of it."""
    (folder / "exports").mkdir(parents=True)
    shop_id = build(folder, Exports(folder / "exports", refreshes))
    killer = Killer(folder, shop_id, refreshes, seed, patience_seconds)
    try:
        killer.run()
    finally:
        killer.server.kill()
        killer.server.wait()
        for pid, _ in killer._workers():
            os.killpg(pid, signal.SIGKILL)
    lines = told(folder)
    return {
        "refreshes": max(one.get("settled", 0) for one in lines),
        "killed": dict(killer.blows),
        "workers interrupted": sum("retried" in one for one in lines),
        "examined": sum("examined" in one for one in lines),
        "faults": [one["fault"] for one in lines if "fault" in one],
    }


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refreshes", type=int, default=50)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument(
        "--patience", type=float, default=240.0, help="seconds after which a refresh counts as stuck"
    )
    parser.add_argument("--keep", type=Path, help="a new folder, which stays")
    parser.add_argument("--serve", metavar="SHOP", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.keep, asked.serve, asked.refreshes)
        return
    with tempfile.TemporaryDirectory(prefix="churnkit-killing-") as temporary:
        folder = (asked.keep or Path(temporary) / "shop").resolve()
        found = account(folder, asked.refreshes, asked.seed, asked.patience)
    print(json.dumps(found))
    sys.exit(1 if found["faults"] else 0)


if __name__ == "__main__":
    main()
