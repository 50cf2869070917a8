"""How soon columns are suggested: python tests/benchmarks/looking.py [--rounds N]

Every bundled sample is looked at in a process like a server's, once with the reader in that very process and once by a
forked reader, in turn. Prints medians of wall-clock seconds for the first file a server meets and for later ones, and
the median of the ratios round by round (machines are noisy; the ratio lasts).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from churnkit.accounts import OWNER  # noqa: E402

SAMPLES = sorted((REPOSITORY / "data" / "samples").glob("*.csv"))
LATER = 3


def in_server(path: Path, folder: Path) -> None:
    from churnkit.ingest import inspect

    with TemporaryDirectory(dir=folder) as work:
        inspect(path, Path(work))


def by_reader(path: Path, folder: Path) -> None:
    from churnkit.ingest import Reading
    from churnkit.jobs import open_platform

    platform = open_platform(folder / "data", folder / "models")
    store = platform.store_for("local", OWNER)
    known = {upload.filename: upload for upload in store.uploads.all()}
    upload = known.get(path.name)
    if upload is None:
        with path.open("rb") as stream:
            upload = platform.receive_upload(store, stream, path.name, 10**9)
    ticket = platform.readings.inspection(store, upload, Reading(), again=True)
    ticket.wait(600)
    ticket.answer()


def child(way: str) -> dict[str, list[float]]:
    """Seconds for each sample: the first look in this process, then later ones."""
    from churnkit.jobs.reading.pool import reader_pool

    if way == "reader":
        reader_pool().warm()
        # A visitor who opens the page and chooses a file takes longer than this.
        time.sleep(5)
    look = by_reader if way == "reader" else in_server
    found: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder:
        for path in SAMPLES:
            for _ in range(1 + LATER):
                began = time.perf_counter()
                look(path, Path(folder))
                found.setdefault(path.name, []).append(time.perf_counter() - began)
        if way == "reader":
            from churnkit.jobs import open_platform

            open_platform(Path(folder) / "data", Path(folder) / "models").close()
    return found


def measure(way: str) -> dict[str, list[float]]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, __file__, "--child", way],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def row(name: str, when: str, pairs: list[tuple[float, float]]) -> str:
    server, reader = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(right / left for left, right in pairs)
    return f"| {name} | {when} | {server:.2f} | {reader:.2f} | {ratio:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", choices=["server", "reader"])
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(child(arguments.child)))
        return
    rounds: list[tuple[dict[str, list[float]], Any]] = [
        (measure("server"), measure("reader")) for _ in range(arguments.rounds)
    ]
    print("| sample | look | in the server, s | by a reader, s | ratio |\n|---|---|---|---|---|")
    for name in (path.name for path in SAMPLES):
        print(row(name, "first", [(server[name][0], reader[name][0]) for server, reader in rounds]))
        later = [
            pair for server, reader in rounds for pair in zip(server[name][1:], reader[name][1:], strict=True)
        ]
        print(row(name, "later", later))


if __name__ == "__main__":
    main()
