"""A year held out, wherever there is one: python tests/benchmarks/held_out_year.py [--data DIR] [--shops NAME ...]

Public data, the samples and made-up shops are cut at earlier dates, half a year apart; what their customers are then
said to bring in 365 days is held against what they brought, beside repeating what each brought in the 365 days before. The
purchase process stands in for a champion. A shop's latest date is marked: rules are decided on the others.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

import ibis  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from churnkit.clv import YEAR_DAYS, known_then  # noqa: E402
from churnkit.config import Money  # noqa: E402
from churnkit.errors import ChurnkitError  # noqa: E402
from churnkit.ingest import Reading, ingest  # noqa: E402
from churnkit.ingest.engine import connect  # noqa: E402
from churnkit.services.analyse.history import build_panel, open_history, plan_for  # noqa: E402
from churnkit.services.analyse.year import year_of  # noqa: E402
from tests.benchmarks.simulations.shops import SHOPS as MADE  # noqa: E402
from tests.benchmarks.year_value import SHOPS as FILES  # noqa: E402

STEP_DAYS, MOST_DATES, LEAST_HISTORY_DAYS = 182, 5, 180
MADE_HORIZON_DAYS = 60


@dataclass(frozen=True)
class HeldOut:
    """Customers of a shop at an earlier date; arrays of shape (n,), money.

    Attributes
    ----------
    said, repeated, came
        The forecast of 365 days, the net spend of the 365 days before, and that of the 365 days after.
    low, high
        80 % interval of the total.
    """

    shop: str
    when: datetime
    latest: bool
    basis: str
    said: np.ndarray
    repeated: np.ndarray
    came: np.ndarray
    low: float
    high: float

    def row(self) -> dict[str, object]:
        """For the table: totals over what came, and mean absolute errors."""
        total = float(self.came.sum())
        return {
            "shop": self.shop,
            "date": f"{self.when:%Y-%m-%d}",
            "latest": self.latest,
            "basis": self.basis,
            "customers": len(self.came),
            "forecast": float(self.said.sum()) / total,
            "low": self.low / total,
            "high": self.high / total,
            "inside": self.low <= total <= self.high,
            "repeat": float(self.repeated.sum()) / total,
            "mae": float(np.abs(self.came - self.said).mean()),
            "mae_repeat": float(np.abs(self.came - self.repeated).mean()),
        }


def dates_of(first: datetime, end: datetime) -> list[datetime]:
    """At most five, ascending, with half a year of history before each and a whole year after it."""
    found = [end - timedelta(days=YEAR_DAYS + k * STEP_DAYS) for k in range(MOST_DATES)]
    return sorted(when for when in found if (when - first).days >= LEAST_HISTORY_DAYS)


def held_out(
    shop: str, export: Path, horizon_days: int, at: Sequence[datetime] | None = None
) -> list[HeldOut]:
    """The shop at each of its dates, or at those that are given."""
    found = []
    with TemporaryDirectory() as folder:
        ingested = ingest(export, Path(folder), Reading())
        rows = pd.read_parquet(ingested.transactions, columns=["customer_id", "ordered_at", "amount"])
        end = rows["ordered_at"].max().normalize().to_pydatetime() + timedelta(days=1)
        dates = dates_of(rows["ordered_at"].min().to_pydatetime(), end) if at is None else list(at)
        for when in dates:
            with connect(Path(folder)) as connection:
                backend = ibis.duckdb.from_connection(connection)
                table = backend.read_parquet(ingested.transactions)
                history = open_history(backend, table, when, has_time=ingested.has_time)
                plan = plan_for(history, horizon_days)
                panel = build_panel(history, plan, seed=1).panel
                today = known_then(panel, plan, plan.scoring)
                ordered = pd.concat([panel[panel["cutoff"] != plan.scoring], today.rows], ignore_index=True)
                model = year_of(history, ordered, plan, {}, today.p_churn, today.spend_if_buying)
            said = model.values(today.rows, today.p_churn, today.spend_if_buying, Money(margin=1.0)).clv
            year = timedelta(days=YEAR_DAYS)
            before = _spent(rows, today.rows["customer_id"], when - year, when)
            came = _spent(rows, today.rows["customer_id"], when, when + year)
            span = model.forecast.total_low, model.forecast.total_high
            found.append(HeldOut(shop, when, when == dates[-1], model.basis, said, before, came, *span))
    return found


def _spent(rows: pd.DataFrame, customers: pd.Series, start: datetime, end: datetime) -> np.ndarray:
    inside = rows[(rows["ordered_at"] >= start) & (rows["ordered_at"] < end)]
    sums = inside.groupby("customer_id")["amount"].sum()
    return customers.map(sums).fillna(0.0).to_numpy(dtype=float)


def table(found: list[HeldOut]) -> pd.DataFrame:
    """One row a date; ``worse`` where repetition was nearer: in MAE, in total, in both."""
    rows = pd.DataFrame([one.row() for one in found])
    in_mae = rows["mae"] > rows["mae_repeat"]
    in_total = np.abs(np.log(rows["forecast"])) > np.abs(np.log(rows["repeat"]))
    rows["worse"] = np.select([in_mae & in_total, in_mae, in_total], ["both", "MAE", "total"], "")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = os.environ.get("CHURNKIT_REAL_DATA", str(REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--shops", nargs="*", default=[*FILES, *MADE])
    parser.add_argument("--save", type=Path, help="a CSV of the table")
    arguments = parser.parse_args()
    found: list[HeldOut] = []
    for name in arguments.shops:
        print(f"… {name}", file=sys.stderr, flush=True)
        try:
            found += _of(name, arguments.data)
        except ChurnkitError as error:
            print(f"{name}: {error.message}", file=sys.stderr)
    rows = table(found)
    if arguments.save:
        rows.to_csv(arguments.save, index=False)
    print(rows.round(3).to_string(index=False))
    for latest, part in rows.groupby("latest"):
        misses = np.abs(np.log(part[["forecast", "repeat"]])).mean()
        ratio = float((part["mae"] / part["mae_repeat"]).map(math.log).mean())
        worse = part["worse"].value_counts().to_dict()
        print(
            f"latest={latest}: {len(part)} dates, |log total| {misses['forecast']:.3f}, of repetition"
            f" {misses['repeat']:.3f};"
            f" MAE over that of repetition {math.exp(ratio):.3f}; worse {worse};"
            f" {part['inside'].mean():.0%} of totals inside"
        )


def _of(name: str, data: Path) -> list[HeldOut]:
    if name in MADE:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.csv"
            MADE[name].orders().to_csv(path, index=False)
            return held_out(name, path, MADE_HORIZON_DAYS)
    where = REPOSITORY / "data" / "samples" if name.endswith("_demo.csv") else data
    return held_out(name, where / name, FILES[name])


if __name__ == "__main__":
    main()
