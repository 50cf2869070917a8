"""Speed and memory: python tests/benchmarks/speed.py [--data DIR] [--skip-analyze] [--only-lines] [--rows N ...]

1. online_retail from file to all outputs with the full tournament, and its share from file to panel.
2. Generated order lines from CSV to canonical transactions and to the panel, at 1 and 5 million rows, beside the limit
   of the machine on the same file: DuckDB's plain scan of all columns, and that with one cutoff's features of customers
   (count, money, first and last order, gaps). CPU seconds of all threads, the better of ``--repeats`` runs, peak memory and
   ratios. Ratios last; seconds are this machine's, and other work on it makes both larger.
3. One move of a slider of the campaign planner on 200,000 customers; the aim is 20 ms.
4. Reasons (alone with ``--only-reasons``): one customer, and --customers of them, by a blend of a logistic regression and
   two boosters of 150 trees each on generated figures, beside the same model's probability alone.

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
from typing import TYPE_CHECKING, Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from churnkit.ingest import Ingested

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


SCAN = """
    SELECT count(order_id), count(customer_id), max(order_date), count(product_id), sum(quantity), sum(unit_price)
    FROM read_csv(?)
"""
FEATURES = """
    WITH orders AS (
        SELECT customer_id, order_id, min(order_date) AS ordered_at, sum(quantity * unit_price) AS amount
        FROM read_csv(?) WHERE order_date < TIMESTAMP '2025-07-01' GROUP BY customer_id, order_id
    ), gaps AS (
        SELECT *, date_diff('day', lag(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at), ordered_at) AS gap
        FROM orders
    )
    SELECT customer_id, count(*) AS order_count, sum(amount) AS total, avg(amount) AS mean, stddev(amount) AS spread,
           min(ordered_at) AS first_at, max(ordered_at) AS last_at, median(gap) AS gap_median, stddev(gap) AS gap_spread,
           sum(amount) FILTER (ordered_at >= TIMESTAMP '2025-04-02') AS total_90_days
    FROM gaps GROUP BY customer_id
"""


def cpu_seconds() -> float:
    """Of all threads of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def report(cpu: dict[str, float], rows: int, **more: object) -> None:
    """Print what a child process measured as JSON."""
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    rounded = {name: round(seconds, 2) for name, seconds in cpu.items()}
    print(
        json.dumps(
            {"rows": rows, "cpu_seconds": rounded, "peak_gigabytes": round(peak_bytes / 1e9, 2), **more}
        )
    )


def limit(path: Path, statement: str, name: str) -> None:
    """Child process: a statement of DuckDB alone on the file."""
    import duckdb

    started = cpu_seconds()
    rows = len(duckdb.execute(statement, [str(path)]).fetchall())
    report({name: cpu_seconds() - started}, rows)


def canonical(path: Path, folder: Path) -> Ingested:
    """File -> canonical transactions."""
    from churnkit.config import IngestSettings
    from churnkit.ingest import Reading, ingest

    return ingest(path, folder, Reading(settings=IngestSettings(max_bytes=4_000_000_000)))


def panel_rows(path: Path, folder: Path, horizon_days: int) -> tuple[int, int]:
    """File -> canonical transactions -> panel: order lines and rows of the panel."""
    import ibis

    from churnkit.ingest.engine import connect
    from churnkit.services.analyse.history import build_panel, open_history, plan_for

    ingested = canonical(path, folder)
    with connect(folder) as connection:
        backend = ibis.duckdb.from_connection(connection)
        table = backend.read_parquet(ingested.transactions)
        history = open_history(backend, table, None, has_time=ingested.has_time)
        panel = build_panel(history, plan_for(history, horizon_days), seed=42).panel
    return ingested.row_count_in, len(panel)


def warm_up(folder: Path, horizon_days: int | None) -> None:
    """Import everything: what is measured is the work on the file, as it is of DuckDB."""
    small = folder / "small.csv"
    generate(small, 3_000)
    if horizon_days is None:
        canonical(small, folder / "small")
    else:
        panel_rows(small, folder / "small", horizon_days)


def to_canonical(path: Path) -> None:
    """Child process: file -> canonical transactions."""
    with TemporaryDirectory() as folder:
        warm_up(Path(folder), None)
        started = cpu_seconds()
        rows = canonical(path, Path(folder)).row_count_in
        report({"canonical": cpu_seconds() - started}, rows)


def to_panel(path: Path, horizon_days: int) -> None:
    """Child process: file -> panel."""
    with TemporaryDirectory() as folder:
        warm_up(Path(folder), horizon_days)
        wall, started = time.perf_counter(), cpu_seconds()
        lines, rows = panel_rows(path, Path(folder), horizon_days)
        seconds = time.perf_counter() - wall
        report(
            {"panel": cpu_seconds() - started},
            lines,
            panel_rows=rows,
            wall_seconds=round(seconds, 2),
            rows_per_second=round(lines / seconds),
        )


def beside_the_limit(path: Path, repeats: int) -> dict[str, Any]:
    """Ours and the limit in turn, each in processes of its own, the best of each; prints a line for each."""
    kinds = ("scan", "canonical", "features", "panel")
    runs = [
        {kind: json.loads(child("--child", kind, str(path), "90")) for kind in kinds} for _ in range(repeats)
    ]
    best = {
        kind: min((run[kind] for run in runs), key=lambda one: one["cpu_seconds"][kind]) for kind in kinds
    }
    cpu = {kind: best[kind]["cpu_seconds"][kind] for kind in kinds}
    below = {"canonical": cpu["scan"], "panel": cpu["features"]}
    for kind in kinds:
        ratio = (
            f", {cpu[kind] / below[kind]:.1f} x {'scan' if kind == 'canonical' else 'features'}"
            if kind in below
            else ""
        )
        print(
            f"  {kind:<9} {cpu[kind]:7.2f} CPU s{ratio:<20} peak {best[kind]['peak_gigabytes']:.2f} GB",
            flush=True,
        )
    return best


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


def reasons_given(customers: int) -> None:
    """Child process: CPU milliseconds of one customer (median of 25) and CPU seconds of many, with and without reasons."""
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
    of_one = {
        name: round(1000 * sorted(seconds(call, one) for _ in range(25))[12], 1)
        for name, call in (("probability", model.p_churn), ("with reasons", told))
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    many = seconds(told, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report(
        {"probabilities": seconds(model.p_churn, rows), "with reasons": many},
        customers,
        one_in_milliseconds=of_one,
        a_second=round(customers / many),
        more_gigabytes=round((peak - before) * 1024 / 1e9, 2),
    )


def child(*arguments: str) -> str:
    """Run this file again for one measurement; its output."""
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def others(retail: Path, *, skip_analyze: bool) -> None:
    """A slider's move, and online_retail where it is there."""
    print(
        "a slider's move, 200,000 customers, by contacts:", child("--child", "slider", "200000"), flush=True
    )
    if retail.exists():
        print("online_retail, file to panel:", child("--child", "panel", str(retail), "90"), flush=True)
        if not skip_analyze:
            print("online_retail, file to all outputs:\n" + child("--child", "full", str(retail)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 5_000_000])
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--only-lines", action="store_true", help="only the generated order lines")
    parser.add_argument("--only-reasons", action="store_true", help="only customers with reasons")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--skip-analyze", action="store_true")
    parser.add_argument("--child", nargs="+", default=None, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, path, *rest = options.child
        if kind == "slider":
            slider(int(path))
        elif kind == "reasons":
            reasons_given(int(path))
        elif kind == "scan":
            limit(Path(path), SCAN, kind)
        elif kind == "features":
            limit(Path(path), FEATURES, kind)
        elif kind == "canonical":
            to_canonical(Path(path))
        elif kind == "panel":
            to_panel(Path(path), int(rest[0]))
        else:
            full(Path(path))
        return
    data = options.data or Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    retail = data / "online_retail.parquet"
    print(f"{os.cpu_count()} cores")
    if not options.only_lines:
        print("customers with reasons:", child("--child", "reasons", str(options.customers)), flush=True)
    if options.only_reasons:
        return
    if not options.only_lines:
        others(retail, skip_analyze=options.skip_analyze)
    with TemporaryDirectory() as folder:
        rates = {}
        for rows in options.rows:
            path = Path(folder) / f"{rows}.csv"
            generate(path, rows)
            print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB:", flush=True)
            rates[rows] = beside_the_limit(path, options.repeats)["panel"]["rows_per_second"]
            path.unlink()
        if len(rates) > 1:
            first, last = min(rates), max(rates)
            print(f"rate at {last:,} rows / rate at {first:,} rows: {rates[last] / rates[first]:.2f}")


if __name__ == "__main__":
    main()
