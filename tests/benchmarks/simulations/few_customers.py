"""Whether a campaign ends within its interval, and pays as often as said, where one customer carries half of the value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty
from tests.benchmarks.simulations.rows import Data, Row

CAMPAIGNS = 20_000
SIZES = (10, 30, 100, 400, 1000)
PLAN = Assumptions(contact_cost=4.0, save_rate=0.3, discount=0.2, reach=0.8, margin=0.5)
ERRORS = Uncertainty(level_sd=0.3, value_log_sd=0.2, spend_cv=1.0)


def few_customers(data: Data) -> list[Row]:
    """Campaigns of more and more customers: all drawn one by one, of the last the most valuable."""
    rng = np.random.default_rng(21)
    rows = []
    for size in SIZES:
        table = _shop(size, rng)
        found = Planner.of(table, ERRORS).outcome_of(PLAN, np.ones(size, dtype=bool))
        net = np.concatenate([_campaigns(table, CAMPAIGNS // 20, rng) for _ in range(20)])
        where = f"{size:,} customers, one with half of the value"
        # Where nobody is saved many campaigns end on the same figure.
        bit = 1e-3
        covered = float(((net >= found.net.low - bit) & (net <= found.net.high + bit)).mean())
        paid = float((net > 0).mean())
        rows.append(Row("net of a campaign", where, "covers", "80 %", covered, CAMPAIGNS))
        rows.append(Row("net of a campaign", where, "pays", f"{found.p_profit:.1%}", paid, CAMPAIGNS))
    return rows


def _shop(size: int, rng: np.random.Generator) -> pd.DataFrame:
    value = rng.lognormal(4.0, 0.5, size)
    value[0] = value[1:].sum()
    order = rng.lognormal(3.0, 0.3, size)
    p_churn = rng.uniform(0.2, 0.7, size)
    frame = {"p_churn": p_churn, "clv_if_kept": value, "clv_if_lost": 0.0, "mean_order_value": order}
    return pd.DataFrame(frame)


def _campaigns(table: pd.DataFrame, count: int, rng: np.random.Generator) -> np.ndarray:
    """Net of campaigns in which every customer meets his fate, shape (count,)."""
    a, columns = PLAN, ("p_churn", "clv_if_kept", "mean_order_value")
    p0, value, order = (table[c].to_numpy() for c in columns)
    spread = p0.mean() * (1 - p0.mean()) / (p0 * (1 - p0)).mean()
    shift = rng.normal(0, ERRORS.level_sd * spread, (count, 1))
    p = 1 / (1 + (1 - p0) / p0 * np.exp(-shift))
    weight = a.save_rate_weight
    rate = rng.beta(a.save_rate * weight, (1 - a.save_rate) * weight, (count, 1))
    sd = ERRORS.value_log_sd
    factor = np.exp(rng.normal(-(sd**2) / 2, sd, (count, 1)))
    fate, saving = rng.random(p.shape), a.reach * rate * p
    saved, bought = fate < saving, fate < saving + a.reach * a.stayers_redeem * (1 - p)
    kept = a.margin * (saved * rng.exponential(1.0, p.shape) * value * factor).sum(axis=1)
    return np.asarray(kept - a.contact_cost * len(table) - a.discount * (bought * order).sum(axis=1))
