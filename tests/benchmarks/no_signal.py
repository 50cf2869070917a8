"""Shops where nothing tells who will leave: python tests/benchmarks/no_signal.py [--data DIR] [--sizes N ...] [--shops N]

Two kinds of them, seeded: customers who all buy at the same pace and never leave ("chance"), and real orders handed out
to customers by lot ("shuffled": a real calendar, real amounts). Each is analysed as the app does at the last date less
the horizon, and held against what came: the log loss beside that of one rate for everybody (the one that came, and
the one of the last finished window, which was known), whether the note is there, and whether anybody has a tier.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
# In the place of this folder, whose coverage.py numba would take for the package of that name.
sys.path[0] = str(REPOSITORY)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from churnkit import metrics  # noqa: E402
from churnkit.config import AnalysisSettings, TournamentSettings  # noqa: E402
from churnkit.ingest import Reading, ingest  # noqa: E402
from churnkit.services.analyse.analysis import Analysis, analyze  # noqa: E402
from tests.benchmarks.simulations.shops import Kind, MadeShop  # noqa: E402

SIZES = (250, 500, 1000, 2500, 5000)
HORIZON_DAYS = 60
ORDERS_EACH = 4.0
KINDS = ("chance", "shuffled")
NOTE = "Nothing in this file tells who will leave"


def chance_shop(customers: int, seed: int) -> pd.DataFrame:
    """Two years in which so many customers arrive, alike in everything but the day."""
    alike = Kind(shape=1e6, gap_days=75.0, stay_days=None)
    return MadeShop(seed, 2.0, customers / 2, kinds=(alike,)).orders()


def shuffled_shop(orders: pd.DataFrame, customers: int, seed: int) -> pd.DataFrame:
    """Four orders a customer out of ``orders``, each handed to one of so many by lot."""
    rng = np.random.default_rng([seed, customers])
    size = min(len(orders), int(ORDERS_EACH * customers))
    drawn = orders.iloc[np.sort(rng.choice(len(orders), size, replace=False))].reset_index(drop=True)
    return drawn.assign(customer_id=[f"C{n:05d}" for n in rng.integers(customers, size=size)])


def real_orders(path: Path) -> pd.DataFrame:
    """``order_id``, ``order_date``, ``amount`` of a real shop's orders, in the order of time."""
    with TemporaryDirectory() as folder:
        rows = pd.read_parquet(ingest(path, Path(folder), Reading()).transactions)
    bought = rows[rows["amount"] > 0]
    orders = bought.groupby("order_id").agg(order_date=("ordered_at", "min"), amount=("amount", "sum"))
    return orders.sort_values(["order_date"], kind="stable").reset_index()


def measured(kind: str, customers: int, orders: pd.DataFrame) -> dict[str, object]:
    """One shop, frozen a horizon before its end."""
    scoring = orders["order_date"].max().normalize() - pd.Timedelta(days=HORIZON_DAYS)
    settings = AnalysisSettings(horizon_days=HORIZON_DAYS, tournament=TournamentSettings(jobs=1))
    started = cpu_seconds()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        orders[orders["order_date"] < scoring].to_csv(path, index=False)
        analysis = analyze(path, Path(folder) / "work", settings=settings)
    seconds = cpu_seconds() - started
    buyers = set(orders.loc[orders["order_date"] >= pd.Timestamp(analysis.plan.scoring), "customer_id"])
    churned = (~analysis.customers["customer_id"].isin(buyers)).to_numpy(dtype=float)
    p = analysis.customers["p_churn"].to_numpy(dtype=float)
    loss = metrics.log_loss(churned, p)
    return {
        "kind": kind,
        "customers": customers,
        "over_came": loss - _of_one_rate(churned, float(churned.mean())),
        "over_known": loss - _of_one_rate(churned, last_known_rate(analysis)),
        "note": any(note.startswith(NOTE) for note in analysis.notes),
        "tiers": bool(analysis.customers["risk_tier"].notna().any()),
        "method": analysis.method,
        "spread": float(p.std()),
        "level": float(p.mean() - churned.mean()),
        "seconds": seconds,
    }


def last_known_rate(analysis: Analysis) -> float:
    """Share that left in the last window that was over at the scoring date."""
    panel = analysis.panel[analysis.panel["churned"].notna()]
    return float(panel.loc[panel["cutoff"] == panel["cutoff"].max(), "churned"].mean())


def _of_one_rate(churned: np.ndarray, rate: float) -> float:
    return metrics.log_loss(churned, np.full(len(churned), rate))


def cpu_seconds() -> float:
    """Of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Means by kind and size, and the share of shops with the note and with tiers."""
    return (
        rows.groupby(["kind", "customers"], sort=False)
        .agg(
            shops=("note", "size"),
            over_came=("over_came", "mean"),
            over_known=("over_known", "mean"),
            error=("over_known", "sem"),
            note=("note", "mean"),
            tiers=("tiers", "mean"),
            level=("level", lambda miss: miss.abs().mean()),
            seconds=("seconds", "mean"),
        )
        .reset_index()
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = os.environ.get("CHURNKIT_REAL_DATA", str(REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    parser.add_argument("--shops", type=int, default=10, help="of each kind and size")
    parser.add_argument("--save", type=Path, help="a CSV of the single shops")
    arguments = parser.parse_args()
    real = real_orders(arguments.data / "online_retail.parquet") if "shuffled" in arguments.kinds else None
    rows = []
    for kind in arguments.kinds:
        for size in arguments.sizes:
            for seed in range(arguments.shops):
                orders = (
                    chance_shop(size, seed)
                    if real is None or kind == "chance"
                    else shuffled_shop(real, size, seed)
                )
                rows.append({"seed": seed, **measured(kind, size, orders)})
                print(rows[-1], file=sys.stderr, flush=True)
    found = pd.DataFrame(rows)
    if arguments.save:
        found.to_csv(arguments.save, index=False)
    print(table(found).round(4).to_string(index=False))


if __name__ == "__main__":
    main()
