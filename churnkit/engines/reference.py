"""What a run knows of all its customers, so that others can be scored some at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.btyd import GammaGamma, MbgNbd
from churnkit.engines.rank_tables import RankTable, rank_tables
from churnkit.explain.contributions import Contributions
from churnkit.explain.process_parts import ProcessOfAll
from churnkit.explain.ranking import Shop, describe_shop
from churnkit.features.purchase_process import fit_order_value, fit_process
from churnkit.results.campaign_money import Assumptions
from churnkit.results.folders import Results
from churnkit.roi import Planner
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.decide.recommendation import default_assumptions
from churnkit.services.score.scorer import Scorer

# So many shares of the worklist are put in order by themselves.
_BUCKETS = 64


@dataclass(frozen=True)
class Reference:
    """The customers of a run in a few parameters.

    Attributes
    ----------
    process, order_value
        Of the purchase process at the run's cutoff; None where too few customers bought twice.
    process_of_all
        What the purchase process is taken apart against, where it is the champion.
    ranks
        Tables of the panel's ranked columns.
    shop
        What reasons compare a customer with.
    assumptions
        Of the usual contact, behind the order of the worklist.
    edges
        Between shares of the worklist of about equal size, ascending, in money.
    has_time
        Whether the run's orders carried a time of day.
    """

    process: MbgNbd | None
    order_value: GammaGamma | None
    process_of_all: ProcessOfAll | None
    ranks: dict[str, RankTable]
    shop: Shop
    assumptions: Assumptions
    edges: np.ndarray
    has_time: bool


def reference_of(results: Results, scorer: Scorer) -> Reference:
    """From what the run wrote of its customers at the scoring cutoff.

    Raises
    ------
    DataError
        One of the run's files is missing or damaged.
    """
    rows = results.scored()
    stored = results.all_contributions().set_index("customer_id").loc[rows["customer_id"]]
    values = stored.reset_index(drop=True).astype("float64")
    parts = Contributions(values, results.evidence.base, pd.DataFrame(index=values.index))
    return _reference(rows, results.customers, parts, scorer, has_time=results.summary.file.has_time)


def reference_of_analysis(analysis: Analysis, scorer: Scorer) -> Reference:
    """From an analysis that has just been made."""
    return _reference(
        analysis.scored_rows.reset_index(drop=True),
        analysis.customers,
        analysis.contributions,
        scorer,
        has_time=analysis.ingested.has_time,
    )


def _reference(
    rows: pd.DataFrame, customers: pd.DataFrame, parts: Contributions, scorer: Scorer, *, has_time: bool
) -> Reference:
    """Of all customers: ``parts`` belong to ``rows``, row by row."""
    money, currency = scorer.facts.settings.money, scorer.facts.currency
    assumptions = default_assumptions(customers, money, currency)
    gains = worklist_gains(customers, scorer, assumptions)
    return Reference(
        process=fit_process(rows),
        order_value=fit_order_value(rows),
        process_of_all=ProcessOfAll.of(rows),
        ranks=rank_tables(rows),
        shop=describe_shop(rows, parts, scorer.facts.horizon_days),
        assumptions=assumptions,
        edges=np.unique(np.quantile(gains, np.arange(1, _BUCKETS) / _BUCKETS)),
        has_time=has_time,
    )


def worklist_gains(customers: pd.DataFrame, scorer: Scorer, assumptions: Assumptions) -> np.ndarray:
    """What the worklist goes by (``services.decide.worklist``), in money, shape (n,)."""
    if not scorer.facts.proven:
        return customers["monetary_total"].to_numpy(dtype=float)
    money = scorer.facts.settings.money
    planner = Planner.of(customers, scorer.learned.uncertainty, money.margin, money.success_by_tier)
    return planner.gains(assumptions)
