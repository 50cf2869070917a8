"""Speed and memory: python tests/benchmarks/speed.py [--data DIR] [--skip-analyze] [--rows N ...]

1. online_retail from file to all outputs with the full tournament, and its share from file to panel.
2. Generated order lines from CSV to panel: seconds, rows per second and peak memory, at 1 and 10 million rows,
   so that the growth can be seen. The ratio of the two rates lasts; the seconds are this machine's.
3. One move of a slider of the campaign planner on 200,000 customers; the aim is 20 ms.

Every measurement runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))


def generate(path: Path, rows: int, seed: int = 1) -> None:
    """Order lines of rows / 25 customers over two years, written by DuckDB, in no particular order."""
    import duckdb

    customers = max(1, rows // 25)
    duckdb.execute(
        f"""
        COPY (
            SELECT 'o' || order_no AS order_id, 'c' || customer AS customer_id,
                   TIMESTAMP '2024-01-01' + to_seconds(CAST(instant * 63072000 AS BIGINT)) AS order_date,
                   'p' || product AS product_id, quantity, round(price, 2) AS unit_price
            FROM (
                SELECT i // 3 AS order_no, hash(i // 3, {seed}) % {customers} AS customer,
                       (hash(i // 3, {seed + 1}) % 1000003) / 1000003.0 AS instant,
                       hash(i, {seed + 2}) % 3000 AS product, 1 + hash(i, {seed + 3}) % 4 AS quantity,
                       2 + (hash(i, {seed + 4}) % 9000) / 100.0 AS price
                FROM range({rows}) t(i)
            )
        ) TO '{path}' (FORMAT csv, HEADER)
        """
    )


def to_panel(path: Path, horizon_days: int) -> None:
    """Child process: file -> panel; prints seconds and peak memory as JSON."""
    import ibis

    from churnkit.config import IngestSettings
    from churnkit.ingest import Reading, ingest
    from churnkit.ingest.engine import connect
    from churnkit.services.analyse.history import build_panel, open_history, plan_for

    seconds = {}
    started = time.perf_counter()
    with TemporaryDirectory() as folder:
        ingested = ingest(path, Path(folder), Reading(settings=IngestSettings(max_bytes=4_000_000_000)))
        seconds["ingest"] = time.perf_counter() - started
        with connect(Path(folder)) as connection:
            backend = ibis.duckdb.from_connection(connection)
            history = open_history(
                backend, backend.read_parquet(ingested.transactions), None, has_time=ingested.has_time
            )
            panel = build_panel(history, plan_for(history, horizon_days), seed=42).panel
    seconds["total"] = time.perf_counter() - started
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        json.dumps(
            {
                "rows": ingested.row_count_in,
                "panel_rows": len(panel),
                "seconds": {k: round(v, 2) for k, v in seconds.items()},
                "rows_per_second": round(ingested.row_count_in / seconds["total"]),
                "peak_gigabytes": round(peak_bytes / 1e9, 2),
            }
        )
    )


def full(path: Path) -> None:
    """Child process: file -> all outputs."""
    from churnkit.cli import main

    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        status = main(["analyze", str(path), "--output", str(Path(folder) / "out")])
        print(json.dumps({"exit": status, "seconds": round(time.perf_counter() - started, 1)}))


def slider(customers: int = 200_000) -> None:
    """Child process: the median of nine moves of a slider, in milliseconds, by contacts."""
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
    print(json.dumps({"milliseconds": milliseconds}))


def child(*arguments: str) -> str:
    """Run this file again for one measurement; its output."""
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--skip-analyze", action="store_true")
    parser.add_argument("--child", nargs="+", default=None, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, path, *rest = options.child
        if kind == "slider":
            slider(int(path))
        elif kind == "panel":
            to_panel(Path(path), int(rest[0]))
        else:
            full(Path(path))
        return
    data = options.data or Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    retail = data / "online_retail.parquet"
    print(f"{os.cpu_count()} cores")
    print(
        "a slider's move, 200,000 customers, by contacts:", child("--child", "slider", "200000"), flush=True
    )
    if retail.exists():
        print("online_retail, file to panel:", child("--child", "panel", str(retail), "90"), flush=True)
        if not options.skip_analyze:
            print("online_retail, file to all outputs:\n" + child("--child", "full", str(retail)), flush=True)
    with TemporaryDirectory() as folder:
        rates = {}
        for rows in options.rows:
            path = Path(folder) / f"{rows}.csv"
            generate(path, rows)
            result = child("--child", "panel", str(path), "90")
            rates[rows] = json.loads(result)["rows_per_second"]
            print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, file to panel: {result}", flush=True)
            path.unlink()
        if len(rates) > 1:
            first, last = min(rates), max(rates)
            print(f"rate at {last:,} rows / rate at {first:,} rows: {rates[last] / rates[first]:.2f}")


if __name__ == "__main__":
    main()
