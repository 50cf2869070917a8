"""A newer export in a shop of a million lines: python tests/benchmarks/refresh.py [--rows N] [--keep DIR]

A generated shop of two years is analysed without its last month. Then that month is added and the forecast refreshed,
each by a worker of its own as on a server; the aim is 15 CPU seconds for both together. Beside them: what a worker's
imports take of each, and DuckDB's plain scan of the same lines in CSV, for ratios last where seconds are this machine's.
``--keep`` keeps the analysed shop, so that measuring again takes no training.
"""

from __future__ import annotations

import argparse
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
    """Of this process and of every worker that has ended."""
    return of(resource.RUSAGE_SELF) + of(resource.RUSAGE_CHILDREN)


def of(whom: int) -> float:
    """CPU seconds of this process, or of its ended children."""
    used = resource.getrusage(whom)
    return used.ru_utime + used.ru_stime


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
            [sys.executable, "-P", "-c", f"import {modules}"], cwd=REPOSITORY, env=_ENV, check=True
        )
    return round(cpu_seconds() - before, 1)


def measure(folder: Path) -> dict[str, float]:
    """CPU seconds of adding the month and of the refresh, server and worker together."""
    from churnkit.accounts import OWNER
    from churnkit.jobs import Platform

    platform = Platform(folder / "data", folder / "models", slots=1)
    store = platform.store_for("local", OWNER)
    (session,) = store.sessions.all()
    spent = {}
    with (folder / "newer.csv").open("rb") as stream:
        upload = platform.receive_upload(store, stream, "newer.csv", 10**10)
    for what in ("add", "refresh"):
        before, worker_before = cpu_seconds(), of(resource.RUSAGE_CHILDREN)
        if what == "add":
            job = platform.add_export(store, session.session_id, upload.upload_id, then="nothing")
        else:
            job = platform.start_refresh(store, session.session_id)
        settle(platform)
        job = store.jobs.get(job.job_id)
        if job.status != "completed":
            sys.exit(f"{what}: {job.error_message}")
        # A worker counts once it has gone; it has its last word before.
        while platform.follower.workers.is_alive(job.pid or 0, job.pid_started or ""):
            time.sleep(0.05)
        spent[what] = round(cpu_seconds() - before, 1)
        spent[f"{what}_in_worker"] = round(of(resource.RUSAGE_CHILDREN) - worker_before, 1)
    platform.close()
    return {**spent, "together": round(spent["add"] + spent["refresh"], 1)}


def parts(folder: Path) -> dict[str, float]:
    """All figures: the scan, imports of both workers, both jobs with these imports, their sum and its ratio to the scan."""
    scan = scanned(folder)
    loaded = {f"imports_of_{what}": imported(modules) for what, modules in IMPORTS.items()}
    spent = measure(folder)
    return {"scan": scan, **loaded, **spent, "together_by_scan": round(spent["together"] / scan, 1)}


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_040_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="churnkit-") as temporary:
        kept = options.keep or Path(temporary) / "kept"
        if not kept.exists():
            analysed(kept, options.rows)
        copy = Path(temporary) / "shop"
        shutil.copytree(kept, copy)
        print(json.dumps(parts(copy), indent=1))


if __name__ == "__main__":
    main()
