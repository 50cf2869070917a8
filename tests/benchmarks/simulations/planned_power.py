"""Whether campaigns of the planned size show the effect that they were planned for as often as promised."""

from __future__ import annotations

import numpy as np

from churnkit.experiments import Sizes, detectable_rate, difference_of_proportions, sizes
from churnkit.results.campaign_facts import DeclaredReadout
from tests.benchmarks.simulations.rows import Data, Row

CAMPAIGNS = 20_000
# Of the look at the end, which gives the verdict.
ERROR = DeclaredReadout().final_error
# Share that buys without and with the contact, and share held out.
PLANS = ((0.05, 0.08, 0.1), (0.05, 0.08, 0.15), (0.02, 0.03, 0.1), (0.3, 0.4, 0.15), (0.1, 0.12, 0.5))
ARMS = ((0.05, Sizes(900, 100)), (0.3, Sizes(85, 15)))


def planned_power(data: Data) -> list[Row]:
    """At the planned sizes, and at the rate that given sizes are said to show."""
    rng = np.random.default_rng(11)
    rows = [
        _row(
            f"{base:.0%} to {target:.0%}, {share:.0%} held out",
            base,
            target,
            sizes(base, target, share, alpha=ERROR),
            rng,
        )
        for base, target, share in PLANS
    ]
    for base, arms in ARMS:
        rate = detectable_rate(base, arms.treated, arms.held_out, alpha=ERROR)
        if rate is not None:
            where = f"from {base:.0%}, the least that {arms.treated} and {arms.held_out} show"
            rows.append(_row(where, base, rate, arms, rng))
    return rows


def _row(where: str, base: float, target: float, arms: Sizes, rng: np.random.Generator) -> Row:
    treated = rng.binomial(arms.treated, target, CAMPAIGNS)
    held_out = rng.binomial(arms.held_out, base, CAMPAIGNS)
    shown = sum(
        difference_of_proportions(int(one), arms.treated, int(other), arms.held_out, ERROR).low > 0
        for one, other in zip(treated, held_out, strict=True)
    )
    where = f"{where} ({arms.total:,} customers)"
    return Row("size of a campaign", where, "shows the effect", "80 %", shown / CAMPAIGNS, CAMPAIGNS)
