"""Reading out a kept campaign from later orders or a file of results, and on whom it worked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from churnkit.campaigns import TREATMENT, CampaignPlan
from churnkit.errors import DataError
from churnkit.experiments import (
    Outcomes,
    discounts_taken,
    outcomes_from_file,
    outcomes_from_transactions,
    read_out,
    verdict,
)
from churnkit.experiments.waiting_time import Waiting, waiting
from churnkit.features.column_names import CATEGORY_COLUMNS, feature_columns
from churnkit.results.codec import to_json
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.interval import Interval
from churnkit.results.look_folder import Look
from churnkit.results.readout_figures import Effect, Readout
from churnkit.services.campaign.campaign_plans import open_campaign
from churnkit.services.look.small_tables import renamed
from churnkit.text import figures

if TYPE_CHECKING:
    from churnkit.experiments.uplift import UpliftAnalysis
    from churnkit.store import FrozenCampaign, Session, Store, StoredReadout

_RESULT_NAMES = {
    "customerid": "customer_id",
    "customer": "customer_id",
    "id": "customer_id",
    "converted": "converted",
    "conversion": "converted",
    "bought": "converted",
    "revenue": "revenue",
    "spend": "revenue",
    "amount": "revenue",
}
# What a plan froze of its customers, as far as it may tell on whom a contact works.
_FEATURES = (
    "p_churn",
    "p_alive",
    "clv_if_kept",
    "mean_order_value",
    "expected_orders",
    "expected_spend",
    "recency_days",
    "order_count",
    "monetary_total",
)


@dataclass(frozen=True)
class OrderSource:
    """An analysis whose orders can be read."""

    label: str
    transactions: Path
    currency: str | None


def order_sources(store: Store, look_folder: Callable[[Session], Path | None]) -> dict[str, OrderSource]:
    """The workspace's analyses with a first look, by session, newest first; without those whose files are damaged."""
    found = {}
    for session in store.sessions.all():
        folder = look_folder(session)
        if folder is not None:
            with suppress(DataError):
                found[session.session_id] = _order_source(session, Look(folder))
    return found


def _order_source(session: Session, look: Look) -> OrderSource:
    months = look.facts.monthly_totals
    until = f", until {figures.month(months[-1].month)}" if months else ""
    return OrderSource(f"{session.name or 'orders'}{until}", look.transactions_path, look.currency)


def differences_of(effect: Effect, times: float = 1.0) -> dict[str, Interval]:
    """What a chart shows of an effect: one look, every look, earlier behaviour taken out; each ``times`` a factor."""
    shown = {"One look at the end": effect.difference, "However often one looks": effect.safe}
    match effect.adjusted:
        case Found(adjusted):
            shown["Earlier behaviour taken out"] = adjusted.effect
    return {label: interval.times(times) for label, interval in shown.items()}


def results_of_orders(plan: CampaignPlan, kept: FrozenCampaign, transactions: Path) -> Outcomes:
    """Results from canonical transactions of the same shop, whatever analysis they belong to.

    Raises
    ------
    DataError
        If the campaign has not gone out, or the orders do not reach past its start or are another shop's.
    """

    from churnkit.ingest.engine import backend_of, connect

    with (
        TemporaryDirectory(prefix="churnkit-readout-") as folder,
        connect(Path(folder)) as connection,
    ):
        table = backend_of(connection).read_parquet(transactions)
        return outcomes_from_transactions(
            table,
            plan.members["customer_id"],
            started_at=_started_at(kept),
            horizon_days=plan.settings.horizon_days,
            lookback_days=plan.settings.horizon_days,
        )


def results_of_table(plan: CampaignPlan, table: pd.DataFrame, elapsed_days: float | None) -> Outcomes:
    """Results from a table, as text, with ``customer_id`` and ``converted`` or ``revenue``.

    Parameters
    ----------
    elapsed_days
        Days of the window that the table covers; None means all of it.

    Raises
    ------
    DataError
        If it does not fit the campaign.
    """
    named = renamed(table, _RESULT_NAMES)
    return outcomes_from_file(
        named, plan.members, horizon_days=plan.settings.horizon_days, elapsed_days=elapsed_days
    )


def read_out_campaign(plan: CampaignPlan, outcomes: Outcomes) -> Readout:
    """The campaign's readout.

    Raises
    ------
    SampleRatioMismatch
        If the arms are not comparable.
    DataError
        If an arm has too few customers.
    """
    return read_out(
        plan.members,
        outcomes,
        holdout_share=len(plan.held_out) / len(plan.members),
        planned_rate=plan.expected_base_rate,
        assumptions=plan.assumptions,
        promise=plan.promise,
        declared=plan.declared,
    )


def keep_readout(
    store: Store,
    kept: FrozenCampaign,
    readout: Readout,
    *,
    source: str,
    currency: str | None,
    automatic: bool = False,
) -> StoredReadout:
    """Record a look at the results; of a window that is over, its save rate becomes the next plan's default.

    ``automatic`` says that nobody asked for it.
    """
    plan = open_campaign(store, kept.campaign_id)
    return store.readouts.add(
        kept.campaign_id,
        source=source,
        figures=to_json(readout),
        words=verdict(readout, plan.assumptions, plan.promise, currency),
        is_complete=readout.complete,
        looked_at=datetime.now(UTC),
        automatic=automatic,
    )


def when_they_bought(plan: CampaignPlan, outcomes: Outcomes) -> Mapping[str, Waiting]:
    """By when the customers of each arm had bought; empty where the results do not say when.

    Who has not bought is followed to the end of the results, or of the window.
    """
    if "days_to_purchase" not in outcomes.rows:
        return {}
    rows = plan.members[["customer_id", "arm"]].merge(outcomes.rows, on="customer_id", validate="one_to_one")
    bought = rows["converted"].to_numpy() > 0
    days = np.where(bought, rows["days_to_purchase"], outcomes.elapsed_days).astype(float)
    arms = {"contacted": rows["arm"] == TREATMENT, "left out for comparison": rows["arm"] != TREATMENT}
    return {name: waiting(days[inside], bought[inside]) for name, inside in arms.items() if inside.sum() > 1}


def costs_of(readout: Readout) -> tuple[float | None, Interval | None]:
    """Money for each of the contacted who bought, and for each customer who was kept; discounts count where known.

    The latter has no upper end (infinity) where the campaign may have kept nobody, and is None where it kept none.
    """
    realised = readout.realised
    cost = realised.contact_cost + (realised.window_discounts or 0.0)
    buyers, saves = readout.treated * readout.conversion.treated, realised.saves
    kept = None
    if saves.value > 0:
        high = cost / saves.low if saves.low > 0 else math.inf
        kept = Interval(cost / saves.value, cost / saves.high, high)
    return (cost / buyers if buyers > 0 else None), kept


def whom_it_worked_on(plan: CampaignPlan, outcomes: Outcomes, analysed: Path | None = None) -> UpliftAnalysis:
    """Effects by customer, from the scores that the plan froze: what its forecasts expected of each without a contact.

    A learned ranking has to beat the plan's own, which goes by the same forecasts and the success rate.

    Parameters
    ----------
    analysed
        Folder of the run that the campaign was planned on: where it is still there, effects are learned from all that
        its churn model knew of the customers.

    Raises
    ------
    DataError
        If the results hold no revenue, or the arms are too small or not comparable.
    """
    # Home asks this module what campaigns came to; models are for the page that learns from them.
    from churnkit.experiments.uplift import Forecasts, Terms, analyse_uplift

    if "revenue" not in outcomes.rows:
        raise DataError(
            "Learning on whom a campaign worked: the results must hold revenue.", "Add the column revenue."
        )
    rows = plan.members.merge(outcomes.rows, on="customer_id", validate="one_to_one")
    treated = (rows["arm"] == TREATMENT).to_numpy()
    bought = rows["converted"].to_numpy(dtype=float) > 0
    return analyse_uplift(
        _known_before(rows, plan, analysed),
        treated,
        rows["revenue"].to_numpy(dtype=float),
        Terms(
            treated_share=1 - len(plan.held_out) / len(plan.members),
            contact_cost=plan.assumptions.contact_cost,
            margin=plan.assumptions.margin,
            discount=discounts_taken(rows, bought, treated, plan.assumptions),
        ),
        Forecasts(
            p_churn=rows["p_churn"].to_numpy(dtype=float),
            expected=_expected(rows),
            planned=rows["expected_gain"].to_numpy(dtype=float),
        ),
    )


def _known_before(rows: pd.DataFrame, plan: CampaignPlan, analysed: Path | None) -> pd.DataFrame:
    """What was known of each on the day of the plan, in the order of ``rows``: what it froze, and the run's panel."""
    frozen = rows[[c for c in _FEATURES if c in rows and rows[c].notna().any()]]
    if analysed is None or not (analysed / "scored.parquet").exists():
        return frozen
    panel = Results(analysed).scored_rows(rows["customer_id"].tolist())
    panel = panel[panel["cutoff"] == pd.Timestamp(plan.settings.scored_at)].set_index("customer_id")
    if not rows["customer_id"].isin(panel.index).all():
        return frozen
    numbers = [c for c in feature_columns(panel) if c not in CATEGORY_COLUMNS]
    told = panel.loc[rows["customer_id"], numbers].reset_index(drop=True)
    more = told.loc[:, told.nunique() > 1].drop(columns=list(frozen), errors="ignore")
    return pd.concat([frozen, more], axis=1)


def _expected(rows: pd.DataFrame) -> np.ndarray | None:
    """Spend that the forecast expected of each; None in plans of analyses that did not say."""
    known = "expected_spend" in rows and rows["expected_spend"].notna().all()
    return rows["expected_spend"].to_numpy(dtype=float) if known else None


def _started_at(kept: FrozenCampaign) -> datetime:
    if kept.started_on is None:
        raise DataError(
            f"Comparing the customers of the campaign {kept.name!r}: it must have gone out.",
            "Write down on Campaigns the day on which it went out.",
        )
    return datetime.combine(kept.started_on, datetime.min.time())
