"""Rules of more than two products, found when a reader asks: they take a second that not every analysis needs."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from churnkit.baskets.association_rules import UNITS, Unit
from churnkit.baskets.larger_rules import COLUMNS, larger_rules
from churnkit.baskets.orders import read_orders
from churnkit.results.folders import Results
from churnkit.services.analyse.run_transactions import transactions_of

MOST_SHOWN = 100


def longer_rules(results: Results) -> dict[Unit, pd.DataFrame]:
    """For each kind of basket the rules that move most money (``baskets.larger_rules``); empty tables without any."""
    seed = results.summary.settings.tournament.seed
    with transactions_of(results.folder) as transactions:
        orders = read_orders(transactions, datetime.fromisoformat(results.cutoff))
    if orders is None:
        return {unit: pd.DataFrame(columns=list(COLUMNS)) for unit in UNITS}
    return {unit: larger_rules(orders, unit, seed=seed, at_most=MOST_SHOWN) for unit in UNITS}
