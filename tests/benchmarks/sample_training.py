"""What a model learned from a drawn sample loses: python tests/benchmarks/sample_training.py [--rows N ...] [--lines FILE]

A made-up shop of 80,000 customers (their own pace, their own end, a season, favourites; two years) or the canonical Parquet
of a real one is cut 60 days before its end. For each size DuckDB draws so many whole customers that they make about
``--rows`` customer-cutoffs with an outcome, the tournament trains on them, and the model scores everybody by
``score_on_engine``. Its log loss is that of the customers who were in none of the samples, on the 60 days that followed;
the difference to the largest sample is paired, with its standard error over customers.

The limit of 200,000 customer-cutoffs that an analysis keeps to is lifted here. Seconds are this machine's, and other work on
it makes them larger. Every size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import warnings
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

HORIZON_DAYS = 60
START, DAYS = datetime(2024, 1, 1), 730


def generate(path: Path, customers: int, seed: int = 1) -> None:
    """Customers who buy at a pace of their own until an end of their own, more before Christmas."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    begins = rng.uniform(0, DAYS - 1, customers)
    pace = rng.gamma(0.9, 1 / 45, customers)  # purchases a day
    staying = rng.exponential(1 / rng.gamma(1.5, 1 / 400, customers))
    ends = np.minimum(begins + staying, DAYS)
    counts = 1 + rng.poisson(pace * (ends - begins) * 1.15)
    counts = np.minimum(counts, 400)
    who = np.repeat(np.arange(customers), counts)
    when = begins[who] + rng.uniform(0, 1, len(who)) * (ends[who] - begins[who])
    first = np.r_[True, who[1:] != who[:-1]]
    when[first] = begins[who[first]]
    # Outside of November and December one purchase in seven is left out.
    month = (pd.Timestamp(START) + pd.to_timedelta(when, unit="D")).month
    kept = first | np.isin(month, (11, 12)) | (rng.random(len(who)) > 1 / 7)
    who, when = who[kept], when[kept]
    size = rng.gamma(3.0, 1 / 3, customers)[who] * rng.gamma(4.0, 8.0, len(who))
    # Who will leave soon buys less each time.
    fading = np.clip((ends[who] - when) / 90, 0.4, 1.0)
    favourite = rng.integers(0, 200, customers)
    product = np.where(rng.random(len(who)) < 0.5, favourite[who], rng.integers(0, 200, len(who)))
    frame = pd.DataFrame(
        {
            "order_id": [f"o{number}" for number in range(len(who))],
            "customer_id": np.char.add("c", who.astype(str)),
            "ordered_at": (
                pd.Timestamp(START) + pd.to_timedelta((when * 86400).astype("int64"), unit="s")
            ).as_unit("us"),
            "amount": np.round(1 + size * fading, 2),
            "product_id": np.char.add("p", product.astype(str)),
            "category": np.where(product % 3 == 0, "Drinks", "Ware"),
            "quantity": 1.0,
        }
    )
    frame = frame.sort_values(["ordered_at", "order_id"], ignore_index=True)
    frame.assign(source_row=frame.index + 1).to_parquet(path)


def used() -> float:
    """CPU seconds of this process and of what it started."""
    return sum(
        one.ru_utime + one.ru_stime
        for one in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def measure(lines: Path, rows: int, folder: Path, at: datetime, budget: float) -> None:
    """Train on about ``rows`` customer-cutoffs, score everybody, print what it took as JSON."""
    from churnkit.config import AnalysisSettings, TournamentSettings
    from churnkit.engines.duckdb_engine import DuckDbEngine
    from churnkit.engines.model_folder import package_of_folder
    from churnkit.engines.order import EngineOrder
    from churnkit.engines.running import score_on_engine
    from churnkit.engines.training import train_on_sample
    from churnkit.services.analyse import history

    warnings.simplefilter("ignore")
    history.MAX_LABELLED_ROWS = 10_000_000
    settings = AnalysisSettings(
        horizon_days=HORIZON_DAYS, tournament=TournamentSettings(budget_seconds=budget)
    )
    known = folder / "known"
    trained = train_on_sample(
        DuckDbEngine, str(lines), customers_for(lines, rows, at), folder / "model", settings, as_of=at
    )
    cpu = used()
    package, _ = package_of_folder(folder / "model")
    score_on_engine(package, EngineOrder("duckdb", str(lines), folder / "scores", as_of=at))
    trained.analysis.scored_rows[["customer_id"]].to_parquet(known)
    print(
        json.dumps(
            {
                "labelled": trained.labelled,
                "customers": trained.drawn.customers,
                "of": trained.drawn.of,
                "model": trained.analysis.model.name,
                "own_log_loss": trained.log_loss,
                "own_error": trained.log_loss_error,
                "cpu": cpu,
                "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
            }
        )
    )


def customers_for(lines: Path, rows: int, at: datetime) -> int:
    """As many as make about ``rows`` customer-cutoffs: a customer has one at each cutoff after their first purchase."""
    import duckdb

    from churnkit.windows import plan_cutoffs

    first, customers = duckdb.execute(
        f"SELECT min(ordered_at), count(DISTINCT customer_id) FROM '{lines}' WHERE ordered_at < ? AND amount > 0",
        [at],
    ).fetchone() or (None, 0)
    plan = plan_cutoffs(first, at, HORIZON_DAYS)
    total = sum(
        (
            duckdb.execute(
                f"SELECT count(DISTINCT customer_id) FROM '{lines}' WHERE ordered_at < ? AND amount > 0",
                [cutoff],
            ).fetchone()
            or (0,)
        )[0]
        for cutoff in plan.labelled
    )
    return max(1, min(customers, round(customers * rows / total)))


def table(lines: Path, folders: dict[int, Path], found: dict[int, dict[str, object]], at: datetime) -> None:
    """Print log losses of who is in no sample."""
    import duckdb
    import numpy as np
    import pandas as pd

    until = at + timedelta(days=HORIZON_DAYS)
    back = duckdb.execute(
        f"SELECT DISTINCT customer_id FROM '{lines}' WHERE ordered_at >= ? AND ordered_at < ? AND amount > 0",
        [at, until],
    ).df()["customer_id"]
    seen = pd.concat([pd.read_parquet(folder / "known")["customer_id"] for folder in folders.values()])
    losses = {}
    for rows, folder in folders.items():
        scores = pd.read_parquet(
            folder / "scores" / "customers", columns=["customer_id", "p_churn", "status"]
        )
        scores = scores[~scores["customer_id"].isin(seen)].set_index("customer_id").sort_index()
        churned = ~scores.index.isin(back)
        p = np.clip(scores["p_churn"].to_numpy(), 1e-15, 1 - 1e-15)
        losses[rows] = pd.Series(-np.log(np.where(churned, p, 1 - p)), index=scores.index)
    largest = losses[max(losses)]
    print(f"customers in no sample: {len(largest):,}, of whom {churned.mean():.1%} left")
    print(
        "asked      customer-cutoffs  customers  log loss  to the largest (se)  own log loss (se)  model  CPU s  peak GB"
    )
    for rows, loss in losses.items():
        one, off = found[rows], loss - largest
        own = "" if one["own_log_loss"] is None else f"{one['own_log_loss']:.4f} ({one['own_error']:.4f})"
        print(
            f"{rows:<10,} {one['labelled']:<17,} {one['customers']:<10,} {loss.mean():<9.4f}"
            f" {off.mean():+.4f} ({off.std() / np.sqrt(len(off)):.4f})      {own:<18} {one['model']:<6}"
            f" {one['cpu']:<6.0f} {one['peak_gb']:.2f}"
        )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", nargs="+", type=int, default=[50_000, 100_000, 200_000, 400_000])
    parser.add_argument("--customers", type=int, default=80_000, help="of the made-up shop")
    parser.add_argument("--lines", type=Path, help="canonical Parquet of a real shop")
    parser.add_argument("--budget-seconds", type=float, default=60.0)
    parser.add_argument("--one", nargs=4, metavar=("LINES", "ROWS", "FOLDER", "AT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        lines, rows, folder, at = options.one
        measure(Path(lines), int(rows), Path(folder), datetime.fromisoformat(at), options.budget_seconds)
        return
    import duckdb

    with TemporaryDirectory(prefix="churnkit-bench-") as temporary:
        lines = options.lines or Path(temporary) / "lines.parquet"
        if not lines.exists():
            generate(lines, options.customers)
        (last,) = duckdb.execute(f"SELECT max(ordered_at) FROM '{lines}'").fetchone() or (None,)
        at = datetime.combine(last.date() - timedelta(days=HORIZON_DAYS - 1), datetime.min.time())
        folders, found = {}, {}
        for rows in options.rows:
            folder = folders[rows] = Path(temporary) / str(rows)
            folder.mkdir()
            command = [sys.executable, __file__, "--budget-seconds", str(options.budget_seconds)]
            command += ["--one", str(lines), str(rows), str(folder), at.isoformat()]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{rows:,} failed: {done.stderr.strip().splitlines()[-1]}", flush=True)
                del folders[rows]
                continue
            found[rows] = json.loads(done.stdout.strip().splitlines()[-1])
            print(f"{rows:,}: {found[rows]}", file=sys.stderr, flush=True)
        table(lines, folders, found, at)


if __name__ == "__main__":
    main()
