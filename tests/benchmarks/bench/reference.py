"""The reference stack: LightGBM and logistic regression on stacked cutoffs of its own columns, averaged in log-odds.

Small trees and a strong penalty .4 each, the purchase process .2; the level moves by four fifths of what the stack missed
in the last window. Spend is the mean of a Tweedie booster, of a two-part model and of the process. Written to measure
against, not to win.
"""

from __future__ import annotations

import lightgbm
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression, Ridge

from churnkit.tournament.margins import shift_to_mean, to_logit, to_probability
from tests.benchmarks.bench.engine import Said
from tests.benchmarks.bench.freezing import Frozen
from tests.benchmarks.bench.reference_columns import PROCESS_COLUMNS, PurchaseDays

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


def reference(frozen: Frozen) -> Said:
    """What the stack says at a freeze; it gives no intervals."""
    plan, panel = frozen.plan, frozen.panel
    days = PurchaseDays(frozen.transactions)
    cutoffs = plan.labelled[-CUTOFFS:]
    parts = []
    for cutoff in (*cutoffs, plan.scoring):
        rows = panel[panel["cutoff"] == cutoff].sort_values("customer_id")
        own = days.at(cutoff, rows["customer_id"], plan.horizon_days)
        process = rows[[c for c in PROCESS_COLUMNS if c in rows]]
        parts.append(pd.concat([rows[["cutoff", "churned", "spend_next"]], process, own], axis=1))
    now = parts.pop()
    columns = [c for c in now.columns if c not in ("cutoff", "churned", "spend_next")]
    columns += [c for c in panel.columns if c.startswith("product_factor_")]
    table = pd.concat(parts, ignore_index=True)
    factors = panel[["customer_id", "cutoff", *columns[len(now.columns) - 3 :]]]
    table, now = (
        _with_factors(one, factors, panel, dates) for one, dates in ((table, cutoffs), (now, (plan.scoring,)))
    )
    columns = [c for c in columns if c in table and table[c].notna().any()]
    if len(table) > ROWS:
        table = table.sample(ROWS, random_state=0)
    x, y, spend = (table[c].to_numpy(dtype=float) for c in (columns, "churned", "spend_next"))
    z = now.reindex(columns=columns).to_numpy(dtype=float)
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
    usual = table["btyd_p_no_purchase"].to_numpy(dtype=float)
    missed = shift_to_mean(margin(x[last], usual[last]), float(y[last].mean()))
    p = to_probability(margin(z, now["btyd_p_no_purchase"].to_numpy(dtype=float)) + LEVEL_SHARE * missed)
    return Said(p, _spend(x, spend, z, p, now["btyd_expected_spend"].to_numpy(dtype=float)))


def _with_factors(
    table: pd.DataFrame, factors: pd.DataFrame, panel: pd.DataFrame, dates: tuple[object, ...]
) -> pd.DataFrame:
    """``table`` of the panel's rows at ``dates``, by date and customer, with the product factors of these rows."""
    names = [c for c in factors.columns if c not in ("customer_id", "cutoff")]
    if not names:
        return table
    same = panel[panel["cutoff"].isin(list(dates))].sort_values(["cutoff", "customer_id"])
    return table.reset_index(drop=True).join(same[names].reset_index(drop=True))


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
