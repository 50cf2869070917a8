"""Scoring on engines: python tests/benchmarks/engines.py [--engine duckdb sail] [--lines N ...]

A shop of 300 customers is analysed once; then its run scores generated canonical lines of growing number (25 lines a
customer, two years, 3,000 products, reasons and all). CPU seconds of the process and its children, peak memory of the
process, lines per CPU second, and what a plain scan of the same file takes in DuckDB. Seconds are this machine's, and other
work on it makes them larger.

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
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))


def generate(path: Path, lines: int, seed: int = 1) -> None:
    """Canonical lines of lines / 25 customers over two years."""
    import duckdb

    customers = max(1, lines // 25)
    duckdb.execute(
        f"""
        COPY (
            SELECT 'o' || order_no AS order_id, 'c' || customer AS customer_id,
                   TIMESTAMP '2024-06-01' + to_seconds(CAST(instant * 62000000 AS BIGINT)) AS ordered_at,
                   CAST(round(price * quantity, 2) AS DOUBLE) * CASE WHEN given_back THEN -1 ELSE 1 END AS amount,
                   'p' || product AS product_id, CAST(quantity AS DOUBLE) AS quantity, given_back AS is_return,
                   CASE WHEN product % 2 = 0 THEN 'Drinks' ELSE 'Ware' END AS category, i + 1 AS source_row
            FROM (
                SELECT i, i // 3 AS order_no, hash(i // 3, {seed}) % {customers} AS customer,
                       (hash(i // 3, {seed + 1}) % 1000003) / 1000003.0 AS instant,
                       hash(i, {seed + 2}) % 3000 AS product, 1 + hash(i, {seed + 3}) % 4 AS quantity,
                       2 + (hash(i, {seed + 4}) % 9000) / 100.0 AS price,
                       hash(i, {seed + 5}) % 50 = 0 AS given_back
                FROM range({lines}) t(i)
            )
        ) TO '{path}' (FORMAT parquet)
        """
    )


def used() -> float:
    """CPU seconds of this process and of what it started."""
    return sum(
        one.ru_utime + one.ru_stime
        for one in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def scan(source: Path) -> float:
    """CPU seconds of a plain scan of all columns that are read."""
    import duckdb

    start = used()
    duckdb.execute(
        "SELECT count(order_id), count(customer_id), max(ordered_at), sum(amount), count(product_id), count(category),"
        f" sum(quantity), max(source_row) FROM '{source}'"
    ).fetchall()
    return used() - start


def measure(engine: str, shop: Path, source: Path, folder: Path) -> None:
    """Score in this process and print the figures as JSON."""
    from churnkit.engines.order import EngineOrder
    from churnkit.engines.running import score_on_engine
    from churnkit.jobs.layout import Folders
    from churnkit.jobs.versions import stored_version
    from churnkit.store import Store

    warnings.simplefilter("ignore")
    folders = Folders(shop / "data", shop / "models")
    with Store.open(folders.database) as root:
        version = stored_version(root, folders, "champion")
    plain, start, began = scan(source), used(), time.monotonic()
    stages: list[tuple[str, float]] = []

    def note(stage: str, share: float, found: str = "", count: object = None, model: str = "") -> None:
        stages.append((found or str(stage), round(used() - start, 1)))

    account = score_on_engine(
        version,
        EngineOrder(engine, str(source), folder / f"scores-{engine}"),
        note,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        json.dumps(
            {
                "cpu": used() - start,
                "wall": time.monotonic() - began,
                "peak_gb": peak,
                "scan": plain,
                "customers": account.customers,
                "stages": stages,
            }
        )
    )


def made_shop(folder: Path) -> None:
    """The shop whose run scores."""
    from tests.app.conftest import build

    warnings.simplefilter("ignore")
    build(folder, 300, 500)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", nargs="+", default=["duckdb", "sail"])
    parser.add_argument("--lines", nargs="+", type=int, default=[1_000_000, 5_000_000, 10_000_000])
    parser.add_argument("--shop", type=Path, help="data/ and models/ of a shop that was analysed before")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "SOURCE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measure(options.one[0], options.shop, *map(Path, options.one[1:]))
        return
    with TemporaryDirectory(prefix="churnkit-bench-") as temporary:
        folder = Path(temporary)
        shop = options.shop or folder / "shop"
        if not shop.exists():
            shop.mkdir()
            made_shop(shop)
        print("engine    lines        customers  CPU s   wall s  peak GB  lines per CPU s  plain scan CPU s")
        for lines in options.lines:
            source = folder / f"lines-{lines}.parquet"
            generate(source, lines)
            for engine in options.engine:
                command = [
                    sys.executable,
                    __file__,
                    "--shop",
                    str(shop),
                    "--one",
                    engine,
                    str(source),
                    str(folder),
                ]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode:
                    print(f"{engine:9} {lines:<12,} failed: {done.stderr.strip().splitlines()[-1]}")
                    continue
                found = json.loads(done.stdout.strip().splitlines()[-1])
                print(
                    f"{engine:9} {lines:<12,} {found['customers']:<10,} {found['cpu']:<7.1f} {found['wall']:<7.1f}"
                    f" {found['peak_gb']:<8.2f} {lines / found['cpu']:<16,.0f} {found['scan']:.2f}",
                    flush=True,
                )
                print(
                    "          " + ", ".join(f"{words}: {cpu}" for words, cpu in found["stages"]), flush=True
                )
            source.unlink()


if __name__ == "__main__":
    main()
