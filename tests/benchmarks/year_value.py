"""The value of a year against what came: python tests/benchmarks/year_value.py [--data DIR] [--shops NAME ...]

Each shop is read to its end, its year is learned as an analysis learns it, and the backtests are printed beside two
rivals on the same customers: repeating the net spend of as many days before, and stretching the forecast of the horizon
along the purchase process. The purchase process stands in for a champion, so that no tournament is played.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

import ibis  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from churnkit.clv import YEAR_DAYS, KnownThen, YearModel, fit_value_model, known_then  # noqa: E402
from churnkit.clv.year.model import stretch_values  # noqa: E402
from churnkit.config import Money  # noqa: E402
from churnkit.features.purchase_process import fit_process, histories  # noqa: E402
from churnkit.ingest import Reading, ingest  # noqa: E402
from churnkit.ingest.engine import connect  # noqa: E402
from churnkit.results.year_forecast import YearBacktest  # noqa: E402
from churnkit.services.analyse.history import History, build_panel, open_history, plan_for  # noqa: E402
from churnkit.services.analyse.year import year_of  # noqa: E402
from churnkit.windows import CutoffPlan  # noqa: E402

# Horizons that an analysis proposed for these shops, or half a year for the slowest.
SHOPS = {
    "coffee_shop_demo.csv": 60,
    "subscription_demo.csv": 40,
    "ecommerce_demo.csv": 95,
    "online_retail.parquet": 85,
    "cdnow_master.txt": 90,
    "grocery.parquet": 60,
    "apparel.parquet": 180,
}


def stretched(panel: pd.DataFrame, plan: CutoffPlan, then: KnownThen, days: int) -> np.ndarray:
    """The rival: expected spend of the horizon times the process's orders of ``days`` over those of the horizon."""
    train = panel[panel["cutoff"].isin(plan.known_before(then.cutoff)) & panel["churned"].notna()]
    spend = fit_value_model(train, []).expected_spend(then.rows, then.p_churn)
    process = fit_process(then.rows)
    if process is None:
        return spend * days / plan.horizon_days
    known = histories(then.rows)
    within = np.maximum(process.expected_orders(plan.horizon_days, *known), 1e-12)
    return spend * np.clip(process.expected_orders(days, *known) / within, 0.0, 40.0)


def net_after(transactions: pd.DataFrame, then: KnownThen, days: int) -> np.ndarray:
    """Net spend of the customers of a cutoff in the days after it, counted apart from the package."""
    at = transactions["ordered_at"]
    inside = transactions[(at >= then.cutoff) & (at < then.cutoff + timedelta(days=days))]
    sums = inside.groupby("customer_id")["amount"].sum()
    return then.rows["customer_id"].map(sums).fillna(0.0).to_numpy(dtype=float)


def backtest_row(
    shop: str,
    test: YearBacktest,
    then: KnownThen,
    transactions: pd.DataFrame,
    panel: pd.DataFrame,
    plan: CutoffPlan,
) -> dict[str, object]:
    actual = net_after(transactions, then, test.days)
    assert abs(actual.sum() - test.actual) < 1e-6 * abs(actual).sum() + 0.01, "two ways of counting what came"
    rival = stretched(panel, plan, then, test.days)
    return {
        "shop": shop,
        "cutoff": f"{test.cutoff:%Y-%m-%d}",
        "days": test.days,
        "basis": test.basis,
        "customers": test.customers,
        "forecast": round(test.forecast),
        "actual": round(test.actual),
        "ratio": round(test.ratio, 2),
        "repeat": round(test.total_repeat / test.actual, 2),
        "stretch": round(float(rival.sum()) / test.actual, 2),
        "mae": round(test.mae, 2),
        "mae_repeat": round(test.mae_repeat, 2),
        "mae_stretch": round(float(np.abs(actual - rival).mean()), 2),
        "inside": round(test.inside, 3),
    }


def today_row(shop: str, model: YearModel, rows: pd.DataFrame, p: np.ndarray, spend: np.ndarray, last: float):
    """The forecast beside last year's revenue, and the customer who is worth most against what he brought."""
    year = model.values(rows, p, spend, Money())
    net = rows["monetary_total"].to_numpy(dtype=float)
    kept, lost = stretch_values(model.forecast.rule, rows, p, spend)
    forecast = model.forecast
    return {
        "shop": shop,
        "basis": model.basis,
        "learned_days": forecast.learned_days,
        "total": round(forecast.total),
        "low": round(forecast.total_low),
        "high": round(forecast.total_high),
        "last_365": round(last),
        "old": None,
        "kept": round(float(kept.mean()), 2),
        "lost": round(float(lost.mean()), 2),
        "most clv": round(float(year.clv.max())),
        "most clv, net <= 0": round(float(year.clv[net <= 0].max()), 2) if (net <= 0).any() else None,
        "clv/net, 99.9 %": round(float(np.quantile(year.clv[net > 0] / net[net > 0], 0.999)), 1),
    }


def run(path: Path, horizon_days: int) -> tuple[dict[str, object], list[dict[str, object]]]:
    with TemporaryDirectory() as folder, connect(Path(folder)) as connection:
        ingested = ingest(path, Path(folder), Reading())
        backend = ibis.duckdb.from_connection(connection)
        table = backend.read_parquet(ingested.transactions)
        history = open_history(backend, table, None, has_time=ingested.has_time)
        plan = plan_for(history, horizon_days)
        panel = build_panel(history, plan, seed=1).panel
        transactions = pd.read_parquet(ingested.transactions)
        return measured(path.stem, history, plan, panel, transactions)


def measured(
    shop: str, history: History, plan: CutoffPlan, panel: pd.DataFrame, transactions: pd.DataFrame
) -> tuple[dict[str, object], list[dict[str, object]]]:
    today = known_then(panel, plan, plan.scoring)
    ordered = pd.concat([panel[panel["cutoff"] != plan.scoring], today.rows], ignore_index=True)
    started = time.perf_counter()
    model = year_of(history, ordered, plan, {}, today.p_churn, today.spend_if_buying)
    seconds = time.perf_counter() - started
    since = plan.scoring - timedelta(days=YEAR_DAYS)
    last = float(transactions.loc[transactions["ordered_at"] >= since, "amount"].sum())
    row = today_row(shop, model, today.rows, today.p_churn, today.spend_if_buying, last)
    row["old"] = round(float(stretched(panel, plan, today, YEAR_DAYS).sum()))
    row["seconds"] = round(seconds, 1)
    tests = [
        backtest_row(shop, test, known_then(panel, plan, test.cutoff), transactions, panel, plan)
        for test in model.backtests
    ]
    return row, tests


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("CHURNKIT_REAL_DATA", str(REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--shops", nargs="*", default=list(SHOPS))
    arguments = parser.parse_args()
    rows, tests = [], []
    for name in arguments.shops:
        folder = REPOSITORY / "data" / "samples" if name.endswith("_demo.csv") else arguments.data
        if not (folder / name).exists():
            print(f"{name}: not there, see the README of the data folder")
            continue
        row, found = run(folder / name, SHOPS[name])
        rows.append(row)
        tests += found
    print(pd.DataFrame(rows).to_string(index=False))
    print(pd.DataFrame(tests).to_string(index=False))


if __name__ == "__main__":
    main()
