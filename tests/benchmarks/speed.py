"""Speed and memory beside the machine's limit: python tests/benchmarks/speed.py [--only PART ...] [--rows N ...]

Prints, as one table in Markdown from one run, ours and the limit on the same data in CPU seconds of all threads, peak memory
and the ratio. Parts, each measurement in a process of its own:

lines    generated order lines from CSV to canonical transactions, beside plain scans of all columns by DuckDB and Polars,
         and to the panel, beside one cutoff's features of customers (count, money, first and last order, gaps) by either;
         the best of ``--repeats`` runs, in which ours and the limits take turns. Polars where it is installed.
app      online_retail uploaded as to the app: its look, its analysis until every page has its figures, and the PDF.
reasons  one customer, and --customers of them, with reasons by a blend of a logistic regression and two boosters of 150
         trees each on generated figures, beside the same model's probability alone.
slider   one move of a slider of the campaign planner on 200,000 customers.

Ratios last; seconds are this machine's, and other work on it makes both larger.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

PARTS = ("lines", "app", "reasons", "slider")
_HEAD = """
| what | ours, CPU seconds | peak memory | limit in the same run, CPU seconds | ratio | aim |
|---|---|---|---|---|---|
""".strip()


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes
    ----------
    ours, limit
        CPU seconds; ``limit`` None where nothing is comparable.
    beside
        What the limit is, and what others take.
    """

    what: str
    ours: float
    peak: str
    limit: float | None
    beside: str
    aim: str

    def line(self) -> str:
        """In Markdown."""
        ratio = f"{self.ours / self.limit:.1f}" if self.limit else ""
        return f"| {self.what} | {_figure(self.ours)} | {self.peak} | {self.beside} | {ratio} | {self.aim} |"


def _figure(seconds: float) -> str:
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}"


def measured(what: str, of: object) -> dict[str, Any]:
    """One measurement, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.speed_parts", what, str(of)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{what} of {of}: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"  {what} of {of}: {found}", file=sys.stderr, flush=True)
    return found


def best_of(kinds: list[str], path: Path, repeats: int) -> dict[str, dict[str, Any]]:
    """Each of the kinds in turn, ``repeats`` times; the run of each that took least."""
    runs = [{kind: measured(kind, path) for kind in kinds} for _ in range(repeats)]
    return {kind: min((run[kind] for run in runs), key=lambda one: one["cpu"][kind]) for kind in kinds}


def of_lines(counts: list[int], repeats: int) -> list[Row]:
    """Generated lines to canonical transactions and to the panel."""
    from tests.benchmarks.speed_limits import generate

    has_polars = importlib.util.find_spec("polars") is not None
    rows = []
    with TemporaryDirectory() as folder:
        for count in counts:
            path = Path(folder) / f"{count}.csv"
            generate(path, count)
            size = f"{count:,} lines ({path.stat().st_size / 1e6:,.0f} MB of CSV)"
            for ours, limit, words, aim in (
                ("canonical", "scan", f"{size} to canonical transactions", "5"),
                ("panel", "features", f"{size} to the panel", "8"),
            ):
                other = f"polars_{limit}"
                best = best_of([limit, *([other] if has_polars else []), ours], path, repeats)
                beside = ", ".join(
                    f"{name} {best[kind]['cpu'][kind]:.2f} ({best[kind]['peak']:.1f} GB)"
                    for kind, name in ((limit, f"DuckDB's {limit}"), (other, "Polars"))
                    if kind in best
                )
                cpu, of_limit = best[ours]["cpu"][ours], best[limit]["cpu"][limit]
                rows.append(Row(words, cpu, f"{best[ours]['peak']:.2f} GB", of_limit, beside, f"{aim} times"))
            path.unlink()
    return rows


def of_app(retail: Path) -> list[Row]:
    """online_retail until every page has its figures, and the PDF."""
    if not retail.exists():
        return []
    ours, features = measured("app", retail), measured("features", retail)["cpu"]["features"]
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in ours["cpu"].items())
    words = f"online_retail (541,909 lines) to every page's figures and the PDF ({parts})"
    total = sum(ours["cpu"].values())
    return [Row(words, total, f"{ours['peak']:.2f} GB", None, f"DuckDB's features {features:.2f}", "20")]


def of_reasons(customers: int) -> list[Row]:
    """One customer and many with reasons."""
    found = measured("reasons", customers)
    rows = []
    for key, words, aim in (
        ("one", "one customer with reasons", "0.015"),
        ("many", f"{customers:,} customers with reasons", f"{customers / 50_000:.0f}"),
    ):
        ours, alone = found["cpu"][f"{key}, with reasons"], found["cpu"][f"{key}, probability"]
        peak = f"{found['more']:.2f} GB above the rows" if key == "many" else ""
        rows.append(Row(words, ours, peak, alone, f"the model alone {_figure(alone)}", aim))
    return rows


def of_slider() -> list[Row]:
    """A move of the planner's slider: wall seconds, as somebody waits."""
    waits = measured("slider", 200_000)["milliseconds"]
    words = "a slider's move, 200,000 customers (seconds of waiting)"
    return [Row(words, max(waits.values()) / 1000, "", None, "", "0.02")]


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with online_retail.parquet")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--customers", type=int, default=100_000)
    options = parser.parse_args()
    data = options.data or Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    makers = {
        "lines": lambda: of_lines(options.rows, options.repeats),
        "app": lambda: of_app(data / "online_retail.parquet"),
        "reasons": lambda: of_reasons(options.customers),
        "slider": of_slider,
    }
    rows = [row for part in PARTS if part in options.only for row in makers[part]()]
    print("\n".join([_HEAD, *(row.line() for row in rows)]))


if __name__ == "__main__":
    main()
