"""What reading costs: python tests/benchmarks/reading.py [--base REVISION] [--rows 1000000] [--rounds 5]

CPU seconds from a clean file to canonical transactions, over generated order lines in three forms: prices and pieces of
lines, one total an order, and texts in a dozen columns, some cells of them blank. With ``--base``, the code of that
revision reads the same files in turn with the present one, in processes of their own, and the median of the ratios round by
round is printed: machines are noisy, the ratio lasts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from revisions import REPOSITORY, checked_out

_LINES = """
    SELECT 'o' || order_no AS "Order Number", 'c' || customer AS "Customer ID",
           TIMESTAMP '2024-01-01' + to_seconds(CAST(instant * 63072000 AS BIGINT)) AS "Order Date",
           'p' || product AS "SKU", quantity AS "Quantity", round(price, 2) AS "Unit Price"
    FROM orders
"""
_TOTALS = """
    SELECT order_no AS "Order ID", 'buyer' || customer || '@example.org' AS "Email",
           strftime(TIMESTAMP '2024-01-01' + to_seconds(CAST(instant * 63072000 AS BIGINT)), '%d/%m/%Y %H:%M') AS "Date",
           round(price * quantity, 2) AS "Total", round(price * quantity * 0.2, 2) AS "Tax", 4.90 AS "Shipping",
           CASE WHEN line % 40 = 0 THEN 'Cancelled' ELSE 'Completed' END AS "Status", 'EUR' AS "Currency"
    FROM orders WHERE line % 3 = 0
"""
_WIDE = """
    SELECT order_no AS "Order", customer AS "Customer Number", 'Name Of ' || customer AS "Customer Name",
           'Street ' || customer || ', 10115 Town' AS "Address", 'DE' AS "Country",
           CAST(TIMESTAMP '2024-01-01' + to_seconds(CAST(instant * 63072000 AS BIGINT)) AS DATE) AS "Date",
           CASE WHEN hash(line) % 300 > 0 THEN 'Article number ' || product END AS "Product",
           product % 20 AS "Group", quantity AS "Qty",
           round(price, 2) AS "Price", round(price * quantity, 2) AS "Line Total", 'Card' AS "Payment Method"
    FROM orders
"""
FORMS = {"lines": _LINES, "totals": _TOTALS, "wide": _WIDE}

_CHILD = """
import resource, sys
from pathlib import Path
from tempfile import TemporaryDirectory
from churnkit.config import IngestSettings
from churnkit.ingest import Reading, ingest
with TemporaryDirectory() as folder:
    before = resource.getrusage(resource.RUSAGE_SELF)
    read = ingest(Path(sys.argv[1]), Path(folder), Reading(settings=IngestSettings(max_bytes=4_000_000_000)))
    after = resource.getrusage(resource.RUSAGE_SELF)
print(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, read.row_count_kept)
"""


def generate(path: Path, form: str, rows: int, seed: int = 1) -> None:
    """Order lines of ``rows / 25`` customers over two years, three lines an order."""
    import duckdb

    customers = max(1, rows // 25)
    duckdb.execute(
        f"""
        COPY (
            WITH orders AS (
                SELECT i AS line, i // 3 AS order_no, hash(i // 3, {seed}) % {customers} AS customer,
                       (hash(i // 3, {seed + 1}) % 1000003) / 1000003.0 AS instant,
                       hash(i, {seed + 2}) % 3000 AS product, 1 + hash(i, {seed + 3}) % 4 AS quantity,
                       2 + (hash(i, {seed + 4}) % 9000) / 100.0 AS price
                FROM range({rows}) t(i)
            )
            {FORMS[form]} ORDER BY line
        ) TO '{path}' (FORMAT csv, HEADER)
        """
    )


def cpu_seconds(code: Path, file: Path) -> float:
    """CPU seconds that the code in a checkout takes to read a file."""
    environment = {**os.environ, "PYTHONPATH": str(code)}
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(file)],
        cwd=code,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    # The database may have drawn a progress bar before it.
    return float(done.stdout.split()[-2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", metavar="REVISION")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with (
        TemporaryDirectory(prefix="churnkit-reading-") as name,
        checked_out(options.base, Path(name)) as base,
    ):
        for form in FORMS:
            file = Path(name) / f"{form}.csv"
            generate(file, form, options.rows)
            report(form, file, base, options.rounds)
            file.unlink()


def report(form: str, file: Path, base: Path | None, rounds: int) -> None:
    """Read in turn and print the medians."""
    now, before = [], []
    for _ in range(rounds):
        if base is not None:
            before.append(cpu_seconds(base, file))
        now.append(cpu_seconds(REPOSITORY, file))
    words = f"{form:7} {statistics.median(now):6.2f} CPU seconds"
    if before:
        ratio = statistics.median(one / two for one, two in zip(now, before, strict=True))
        words += f", before {statistics.median(before):6.2f}: {ratio:.2f} times"
    print(words, flush=True)


if __name__ == "__main__":
    main()
