"""A campaign's result: what the contact changed, how sure that is, and whether it paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.campaigns import HOLDOUT, TREATMENT
from churnkit.errors import DataError
from churnkit.experiments.cuped import cuped, too_few
from churnkit.experiments.intervals import MIN_PER_ARM, FloatArray, difference_of_proportions
from churnkit.experiments.outcomes import Outcomes
from churnkit.experiments.sample_ratio import require_ratio, sample_ratio
from churnkit.experiments.savings import discounts_taken, realised, save_rate
from churnkit.experiments.sequential import conversion_information, safe_factor
from churnkit.experiments.spend import cap_of, difference_of_spend, leaning, pooled_spread
from churnkit.experiments.tier_rates import part_by_dropout, rates_by_tier
from churnkit.results.campaign_facts import DeclaredReadout
from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import Cuped, Effect, Grade, Readout, Realised, SaveRate, TierRate
from churnkit.roi import profit

UNDECLARED = (
    "This campaign was frozen before plans said how they are compared: it is compared as plans of today are."
)
_NOTHING_KNOWN = Missing(
    "Earlier behaviour is not taken into account: nothing was known of every customer before the start."
)


def read_out(
    members: pd.DataFrame,
    outcomes: Outcomes,
    *,
    holdout_share: float,
    planned_rate: float,
    assumptions: Assumptions,
    promise: Outcome,
    declared: DeclaredReadout | None,
) -> Readout:
    """Compare the arms.

    Parameters
    ----------
    members
        Of the plan: ``customer_id``, ``arm``, ``p_churn``, ``savable``, ``mean_order_value`` and, if there,
        ``expected_spend``.
    outcomes
        Results of these customers.
    holdout_share
        Share that the draw held out.
    planned_rate
        Share of the customers that was forecast to buy without a contact, ``CampaignPlan.expected_base_rate``.
    assumptions, promise, declared
        As frozen in the plan; ``declared`` None in plans of before they said how they are read out.

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
    arms = Arms(rows, is_treated, outcomes, declared or DeclaredReadout())
    conversion = conversion_effect(arms, planned_rate)
    revenue = revenue_effect(arms) if "revenue" in rows else None
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
        save_rate=_save_rate(arms, assumptions) if outcomes.complete else None,
        by_tier=_by_tier(arms, assumptions) if outcomes.complete else (),
        realised=_realised(arms, conversion, revenue, assumptions, promise),
        notes=outcomes.notes if declared else (*outcomes.notes, UNDECLARED),
    )


@dataclass(frozen=True)
class Arms:
    """The customers with a result, who of them was contacted, and how they are compared.

    Attributes
    ----------
    rows
        What the plan knew of them and their results.
    treated
        Booleans, shape (n,).
    """

    rows: pd.DataFrame
    treated: np.ndarray
    outcomes: Outcomes
    declared: DeclaredReadout

    def column(self, name: str) -> FloatArray:
        """Values of a column, shape (n,)."""
        return self.rows[name].to_numpy(dtype=float)

    @property
    def bought(self) -> np.ndarray:
        """Who bought, booleans of shape (n,)."""
        return self.column("converted") > 0

    @property
    def cap(self) -> float:
        """Money up to which a customer's revenue counts."""
        return cap_of(self.column("revenue"), self.declared.cap_quantile)

    @property
    def revenue(self) -> FloatArray:
        """Money of each customer, counted up to the cap, shape (n,)."""
        return np.minimum(self.column("revenue"), self.cap)

    def split(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values of those contacted, and of those held out."""
        return values[self.treated], values[~self.treated]

    def safe_money(self, values: FloatArray) -> Interval:
        """Interval of a difference in money that holds at every look before the end.

        The spread is that of both arms: on the first days a small holdout has few buyers and hardly one of its own.
        """
        done, error = self.outcomes.elapsed_days / self.outcomes.horizon_days, self.declared.early_error
        return difference_of_spend(*self.split(values), alpha=error, half=safe_factor(done, error))

    def last_money(self, values: FloatArray) -> Interval:
        """Interval of a difference in money for the look at the end."""
        return difference_of_spend(*self.split(values), alpha=self.declared.final_error)


def _grade(bought: Interval) -> Grade:
    if not bought.excludes_zero:
        return "unclear"
    return "worked" if bought.low > 0 else "harmed"


def _require_arms(members: pd.DataFrame, treated: int, held_out: int) -> None:
    if min(treated, held_out) >= MIN_PER_ARM:
        return
    planned = int((members["arm"] == HOLDOUT).sum())
    raise DataError(
        f"Comparing the customers of a campaign: {MIN_PER_ARM} contacted and {MIN_PER_ARM} left out for comparison, or more,"
        f" must have a result, found {treated} and {held_out} (the plan left {planned} out).",
        "A campaign that leaves nobody out for comparison cannot be measured: leave some customers out next time.",
    )


def conversion_effect(arms: Arms, planned_rate: float) -> Effect:
    """What the contact changed of the share that bought."""
    converted = arms.bought.astype(float)
    one, base = arms.split(converted)
    counts = int(one.sum()), len(one), int(base.sum()), len(base)
    # One success and failure more, so that there is a spread before anybody has bought; of both arms together, as for
    # money: a small holdout of which nobody has bought yet has hardly one of its own.
    rate = (converted.sum() + 1) / (len(converted) + 2)
    error = float(np.sqrt(rate * (1 - rate) * (1 / len(one) + 1 / len(base))))
    difference = difference_of_proportions(*counts, alpha=arms.declared.final_error)
    information = conversion_information(float(converted.mean()), planned_rate)
    factor = safe_factor(information, arms.declared.early_error)
    scarce = too_few(arms.bought, arms.treated)
    return Effect(
        treated=float(one.mean()),
        held_out=float(base.mean()),
        difference=difference,
        # On the first days few have bought: then a share leans as money does.
        safe=leaning(difference.value, error, pooled_spread(one, base)[1], factor),
        adjusted=scarce or Found(cuped(converted, 1 - arms.column("p_churn"), arms.treated)),
        cap=None,
    )


def revenue_effect(arms: Arms) -> Effect:
    """What the contact changed of money per customer."""
    revenue, cap = arms.revenue, arms.cap
    one, base = arms.split(revenue)
    return Effect(
        treated=float(one.mean()),
        held_out=float(base.mean()),
        difference=arms.last_money(revenue),
        safe=arms.safe_money(revenue),
        adjusted=_adjusted_revenue(arms),
        cap=cap if arms.column("revenue").max() > cap else None,
    )


def _adjusted_revenue(arms: Arms) -> Found[Cuped] | Missing:
    rows = arms.rows
    before = next(
        (c for c in ("prior_revenue", "expected_spend") if c in rows and rows[c].notna().all()), None
    )
    if before is None:
        return _NOTHING_KNOWN
    scarce = too_few(arms.bought, arms.treated, others_too=False)
    return scarce or Found(cuped(arms.revenue, arms.column(before), arms.treated))


def _by_tier(arms: Arms, assumptions: Assumptions) -> tuple[TierRate, ...]:
    if "risk_tier" not in arms.rows or assumptions.reach <= 0:
        return ()
    return rates_by_tier(arms.rows, arms.treated, arms.bought, assumptions.reach, assumptions.gone_success)


def _save_rate(arms: Arms, assumptions: Assumptions) -> SaveRate | None:
    p, reach = arms.column("p_churn"), assumptions.reach
    part = part_by_dropout(arms.rows, assumptions.gone_success)
    savable = float((p * part).sum() / p.sum()) if p.sum() > 0 else 1.0
    # Of those few whom nobody can save there is nothing to divide by.
    if reach <= 0 or savable <= 0:
        return None
    one, base = arms.split(arms.bought)
    return save_rate(int(one.sum()), len(one), int(base.sum()), len(base), reach=reach, savable=savable)


def _realised(
    arms: Arms, conversion: Effect, revenue: Effect | None, assumptions: Assumptions, promise: Outcome
) -> Realised:
    complete, treated = arms.outcomes.complete, int(arms.treated.sum())
    share = conversion.interval(complete)
    if revenue is None:
        return realised(share, None, None, treated, assumptions, promise)
    given = discounts_taken(arms.rows, arms.bought, arms.treated, assumptions)
    left = profit(arms.revenue + given, given, assumptions.margin)
    gain = arms.last_money(left) if complete else arms.safe_money(left)
    added = revenue.interval(complete)
    return realised(share, added, gain, treated, assumptions, promise, float(given.sum()))
