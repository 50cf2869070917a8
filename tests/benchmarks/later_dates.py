"""A model that scores later dates: python tests/benchmarks/later_dates.py [--data DIR] [--shops NAME ...]

Public data and made-up shops are analysed at earlier dates, and the model then scores the orders up to half a horizon, one
and two horizons later, as a refresh does: with the level of that date, and with that of the day it was trained. Each is
held against what came: log loss, |mean p - rate| and |log(expected spend / actual)| of all customers.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
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

from churnkit import metrics  # noqa: E402
from churnkit.config import AnalysisSettings, TournamentSettings  # noqa: E402
from churnkit.ingest import Reading, ingest  # noqa: E402
from churnkit.services.analyse.analysis import analyze  # noqa: E402
from churnkit.services.score.newer_file import score_newer  # noqa: E402
from churnkit.services.score.scorer import Scorer, scorer_of  # noqa: E402
from tests.benchmarks.simulations.shops import SHOPS as MADE  # noqa: E402

AGES = (0.5, 1.0, 2.0)
"""Of a model when it scores, in horizons."""
SHOPS = {
    "online_retail.parquet": 60,
    "cdnow_master.txt": 90,
    "grocery.parquet": 30,
    "apparel.parquet": 180,
    "season": 60,
    "appeals": 90,
    "growth": 60,
    "kinds": 60,
}
DATES_APART_DAYS = 150


def lines_of(name: str, data: Path) -> pd.DataFrame:
    """``order_id, customer_id, order_date, amount`` of a shop, in the order of time."""
    if name in MADE:
        return MADE[name].orders().sort_values("order_date", kind="stable")
    with TemporaryDirectory() as folder:
        rows = pd.read_parquet(ingest(data / name, Path(folder), Reading()).transactions)
    rows = rows.rename(columns={"ordered_at": "order_date"})
    kept: pd.DataFrame = rows[["order_id", "customer_id", "order_date", "amount"]]
    return kept.sort_values("order_date", kind="stable")


def at_training(scorer: Scorer) -> Scorer:
    """The same without what it takes to move: the level of the day it was trained, its season near that day alone."""
    return replace(scorer, learned=replace(scorer.learned, levels=None))


def measured(shop: str, lines: pd.DataFrame, horizon: int, trained: pd.Timestamp) -> list[dict[str, object]]:
    """Rows of one model: each age, scored both ways."""
    settings = AnalysisSettings(horizon_days=horizon, tournament=TournamentSettings(jobs=1))
    found = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "then.csv"
        lines[lines["order_date"] < trained].to_csv(path, index=False)
        analysis = analyze(path, Path(folder) / "work", Reading(as_of=trained.to_pydatetime()), settings)
        scorer = scorer_of(analysis)
        for age in AGES:
            now = trained + timedelta(days=round(age * horizon))
            came = lines[(lines["order_date"] >= now) & (lines["order_date"] < now + timedelta(days=horizon))]
            spent = came.groupby("customer_id")["amount"].sum()
            bought = set(came.loc[came["amount"] > 0, "customer_id"].astype(str))
            path = Path(folder) / "now.csv"
            lines[lines["order_date"] < now].to_csv(path, index=False)
            for level, one in (("training", at_training(scorer)), ("own date", scorer)):
                asked = Reading(as_of=now.to_pydatetime())
                scored = score_newer(path, Path(folder) / f"{age}-{level}", one, asked).customers
                ids = scored["customer_id"].astype(str)
                churned = (~ids.isin(bought)).to_numpy(dtype=float)
                p = scored["p_churn"].to_numpy(dtype=float)
                total = float(spent.rename(index=str).reindex(ids).fillna(0.0).sum())
                found.append(
                    {
                        "shop": shop,
                        "trained": f"{trained:%Y-%m-%d}",
                        "age": age,
                        "level": level,
                        "champion": analysis.model.name,
                        "log_loss": metrics.log_loss(churned, p),
                        "off": abs(float(p.mean() - churned.mean())),
                        "spend": abs(float(np.log(scored["expected_spend"].sum() / total))),
                    }
                )
                print(found[-1], file=sys.stderr, flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = os.environ.get("CHURNKIT_REAL_DATA", str(REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--shops", nargs="*", default=list(SHOPS), choices=list(SHOPS))
    parser.add_argument("--dates", type=int, default=2, help="training dates a shop")
    parser.add_argument("--save", type=Path, help="a CSV of the single scorings")
    arguments = parser.parse_args()
    rows = []
    for shop in arguments.shops:
        lines, horizon = lines_of(shop, arguments.data), SHOPS[shop]
        end = lines["order_date"].max().normalize()
        for number in range(arguments.dates):
            trained = end - timedelta(days=3 * horizon + number * DATES_APART_DAYS)
            if (trained - lines["order_date"].min()).days >= 3 * horizon:
                rows += measured(shop, lines, horizon, trained)
    found = pd.DataFrame(rows)
    if arguments.save:
        found.to_csv(arguments.save, index=False)
    measures = ["log_loss", "off", "spend"]
    for by in (["shop"], ["age"]):
        print(found.groupby([*by, "level"], sort=False)[measures].mean().round(4).to_string(), "\n")
    print(found.groupby(["shop", "level"])[measures].mean().groupby("level").mean().round(4).to_string())


if __name__ == "__main__":
    main()
