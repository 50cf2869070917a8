"""What an order is worth, with and without the spread of one customer's orders: python tests/benchmarks/order_values.py

Cells of the bench (``quality.py``) at past dates, the last two windows left out. Expected spend of each date is forecast
twice with the same probabilities (a logistic regression's, for speed): by a Gamma-Gamma whose shape is seen in
customers' own orders, and by one that is fitted to means alone. Printed by data set: Tweedie deviance (power 1.5) and mean
absolute error of the first over the second, as logarithms, the difference in |log(total / actual)| and in the share of
actual spend of the fifth with the highest forecast, and forecast over actual of newcomers (known for less than half a
horizon) with the largest tenth of baskets. Two minutes on one core once the cells are built.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
# In the place of this folder, whose coverage.py numba would take for the package of that name.
sys.path[0] = str(REPOSITORY)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

from churnkit.clv.spend import SpendPast, fit_value_model, tweedie_deviance  # noqa: E402
from churnkit.features.purchase_process import PURCHASE_PROCESS_COLUMNS, add_purchase_process  # noqa: E402
from churnkit.features.scaling import linear_pipeline  # noqa: E402
from tests.benchmarks.bench.cells import CELLS, Cell, Kept, Opened, open_cell  # noqa: E402

MOST_DATES, MOST_WINDOWS, FEWEST_ROWS = 4, 6, 100
_CHURN_COLUMNS = (
    "recency_days",
    "tenure_days",
    "order_count",
    "overdue_ratio",
    "btyd_p_no_purchase",
    "orders_90d",
    "orders_decay_90d",
    "gap_mean_days",
    "spend_decay_90d",
    "months_active",
    "p_alive",
)


class Windows:
    """The labelled cutoffs of a panel, and what was known at each."""

    def __init__(self, panel: pd.DataFrame, horizon: timedelta) -> None:
        labelled = panel[panel["spend_next"].notna()]
        self._rows: dict[pd.Timestamp, pd.DataFrame] = {
            cutoff: labelled[labelled["cutoff"] == cutoff].reset_index(drop=True)
            for cutoff in map(pd.Timestamp, labelled["cutoff"].unique())
        }
        self._horizon = horizon

    def known(self, cutoff: pd.Timestamp) -> list[pd.Timestamp]:
        """Cutoffs whose windows were over by then, ascending."""
        return [one for one in sorted(self._rows) if one + self._horizon <= cutoff]

    def dates(self, end: pd.Timestamp) -> list[pd.Timestamp]:
        """Dates to forecast from, spread evenly: three horizons before the end at the latest, two windows known."""
        latest = end - 3 * self._horizon + timedelta(days=1)
        found = [one for one in sorted(self._rows) if one <= latest and len(self.known(one)) > 1]
        most = min(MOST_DATES, len(found))
        return [found[round(k * (len(found) - 1) / max(1, most - 1))] for k in range(most)]

    def forecast(self, cutoff: pd.Timestamp) -> tuple[pd.DataFrame, np.ndarray]:
        """Rows of the date, and expected spend as an analysis of that day would have it, shape (n,)."""
        past = [
            SpendPast(one, self._rows[one], self._p_churn(one), self._train(one))
            for one in self.known(cutoff)[-MOST_WINDOWS:]
            if self.known(one) and len(self._train(one)) >= FEWEST_ROWS
        ]
        rows = self._rows[cutoff]
        return rows, fit_value_model(self._train(cutoff), past).expected_spend(rows, self._p_churn(cutoff))

    def _train(self, cutoff: pd.Timestamp) -> pd.DataFrame:
        return pd.concat([self._rows[one] for one in self.known(cutoff)], ignore_index=True)

    def _p_churn(self, cutoff: pd.Timestamp) -> np.ndarray:
        train, columns = self._train(cutoff), list(_CHURN_COLUMNS)
        if train["churned"].nunique() == 1:
            return np.full(len(self._rows[cutoff]), float(train["churned"].iloc[0]))
        model = linear_pipeline(LogisticRegression(C=0.1, max_iter=500))
        model.fit(train[columns].to_numpy(dtype=float), train["churned"].astype(int))
        p: np.ndarray = model.predict_proba(self._rows[cutoff][columns].to_numpy(dtype=float))[:, 1]
        return p


def refitted(opened: Opened, *, sees_orders: bool) -> pd.DataFrame:
    """The panel with its purchase process fitted anew, with the spread of own orders or without."""
    panel = opened.panel.drop(columns=list(PURCHASE_PROCESS_COLUMNS))
    known = panel if sees_orders else panel.drop(columns="order_value_std")
    described = add_purchase_process(known, opened.cell.horizon_days)
    return panel.join(described[list(PURCHASE_PROCESS_COLUMNS)])


def compared(cell: Cell, data: Path, cache: Kept) -> Iterator[dict[str, object]]:
    """One row for each date."""
    opened = open_cell(cell, data, cache)
    horizon = timedelta(days=cell.horizon_days)
    with_orders, with_means = (Windows(refitted(opened, sees_orders=sees), horizon) for sees in (True, False))
    for cutoff in with_means.dates(pd.Timestamp(opened.end)):
        rows, now = with_orders.forecast(cutoff)
        _, before = with_means.forecast(cutoff)
        actual = rows["spend_next"].to_numpy(dtype=float)
        large = rows["monetary_mean"].rank(pct=True) >= 0.9
        new = ((rows["tenure_days"] <= cell.horizon_days / 2) & large).to_numpy()
        yield {
            "data": cell.data_set,
            "cell": cell.name,
            "real": cell.is_real,
            "deviance": np.log(tweedie_deviance(actual, now) / tweedie_deviance(actual, before)),
            "mae": np.log(np.abs(actual - now).mean() / np.abs(actual - before).mean()),
            "total": abs(np.log(now.sum() / actual.sum())) - abs(np.log(before.sum() / actual.sum())),
            "top": _top(actual, now) - _top(actual, before),
            "new": now[new].sum(),
            "new_before": before[new].sum(),
            "new_actual": actual[new].sum(),
        }


def _top(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Share of actual spend of the fifth with the highest forecast."""
    best = np.argsort(-forecast, kind="stable")[: len(forecast) // 5]
    return float(actual[best].sum() / actual.sum())


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "churnkit-bench")
    parser.add_argument("--cells", nargs="+", help="beginnings of names")
    parser.add_argument("--stale", action="store_true", help="take cells that an older program built")
    options = parser.parse_args()
    cells = [cell for cell in CELLS if not options.cells or cell.name.startswith(tuple(options.cells))]
    cache = Kept(options.cache, options.stale)
    results = pd.DataFrame([row for cell in cells for row in compared(cell, options.data, cache)])
    measures = ["deviance", "mae", "total", "top"]
    sets = results.groupby("data")[[*measures, "real"]].mean()
    sums = results.groupby("data")[["new", "new_before", "new_actual"]].sum()
    sets["newcomers"] = sums["new"] / sums["new_actual"]
    sets["newcomers_before"] = sums["new_before"] / sums["new_actual"]
    print(sets.round(4).to_string())
    for who, some in (("all", sets), ("real", sets[sets["real"] > 0])):
        error = some[measures].std() / np.sqrt(len(some))
        told = (f"{name} {some[name].mean():+.4f} ± {error[name]:.4f}" for name in measures)
        print(f"{who} ({len(some)} data sets): {', '.join(told)}")
    by_cell = results.groupby("cell")["deviance"].mean()
    print(f"{(by_cell < 0).sum()} of {len(by_cell)} cells have less deviance, {(by_cell > 0).sum()} more")


if __name__ == "__main__":
    main()
