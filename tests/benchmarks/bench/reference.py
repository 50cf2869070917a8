"""The reference stack: LightGBM and logistic regression on stacked cutoffs of its own columns, averaged in log-odds.

Small trees and a strong penalty .4 each, the purchase process .2; the level moves by four fifths of what the stack missed
in the last window. Spend is the mean of a Tweedie booster, of a two-part model and of the process. Written to measure
against, not to win.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import lightgbm
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression, Ridge

from churnkit.features.column_names import SEASON_COLUMNS, feature_columns
from churnkit.tournament.margins import shift_to_mean, to_logit, to_probability
from tests.benchmarks.bench.engine import Said
from tests.benchmarks.bench.freezing import Frozen
from tests.benchmarks.bench.reference_columns import FAMILIES, PROCESS_COLUMNS, PurchaseDays

CUTOFFS = 8
ROWS = 40_000
SEEDS = 3
LEVEL_SHARE = 0.8


class _Linear:
    """Signed logarithms, standardised and clipped at four deviations; flags where values are missing."""

    def fit(self, table: np.ndarray, outcome: np.ndarray, model: LogisticRegression | Ridge) -> _Linear:
        logs = self._logs(table)
        self.mean, self.deviation = np.nanmean(logs, axis=0), np.nanstd(logs, axis=0) + 1e-6
        self.missing = np.isnan(logs).any(axis=0)
        self.model = model.fit(self._matrix(table), outcome)
        return self

    def margin(self, table: np.ndarray) -> np.ndarray:
        return self.model.decision_function(self._matrix(table))

    def value(self, table: np.ndarray) -> np.ndarray:
        return self.model.predict(self._matrix(table))

    def _matrix(self, table: np.ndarray) -> np.ndarray:
        standard = np.clip((self._logs(table) - self.mean) / self.deviation, -4, 4)
        return np.column_stack([np.nan_to_num(standard), np.isnan(table)[:, self.missing]])

    @staticmethod
    def _logs(table: np.ndarray) -> np.ndarray:
        return np.sign(table) * np.log1p(np.abs(table))


def _boosted(
    table: np.ndarray, outcome: np.ndarray, objective: str, seed: int, **more: object
) -> lightgbm.Booster:
    parameters = {
        "objective": objective,
        "num_leaves": 6,
        "learning_rate": 0.04,
        "min_child_samples": 40,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "verbose": -1,
        "num_threads": 1,
        "seed": seed,
        **more,
    }
    return lightgbm.train(parameters, lightgbm.Dataset(table, outcome), 200)


ColumnsAt = Callable[[pd.DataFrame, datetime], pd.DataFrame]
"""Panel rows of a cutoff, and the cutoff -> columns for the stack, in the order of the rows."""


def reference(frozen: Frozen) -> Said:
    """What the stack says at a freeze; it gives no intervals."""
    days = PurchaseDays(frozen.transactions)

    def columns(rows: pd.DataFrame, cutoff: datetime) -> pd.DataFrame:
        own = days.at(cutoff, rows["customer_id"], frozen.plan.horizon_days)
        shared = [c for c in rows.columns if c in PROCESS_COLUMNS or c.startswith("product_factor_")]
        return pd.concat([rows[shared], own], axis=1)

    return stack(frozen, columns)


def of_panel(frozen: Frozen, family: str | None = None) -> Said:
    """What the stack says with the panel's columns, and a family of the reference's beside them; people only."""
    days = PurchaseDays(frozen.transactions) if family else None

    def columns(rows: pd.DataFrame, cutoff: datetime) -> pd.DataFrame:
        own = [c for c in feature_columns(rows) if c not in SEASON_COLUMNS]
        table = rows[own].select_dtypes("number")
        if days is None or family is None:
            return table
        more = days.at(cutoff, rows["customer_id"], frozen.plan.horizon_days)
        return table.join(
            more[[c for c in more.columns if c.startswith(FAMILIES[family])]], rsuffix="_of_reference"
        )

    return stack(frozen, columns, with_spend=False)


def stack(frozen: Frozen, columns_at: ColumnsAt, *, with_spend: bool = True) -> Said:
    """The stack on any columns."""
    plan = frozen.plan
    cutoffs = plan.labelled[-CUTOFFS:]
    parts = []
    for cutoff in (*cutoffs, plan.scoring):
        rows = frozen.panel[frozen.panel["cutoff"] == cutoff].sort_values("customer_id")
        keys = rows[["cutoff", "churned", "spend_next"]].assign(
            _process=rows["btyd_p_no_purchase"], _spend=rows["btyd_expected_spend"]
        )
        parts.append(keys.join(columns_at(rows, cutoff)))
    now = parts.pop()
    table = pd.concat(parts, ignore_index=True)
    keys_of = ("cutoff", "churned", "spend_next", "_process", "_spend")
    columns = [c for c in now if c not in keys_of and c in table and table[c].notna().any()]
    if len(table) > ROWS:
        table = table.sample(ROWS, random_state=0)
    x, y, spend = (table[c].to_numpy(dtype=float) for c in (columns, "churned", "spend_next"))
    z = now[columns].to_numpy(dtype=float)
    boosters = [_boosted(x, y, "binary", seed) for seed in range(SEEDS)]
    linear = _Linear().fit(x, y, LogisticRegression(C=0.05, max_iter=300, tol=1e-3))

    def margin(rows: np.ndarray, process: np.ndarray) -> np.ndarray:
        boosted = np.mean([booster.predict(rows, raw_score=True) for booster in boosters], axis=0)
        straight = linear.margin(rows)
        usual = to_logit(process)
        return (
            0.4 * boosted + 0.4 * straight + 0.2 * np.where(np.isnan(usual), (boosted + straight) / 2, usual)
        )

    last = (table["cutoff"] == cutoffs[-1]).to_numpy()
    process = table["_process"].to_numpy(dtype=float)
    missed = shift_to_mean(margin(x[last], process[last]), float(y[last].mean()))
    p = to_probability(margin(z, now["_process"].to_numpy(dtype=float)) + LEVEL_SHARE * missed)
    return Said(p, _spend(x, spend, z, p, now["_spend"].to_numpy(dtype=float)) if with_spend else None)


def _spend(x: np.ndarray, spend: np.ndarray, z: np.ndarray, p: np.ndarray, process: np.ndarray) -> np.ndarray:
    tweedie = np.asarray(
        _boosted(x, np.clip(spend, 0, None), "tweedie", 0, tweedie_variance_power=1.4).predict(z)
    )
    bought = spend > 0
    logs = np.log(spend[bought])
    booster, linear = _boosted(x[bought], logs, "regression", 0), _Linear().fit(x[bought], logs, Ridge(30.0))

    def mean_log(rows: np.ndarray) -> np.ndarray:
        return (booster.predict(rows) + linear.value(rows)) / 2

    smearing = spend[bought].sum() / np.exp(mean_log(x[bought])).sum()
    two_part = (1 - p) * np.exp(mean_log(z)) * smearing
    ratio = np.clip(two_part.sum() / max(tweedie.sum(), 1e-9), 0.5, 2.0)
    return np.nanmean([tweedie * ratio, two_part, process], axis=0)
