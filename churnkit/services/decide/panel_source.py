"""The customers of a run as the panels of groups read them, from a run's folder or from an analysis in memory."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from churnkit.config import Money, Tiers
from churnkit.results.folders import Results
from churnkit.results.found import Missing
from churnkit.roi import Uncertainty, uncertainty_from_backtest


@dataclass(frozen=True)
class PanelSource:
    """What panels are made from; all tables have one row a customer, in the same order.

    Attributes
    ----------
    customers
        As ``results.customers``.
    rows, contributions
        Panel rows of the scoring cutoff; log-odds of leaving, one column a feature.
    no_risk, no_advice
        Why no money is said to be at risk, and why nobody is named to contact; None where it is.
    """

    customers: pd.DataFrame
    rows: pd.DataFrame
    contributions: pd.DataFrame
    currency: str | None
    money: Money
    tiers: Tiers
    uncertainty: Uncertainty
    no_risk: str | None = None
    no_advice: str | None = None


def panel_source(results: Results) -> PanelSource:
    """Of a finished run."""
    customers, settings = results.customers, results.summary.settings
    ids = customers["customer_id"]
    risk, advice = results.evidence.revenue_at_risk, results.evidence.recommended
    return PanelSource(
        customers=customers,
        rows=results.scored().set_index("customer_id").loc[ids].reset_index(drop=True),
        contributions=results.all_contributions().set_index("customer_id").loc[ids].reset_index(drop=True),
        currency=results.currency,
        money=settings.money,
        tiers=settings.tiers,
        uncertainty=uncertainty_from_backtest(results.summary.backtest),
        no_risk=risk.reason if isinstance(risk, Missing) else None,
        no_advice=advice.reason if isinstance(advice, Missing) else None,
    )
