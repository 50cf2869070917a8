"""A newer export in a shop of a million lines: python tests/benchmarks/refresh.py [--rows N] [--keep DIR] [--rounds N]

A generated shop of two years is analysed without its last month. Then that month is added and the forecast refreshed,
each by a worker of its own as on a server; the aim is 15 CPU seconds for both together. These are the first jobs of their
kinds, which import all that they take and leave a warm starter behind; most of their SQL the analysis has left in a file.
``again`` is one more refresh, by a worker forked from it, as of the next shop within minutes; ``without_sql`` one by a
worker that starts cold and finds no such file, as after an update of the program. Beside them: what a worker's imports
take of each, and DuckDB's plain scan of the same lines in CSV, for ratios last where seconds are this machine's.
``--keep`` keeps the analysed shop, so that measuring again takes no training, until the program makes its SQL otherwise.

Each figure is the least of three rounds, each on a copy of the shop: another process beside only adds. ``loop`` is what
the same arithmetic takes before each round and after it, least and most: how even the machine was.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))
LAST_MONTH = "2025-12-01"
IMPORTS = {
    "add": "churnkit.worker.one_job, churnkit.services.history.adding, churnkit.shops",
    "refresh": "churnkit.worker.one_job, churnkit.services.refresh.refresh_run",
}
_ENV = {**os.environ, "PYTHONPATH": str(REPOSITORY)}


def files(folder: Path, rows: int) -> tuple[Path, Path]:
    """The export up to the last month, and that month."""
    import duckdb

    from tests.benchmarks.speed_limits import generate

    whole, first, newer = (folder / name for name in ("whole.csv", "first.csv", "newer.csv"))
    generate(whole, rows)
    for condition, target in (("<", first), (">=", newer)):
        duckdb.execute(
            f"COPY (FROM '{whole}' WHERE order_date {condition} TIMESTAMP '{LAST_MONTH}') TO '{target}' (HEADER)"
        )
    whole.unlink()
    return first, newer


def analysed(folder: Path, rows: int) -> None:
    """The shop after its first analysis, in ``folder``."""
    from churnkit.accounts import OWNER
    from churnkit.config import AnalysisSettings, TournamentSettings
    from churnkit.ingest import Reading
    from churnkit.jobs import Platform

    folder.mkdir(parents=True, exist_ok=True)
    first, _ = files(folder, rows)
    platform = Platform(folder / "data", folder / "models", slots=1)
    store = platform.store_for("local", OWNER)
    settings = AnalysisSettings(tournament=TournamentSettings(budget_seconds=5, jobs=1), horizon_days=90)
    with first.open("rb") as stream:
        upload = platform.receive_upload(store, stream, "shop.csv", 10**10)
    session = platform.start_look(store, upload.upload_id, Reading(), settings)
    settle(platform)
    platform.start_analysis(store, session.session_id, settings)
    settle(platform)
    failed = [job.error_message for job in store.jobs.all() if job.status != "completed"]
    platform.close()
    if failed:
        sys.exit(f"the shop could not be analysed: {failed}")


def settle(platform: object) -> None:
    """Follow the jobs until none is left, as often as a server does."""
    from churnkit.jobs.follower import POLL_SECONDS

    while platform.follower.tick():  # type: ignore[attr-defined]
        time.sleep(POLL_SECONDS)


def cpu_seconds() -> float:
    """Of this process, of every process that it has waited for, and of all those that come from it."""
    return of(resource.RUSAGE_SELF) + in_workers()


def of(whom: int) -> float:
    """CPU seconds of this process, or of its ended children."""
    used = resource.getrusage(whom)
    return used.ru_utime + used.ru_stime


def in_workers() -> float:
    """CPU seconds of workers and starters, whether they live, have ended or are waited for by each other."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        pid = int(path.parent.name)
        # Of its own, and of the children that it has waited for.
        parents[pid], ticks[pid] = int(fields[1]), sum(map(int, fields[11:15]))
    ours: set[int] = set()
    further = {os.getpid()}
    while further:
        ours |= further
        further = {pid for pid, parent in parents.items() if parent in ours} - ours
    living = sum(ticks[pid] for pid in ours - {os.getpid()}) / os.sysconf("SC_CLK_TCK")
    return living + of(resource.RUSAGE_CHILDREN)


def adopt_orphans() -> None:
    """Processes whose parents end become this one's children, so that their seconds are counted."""
    ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)


def scanned(folder: Path) -> float:
    """CPU seconds of DuckDB's plain scan of all columns of both files, the second of two."""
    import duckdb

    from tests.benchmarks.speed_limits import SCAN

    files = [str(folder / name) for name in ("first.csv", "newer.csv")]
    for _again in range(2):
        before = cpu_seconds()
        duckdb.execute(SCAN, [files]).fetchall()
        spent = cpu_seconds() - before
    return round(spent, 2)


def imported(modules: str) -> float:
    """CPU seconds of a process that only loads what such a worker loads."""
    before = cpu_seconds()
    # Compiled once, as where a worker ran before.
    for _again in range(2):
        before = cpu_seconds()
        subprocess.run(
            [sys.executable, "-P", "-c", f"import os, {modules}; os._exit(0)"],
            cwd=REPOSITORY,
            env=_ENV,
            check=True,
        )
    return round(cpu_seconds() - before, 1)


def measure(folder: Path) -> dict[str, float]:
    """CPU seconds of adding the month, of the refresh and of two more, server and worker together."""
    from churnkit.accounts import OWNER
    from churnkit.jobs import Platform
    from churnkit.jobs.layout import SQL
    from churnkit.jobs.processes import WorkerProcesses

    workers = WorkerProcesses()
    platform = Platform(folder / "data", folder / "models", workers=workers, slots=1)
    store = platform.store_for("local", OWNER)
    (session,) = store.sessions.all()
    spent = {}
    with (folder / "newer.csv").open("rb") as stream:
        upload = platform.receive_upload(store, stream, "newer.csv", 10**10)
    for what in ("add", "refresh", "again", "without_sql"):
        if what != "again":
            workers.warm.close()
        if what == "without_sql":
            (folder / "data" / SQL).unlink()
        before, worker_before = cpu_seconds(), in_workers()
        if what == "add":
            job = platform.add_export(store, session.session_id, upload.upload_id, then="nothing")
        else:
            job = platform.start_refresh(store, session.session_id)
        settle(platform)
        job = store.jobs.get(job.job_id)
        if job.status != "completed":
            sys.exit(f"{what}: {job.error_message}")
        # It has its last word before it is gone.
        while platform.follower.workers.is_alive(job.pid or 0, job.pid_started or ""):
            time.sleep(0.05)
        spent[what] = round(cpu_seconds() - before, 1)
        spent[f"{what}_in_worker"] = round(in_workers() - worker_before, 1)
    platform.close()
    return {**spent, "together": round(spent["add"] + spent["refresh"], 1)}


def loop() -> float:
    """CPU seconds of arithmetic that is always the same."""
    before, total = cpu_seconds(), 0
    for number in range(5_000_000):
        total += number * number % 7
    return round(cpu_seconds() - before, 2)


def rounds(kept: Path, number: int) -> dict[str, object]:
    """Least of each figure over so many rounds, each on a copy of the shop."""
    loops, found = [loop()], []
    for _round in range(number):
        with TemporaryDirectory(prefix="churnkit-") as temporary:
            copy = Path(temporary) / "shop"
            shutil.copytree(kept, copy)
            found.append(parts(copy))
        loops.append(loop())
    least: dict[str, object] = {name: min(one[name] for one in found) for name in found[0]}
    return {**least, "loop": [min(loops), max(loops)]}


def serves(kept: Path) -> bool:
    """Whether a shop is kept there whose analysis left SQL that this program's workers can take."""
    from churnkit.jobs.layout import SQL
    from churnkit.worker.sql_file import texts_in

    return bool(texts_in(kept / "data" / SQL))


def parts(folder: Path) -> dict[str, float]:
    """All figures: the scan, imports of both workers, the jobs with these imports, the sum of two, its ratio to the scan."""
    scan = scanned(folder)
    loaded = {f"imports_of_{what}": imported(modules) for what, modules in IMPORTS.items()}
    spent = measure(folder)
    return {"scan": scan, **loaded, **spent, "together_by_scan": round(spent["together"] / scan, 1)}


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_040_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    adopt_orphans()
    with TemporaryDirectory(prefix="churnkit-") as temporary:
        kept = options.keep or Path(temporary) / "kept"
        if kept.exists() and not serves(kept):
            # Of an older program: a worker that starts would not find the SQL that an analysis leaves today.
            sys.exit(f"{kept} holds no shop that this program analysed: remove it, or name another folder.")
        if not kept.exists():
            analysed(kept, options.rows)
        print(json.dumps(rounds(kept, options.rounds), indent=1))


if __name__ == "__main__":
    main()
