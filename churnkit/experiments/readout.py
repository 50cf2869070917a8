"""A campaign's result: what the contact changed, how sure that is, and whether it paid."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.campaigns import HOLDOUT, TREATMENT
from churnkit.errors import DataError
from churnkit.experiments.bootstrap import bootstrap_difference
from churnkit.experiments.cuped import cuped
from churnkit.experiments.intervals import (
    MIN_PER_ARM,
    FloatArray,
    difference_of_means,
    difference_of_proportions,
    ratio_of_proportions,
)
from churnkit.experiments.outcomes import Outcomes
from churnkit.experiments.sample_ratio import require_ratio, sample_ratio
from churnkit.experiments.savings import realised, save_rate
from churnkit.experiments.sequential import conversion_information, safe_interval
from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import Effect, Grade, Readout


def read_out(
    members: pd.DataFrame,
    outcomes: Outcomes,
    *,
    holdout_share: float,
    planned_rate: float,
    assumptions: Assumptions,
    promise: Outcome,
    seed: int = 42,
) -> Readout:
    """Compare the arms.

    Parameters
    ----------
    members
        Of the plan: ``customer_id``, ``arm``, ``p_churn``, ``savable`` and, if there, ``expected_spend``.
    outcomes
        Results of these customers.
    holdout_share
        Share that the draw held out.
    planned_rate
        Share of the customers that was forecast to buy without a contact, ``CampaignPlan.expected_base_rate``.
    assumptions, promise
        As frozen in the plan.

    Raises
    ------
    SampleRatioMismatch
        If the arms' sizes cannot be chance: nothing is computed then.
    DataError
        If an arm has fewer than two customers with a result.
    """
    rows = members.merge(outcomes.rows, on="customer_id", how="inner", validate="one_to_one")
    is_treated = (rows["arm"] == TREATMENT).to_numpy()
    treated, held_out = int(is_treated.sum()), int((rows["arm"] == HOLDOUT).sum())
    _require_arms(members, treated, held_out)
    ratio = sample_ratio(
        {TREATMENT: treated, HOLDOUT: held_out}, {TREATMENT: 1 - holdout_share, HOLDOUT: holdout_share}
    )
    require_ratio(ratio)
    converted = rows["converted"].to_numpy(dtype=float)
    bought, bought_without = int(converted[is_treated].sum()), int(converted[~is_treated].sum())
    conversion = _conversion(rows, converted, is_treated, planned_rate)
    revenue = _revenue(rows, is_treated, outcomes, seed) if "revenue" in rows else None
    p = rows["p_churn"].to_numpy(dtype=float)
    savable = float((p * rows["savable"]).sum() / p.sum()) if p.sum() > 0 else 1.0
    # Of those few whom nobody can save there is nothing to divide by.
    measurable = outcomes.complete and assumptions.reach > 0 and savable > 0
    saved = (
        save_rate(bought, treated, bought_without, held_out, reach=assumptions.reach, savable=savable)
        if measurable
        else None
    )
    money = realised(
        conversion.interval(outcomes.complete),
        revenue.interval(outcomes.complete) if revenue else None,
        treated,
        assumptions,
        promise,
    )
    return Readout(
        treated=treated,
        held_out=held_out,
        elapsed_days=outcomes.elapsed_days,
        horizon_days=outcomes.horizon_days,
        complete=outcomes.complete,
        grade=_grade(conversion.interval(outcomes.complete)),
        conversion=conversion,
        revenue=revenue,
        sample_ratio=ratio,
        save_rate=saved,
        realised=money,
        notes=outcomes.notes,
    )


def _grade(bought: Interval) -> Grade:
    if not bought.excludes_zero:
        return "unclear"
    return "worked" if bought.low > 0 else "harmed"


def _require_arms(members: pd.DataFrame, treated: int, held_out: int) -> None:
    if min(treated, held_out) >= MIN_PER_ARM:
        return
    planned = int((members["arm"] == HOLDOUT).sum())
    raise DataError(
        f"Reading out a campaign: each arm must have {MIN_PER_ARM} customers or more with a result, found {treated}"
        f" contacted and {held_out} held out ({planned} were held out in the plan).",
        "A campaign without a holdout cannot be measured: hold some customers out next time.",
    )


def _conversion(
    rows: pd.DataFrame, converted: FloatArray, is_treated: np.ndarray, planned_rate: float
) -> Effect:
    one, base = converted[is_treated], converted[~is_treated]
    counts = int(one.sum()), len(one), int(base.sum()), len(base)
    ratio = ratio_of_proportions(*counts)
    # Agresti and Caffo's extra success and failure: an arm without any has a spread too.
    padded = [((x.sum() + 1) / (len(x) + 2), len(x) + 2) for x in (one, base)]
    error = float(np.sqrt(sum(rate * (1 - rate) / count for rate, count in padded)))
    difference = difference_of_proportions(*counts)
    information = conversion_information(float(converted.mean()), planned_rate)
    return Effect(
        treated=float(one.mean()),
        held_out=float(base.mean()),
        difference=difference,
        lift=None if ratio is None else ratio.times(1.0, -1.0),
        safe=safe_interval(difference.value, error, information),
        adjusted=cuped(converted, 1 - rows["p_churn"].to_numpy(dtype=float), is_treated),
        check=None,
    )


def _revenue(rows: pd.DataFrame, is_treated: np.ndarray, outcomes: Outcomes, seed: int) -> Effect:
    revenue = rows["revenue"].to_numpy(dtype=float)
    one, base = revenue[is_treated], revenue[~is_treated]
    welch = difference_of_means(one, base)
    check, lift = bootstrap_difference(one, base, seed=seed)
    # The spread of both arms together: on the first days a small holdout has few buyers and hardly a spread of its
    # own, and an interval that trusts it is crossed too often.
    error = float(np.sqrt(revenue.var(ddof=1) * (1 / len(one) + 1 / len(base))))
    before = next(
        (c for c in ("prior_revenue", "expected_spend") if c in rows and rows[c].notna().all()), None
    )
    return Effect(
        treated=float(one.mean()),
        held_out=float(base.mean()),
        difference=welch.interval,
        lift=lift,
        safe=safe_interval(welch.interval.value, error, outcomes.elapsed_days / outcomes.horizon_days),
        adjusted=None if before is None else cuped(revenue, rows[before].to_numpy(dtype=float), is_treated),
        check=check,
    )
