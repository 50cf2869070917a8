"""The year of histories of weeks: python tests/benchmarks/short_histories.py [--data DIR] [--shops NAME ...]

Public data and the samples are cut to a few weeks, early and late in their history; what the customers of these weeks are
then said to bring in 365 days is held against what they brought, beside carrying the pace of the weeks on to a year.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
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
from churnkit.ingest import Reading, ingest  # noqa: E402
from churnkit.ingest.engine import connect  # noqa: E402
from churnkit.services.analyse.history import build_panel, open_history, plan_for  # noqa: E402
from churnkit.services.analyse.year import year_of  # noqa: E402
from tests.benchmarks.year_value import SHOPS  # noqa: E402

WEEKS_DAYS = (12, 20, 30, 45, 60, 90)
# The public retailer's file is nine days short of a year after its first two weeks.
SLACK_DAYS = 40


def windows(first: datetime, end: datetime, days: int) -> list[datetime]:
    """Where a stretch of so many days begins that a year follows: a third of the way and as late as can be."""
    last = end - timedelta(days=YEAR_DAYS + days)
    if last <= first:
        return [first] if (first - last).days <= SLACK_DAYS else []
    return [first + (last - first) / 3, last]


def misses(shop: str, export: Path) -> Iterator[dict[str, object]]:
    """The logs of forecast and pace over what came, for each stretch of a shop."""
    with TemporaryDirectory() as folder:
        ingested = ingest(export, Path(folder), Reading())
        rows = pd.read_parquet(ingested.transactions, columns=["customer_id", "ordered_at", "amount"])
        first, end = rows["ordered_at"].min().to_pydatetime(), rows["ordered_at"].max().to_pydatetime()
        for days in WEEKS_DAYS:
            for start in windows(first, end, days):
                when = start + timedelta(days=days)
                cut = Path(folder) / "cut.parquet"
                with connect(Path(folder)) as connection:
                    connection.execute(
                        f"COPY (FROM '{ingested.transactions}' WHERE ordered_at >= ?::TIMESTAMP AND ordered_at <"
                        f" ?::TIMESTAMP) TO '{cut}' (FORMAT parquet)",
                        [start, when],
                    )
                    backend = ibis.duckdb.from_connection(connection)
                    history = open_history(
                        backend, backend.read_parquet(cut), when, has_time=ingested.has_time
                    )
                    plan = plan_for(history, max(3, days // 3))
                    panel = build_panel(history, plan, seed=1).panel
                    today = known_then(panel, plan, plan.scoring)
                    model = year_of(history, panel, plan, {}, today.p_churn, today.spend_if_buying)
                known = rows["customer_id"].isin(today.rows["customer_id"])
                later = (rows["ordered_at"] >= when) & (rows["ordered_at"] < when + timedelta(days=YEAR_DAYS))
                came = float(rows.loc[known & later, "amount"].sum())
                pace = float(today.rows["monetary_total"].sum()) * YEAR_DAYS / days
                total, spread = model.forecast.total, model.forecast.rule.spread
                if came > 0 < total:
                    yield {
                        "shop": shop,
                        "days": days,
                        "from": f"{start:%Y-%m-%d}",
                        "learned": bool(model.forecast.learned_at),
                        "forecast": np.log(total / came),
                        "pace": np.log(pace / came),
                        "inside": abs(np.log(total / came)) <= 1.2816 * spread,
                    }


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = os.environ.get("CHURNKIT_REAL_DATA", str(REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--shops", nargs="*", default=list(SHOPS))
    arguments = parser.parse_args()
    found: list[dict[str, object]] = []
    for name in arguments.shops:
        where = REPOSITORY / "data" / "samples" if name.endswith("_demo.csv") else arguments.data
        found += misses(name, where / name)
    table = pd.DataFrame(found)
    print(table.round(2).to_string(index=False))
    groups = table.assign(forecast=table["forecast"].abs(), pace=table["pace"].abs()).groupby(
        ["learned", "days"]
    )
    print(groups[["forecast", "pace", "inside"]].mean().assign(stretches=groups.size()).round(2).to_string())


if __name__ == "__main__":
    main()
