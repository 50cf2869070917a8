"""One measurement of `speed.py`, in a process of its own: python -m tests.benchmarks.speed_parts WHAT [FILE | NUMBER]

Prints JSON: ``cpu`` (seconds of all threads, by part), ``peak`` (GB), and what else the part counts.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.benchmarks import speed_limits as limits

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from churnkit.ingest import Ingested

HORIZON_DAYS = 90
PARQUET = ".parquet"


def cpu_seconds() -> float:
    """Of all threads of this process so far, and of its children that have ended."""
    used = [resource.getrusage(whom) for whom in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def report(cpu: dict[str, float], **more: object) -> None:
    """Print what was measured; the peak is that of the largest process."""
    peak = max(
        resource.getrusage(whom).ru_maxrss for whom in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    rounded = {name: round(seconds, 4) for name, seconds in cpu.items()}
    print(json.dumps({"cpu": rounded, "peak": round(peak * 1024 / 1e9, 2), **more}))


def limit(name: str, path: Path) -> None:
    """DuckDB or Polars alone, loaded and warm, on the file."""
    statements = (
        {"scan": limits.RETAIL_SCAN, "features": limits.RETAIL_FEATURES}
        if path.suffix == PARQUET
        else {"scan": limits.SCAN, "features": limits.FEATURES}
    )
    polars = {"polars_scan": limits.scan_with_polars, "polars_features": limits.features_with_polars}

    def look(at: Path) -> int:
        return polars[name](at) if name in polars else limits.with_duckdb(at, statements[name])

    with TemporaryDirectory() as folder:
        if path.suffix != PARQUET:
            small = Path(folder) / "small.csv"
            limits.generate(small, 3_000)
            look(small)
        else:
            look(path)
    started = cpu_seconds()
    rows = look(path)
    report({name: cpu_seconds() - started}, rows=rows)


def canonical(path: Path, folder: Path) -> Ingested:
    """File -> canonical transactions."""
    from churnkit.config import IngestSettings
    from churnkit.ingest import Reading, ingest

    return ingest(path, folder, Reading(settings=IngestSettings(max_bytes=4_000_000_000)))


def panel_rows(path: Path, folder: Path, horizon_days: int) -> tuple[int, int]:
    """File -> canonical transactions -> panel: order lines and rows of the panel."""
    from churnkit.ingest.engine import backend_of, connect
    from churnkit.services.analyse.history import build_panel, open_history, plan_for

    ingested = canonical(path, folder)
    with connect(folder) as connection:
        # As every job has it: SQL of an expression that was compiled before is kept, here since the warm-up.
        backend = backend_of(connection)
        table = backend.read_parquet(ingested.transactions)
        history = open_history(backend, table, None, has_time=ingested.has_time)
        panel = build_panel(history, plan_for(history, horizon_days), seed=42).panel
    return ingested.row_count_in, len(panel)


def warm_up(folder: Path, horizon_days: int | None) -> None:
    """Import everything: what is measured is the work on the file, as it is of DuckDB."""
    small = folder / "small.csv"
    limits.generate(small, 3_000)
    if horizon_days is None:
        canonical(small, folder / "small")
    else:
        panel_rows(small, folder / "small", horizon_days)


def lines(name: str, path: Path) -> None:
    """File -> canonical transactions, or -> panel, where everything is imported."""
    with TemporaryDirectory() as folder:
        warm_up(Path(folder), None if name == "canonical" else HORIZON_DAYS)
        wall, started = time.perf_counter(), cpu_seconds()
        if name == "canonical":
            counts = {"rows": canonical(path, Path(folder)).row_count_in}
        else:
            rows, of_panel = panel_rows(path, Path(folder), HORIZON_DAYS)
            counts = {"rows": rows, "panel_rows": of_panel}
        report({name: cpu_seconds() - started}, seconds=round(time.perf_counter() - wall, 2), **counts)


def app(path: Path) -> None:
    """An upload until every page has its figures, and the PDF: as the app does it, each job in a process of its own."""
    from churnkit.accounts import OWNER
    from churnkit.config import AnalysisSettings
    from churnkit.ingest import Reading
    from churnkit.jobs import Platform
    from churnkit.results.folders import Results
    from churnkit.services.deliver.report_files import build_report
    from tests.benchmarks import refresh

    # Workers are forked by one another, and not this process's children.
    refresh.adopt_orphans()
    cpu: dict[str, float] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        platform = Platform(folder / "data", folder / "models", slots=1)
        store = platform.store_for("local", OWNER)

        def timed(what: str, work: Callable[[], object]) -> None:
            started = refresh.cpu_seconds()
            work()
            refresh.settle(platform)
            for job in store.jobs.all():
                # A worker counts once it has gone; it has its last word before.
                while platform.follower.workers.is_alive(job.pid or 0, job.pid_started or ""):
                    time.sleep(0.05)
            cpu[what] = refresh.cpu_seconds() - started

        with path.open("rb") as stream:
            upload = platform.receive_upload(store, stream, path.name, 10**10)
        timed("look", lambda: platform.start_look(store, upload.upload_id, Reading(), AnalysisSettings()))
        (session,) = store.sessions.all()
        timed("analysis", lambda: platform.start_analysis(store, session.session_id, AnalysisSettings()))
        failed = [job.error_message for job in store.jobs.all() if job.status != "completed"]
        run = platform.run_folder(store.sessions.get(session.session_id))
        if failed or run is None:
            sys.exit(f"{path.name} could not be analysed: {failed}")
        timed("PDF", lambda: build_report(Results(run), "pdf", path.name))
        platform.close()
    report(cpu)


def slider(customers: int = 200_000) -> None:
    """The median of nine moves of a slider, in milliseconds, by contacts."""
    import numpy as np
    import pandas as pd

    from churnkit.results.campaign_money import Assumptions
    from churnkit.roi import Planner, Uncertainty

    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "p_churn": rng.beta(2.0, 1.5, customers),
            "clv_if_kept": rng.lognormal(4.8, 0.8, customers),
            "clv_if_lost": 0.0,
            "mean_order_value": rng.lognormal(3.5, 0.4, customers),
        }
    )
    planner = Planner.of(frame, Uncertainty(), 1.0)
    planner.outcome(Assumptions(contact_cost=2.0), 10)
    milliseconds = {}
    for contacts in (100, 500, 501, customers // 2):
        seconds = []
        for step in range(9):
            assumptions = Assumptions(contact_cost=2.0, save_rate=0.2 + step / 50)
            started = time.perf_counter()
            planner.outcome(assumptions, contacts)
            planner.curve(assumptions)
            seconds.append(time.perf_counter() - started)
        milliseconds[contacts] = round(1000 * float(np.median(seconds)), 1)
    report({}, milliseconds=milliseconds)


def reasons_given(customers: int) -> None:
    """CPU seconds of one customer (median of 25) and of many, with and without reasons."""
    from churnkit.explain.contributions import contributions
    from churnkit.explain.ranking import describe_shop
    from churnkit.explain.reasons import reasons
    from tests.benchmarks.made_blend import blend, figures

    model, rows = blend(), figures(customers, 2)
    shop = describe_shop(rows[:5_000], contributions(model, rows[:5_000]), model.horizon_days)

    def told(some: pd.DataFrame) -> None:
        reasons(model, some, contributions(model, some), shop=shop, currency="GBP")

    def seconds(call: Callable[[pd.DataFrame], object], some: pd.DataFrame) -> float:
        started = cpu_seconds()
        call(some)
        return cpu_seconds() - started

    one = rows[:1]
    told(one)
    cpu = {
        f"one, {name}": sorted(seconds(call, one) for _ in range(25))[12]
        for name, call in (("probability", model.p_churn), ("with reasons", told))
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu["many, with reasons"] = seconds(told, rows)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu["many, probability"] = seconds(model.p_churn, rows)
    report(cpu, more=round((after - before) * 1024 / 1e9, 2))


def main() -> None:
    what, of = sys.argv[1:]
    if what in ("canonical", "panel"):
        lines(what, Path(of))
    elif what == "app":
        app(Path(of))
    elif what == "slider":
        slider(int(of))
    elif what == "reasons":
        reasons_given(int(of))
    else:
        limit(what, Path(of))


if __name__ == "__main__":
    main()
