"""Years that are hard to tell: python tests/benchmarks/odd_years.py [--data DIR] [--only WORD] [--save CSV]

Made-up shops that were closed for a while, with customers who all come back or of whom some do not, forecast at several
dates after they opened again ("closed" are those that the rule was made on, "other" those that judged it); public data and
samples with half a year taken out of them ("cut"); and subscription shops of several ages. What their customers are said to
bring in 365 days, with the total's 80 % interval, is held against what they brought. The purchase process stands in for a
champion.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
# In the place of this folder, whose coverage.py numba would take for the package of that name.
sys.path[0] = str(REPOSITORY)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from churnkit.ingest import Reading, ingest  # noqa: E402
from tests.benchmarks.held_out_year import HeldOut, held_out, table  # noqa: E402
from tests.benchmarks.simulations.shops import START, Kind, MadeShop  # noqa: E402
from tests.benchmarks.year_value import SHOPS as FILES  # noqa: E402

CLOSED_DAYS, YEAR_DAYS = 183, 365
CUT = (
    "coffee_shop_demo.csv",
    "subscription_demo.csv",
    "ecommerce_demo.csv",
    "apparel.parquet",
    "cdnow_master.txt",
)
"""Shops with a year after a forecast that comes a year and a half after their start or later."""
CUT_SINCE = (60, 150)
SINCE_OPENING = (45, 120, 240)
"""Days from opening again to the forecast."""


@dataclass(frozen=True)
class Case:
    """A shop, and the day of its forecast.

    Attributes
    ----------
    day
        Of the forecast, from the shop's start.
    closed
        First day of the half year without orders; None for none.
    lost
        Share of the customers of before who do not come back when it opens again.
    """

    name: str
    shop: MadeShop
    day: int
    horizon_days: int = 60
    closed: int | None = None
    lost: float = 0.0
    closed_days: int = CLOSED_DAYS

    def orders(self) -> pd.DataFrame:
        """Its export, with the year after the forecast."""
        rows = self.shop.orders()
        day = (rows["order_date"] - START).dt.days
        if self.closed is None:
            return rows
        opened = self.closed + self.closed_days
        before = rows.loc[day < self.closed, "customer_id"].unique()
        gone = before[np.random.default_rng(self.shop.seed).random(len(before)) < self.lost]
        kept = (day < self.closed) | ((day >= opened) & ~rows["customer_id"].isin(gone))
        return rows[kept]


def cases() -> list[Case]:
    """Closures of shops of several kinds and ages, and subscriptions."""
    found = []
    for seed, (years, gap, stay) in enumerate(
        [(1.2, 40.0, 830.0), (1.2, 90.0, 1600.0), (2.2, 40.0, 830.0), (2.2, 60.0, 400.0)], start=100
    ):
        for lost in (0.0, 0.5):
            for since in SINCE_OPENING:
                closed = int(years * YEAR_DAYS)
                day = closed + CLOSED_DAYS + since
                shop = MadeShop(
                    seed, (day + YEAR_DAYS) / 365 + 0.01, 500, kinds=(Kind(gap_days=gap, stay_days=stay),)
                )
                name = f"closed after {years} years, gap {gap:.0f}, {lost:.0%} lost, {since} days ago"
                found.append(Case(name, shop, day, closed=closed, lost=lost))
    for seed, (years, gap, stay, days) in enumerate(
        [
            (1.0, 30.0, 500.0, 60),
            (1.6, 75.0, 1200.0, 120),
            (2.6, 30.0, 1200.0, 183),
            (1.8, 50.0, 600.0, 183),
            (1.3, 50.0, 900.0, 270),
        ],
        start=300,
    ):
        for lost, since in ((0.0, 60), (0.3, 90), (0.0, 150), (0.6, 75)):
            day = int(years * YEAR_DAYS) + days + since
            shop = MadeShop(
                seed, (day + YEAR_DAYS) / 365 + 0.01, 400, kinds=(Kind(gap_days=gap, stay_days=stay),)
            )
            name = f"other, {days} days after {years} years, gap {gap:.0f}, {lost:.0%} lost, {since} days ago"
            closed = int(years * YEAR_DAYS)
            found.append(Case(name, shop, day, closed=closed, lost=lost, closed_days=days))
    for seed, (years, gap, stay, days) in enumerate(
        [
            (1.1, 35.0, 700.0, 90),
            (1.7, 60.0, 1000.0, 150),
            (2.4, 45.0, 500.0, 183),
            (1.4, 80.0, 1400.0, 183),
            (2.0, 40.0, 1000.0, 240),
        ],
        start=400,
    ):
        for lost, since in ((0.0, 240), (0.4, 60), (0.2, 150), (0.5, 300)):
            day = int(years * YEAR_DAYS) + days + since
            shop = MadeShop(
                seed, (day + YEAR_DAYS) / 365 + 0.01, 350, kinds=(Kind(gap_days=gap, stay_days=stay),)
            )
            name = f"fresh, {days} days after {years} years, gap {gap:.0f}, {lost:.0%} lost, {since} days ago"
            closed = int(years * YEAR_DAYS)
            found.append(Case(name, shop, day, closed=closed, lost=lost, closed_days=days))
    for seed, (years, stay, growth) in enumerate(
        [(0.7, 300.0, 0.0), (1.3, 300.0, 0.0), (1.3, 600.0, 0.5), (2.2, 300.0, 0.5), (2.2, 600.0, 0.0)],
        start=200,
    ):
        for many in (120, 500):
            day = int(years * YEAR_DAYS)
            kinds = (Kind(gap_days=30.0, stay_days=stay, order_value=15.0, spread=0.3, regular=True),)
            shop = MadeShop(seed + many, (day + YEAR_DAYS) / 365 + 0.01, many, growth, kinds=kinds)
            found.append(
                Case(f"subscription of {years} years, {many} a year, stay {stay:.0f}", shop, day, 40)
            )
    return found


def cut(name: str, data: Path) -> list[HeldOut]:
    """A shop without the orders of half a year, at dates after it."""
    where = REPOSITORY / "data" / "samples" if name.endswith("_demo.csv") else data
    found = []
    with TemporaryDirectory() as folder:
        ingested = ingest(where / name, Path(folder), Reading())
        columns = ["order_id", "customer_id", "ordered_at", "amount"]
        rows = pd.read_parquet(ingested.transactions)
        rows = rows[[c for c in columns if c in rows]].rename(columns={"ordered_at": "order_date"})
    end = rows["order_date"].max().normalize()
    for since in CUT_SINCE:
        at = end - timedelta(days=YEAR_DAYS - 1)
        opened = at - timedelta(days=since)
        closed = opened - timedelta(days=CLOSED_DAYS)
        if (closed - rows["order_date"].min()).days < CLOSED_DAYS:
            continue
        left = rows[(rows["order_date"] < closed) | (rows["order_date"] >= opened)]
        with TemporaryDirectory() as folder:
            path = Path(folder) / "orders.csv"
            left.to_csv(path, index=False)
            found += held_out(f"cut {name}, {since} days ago", path, FILES[name], [at.to_pydatetime()])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--save", type=Path, help="a CSV of the table")
    default = os.environ.get("CHURNKIT_REAL_DATA", str(REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument(
        "--only", default="", help="how a kind begins: closed, other, fresh, cut, subscription"
    )
    arguments = parser.parse_args()
    found = [one for name in CUT if "cut".startswith(arguments.only) for one in cut(name, arguments.data)]
    for case in (one for one in cases() if one.name.startswith(arguments.only)):
        print(f"… {case.name}", file=sys.stderr, flush=True)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "orders.csv"
            case.orders().to_csv(path, index=False)
            at = (START + timedelta(days=case.day)).to_pydatetime()
            found += held_out(case.name, path, case.horizon_days, [at])
    rows = table(found)
    if arguments.save:
        rows.to_csv(arguments.save, index=False)
    shown = ["shop", "basis", "customers", "forecast", "low", "high", "inside", "repeat"]
    print(rows[shown].round(2).to_string(index=False))
    for kind, part in rows.groupby(rows["shop"].str.extract("^([a-z]+)", expand=False)):
        missed = np.abs(np.log(part["forecast"])).mean(), np.abs(np.log(part["repeat"])).mean()
        print(
            f"{kind}: {len(part)} years, |log total| {missed[0]:.3f}, of repetition {missed[1]:.3f};"
            f" {part['inside'].mean():.0%} of totals inside"
        )


if __name__ == "__main__":
    main()
