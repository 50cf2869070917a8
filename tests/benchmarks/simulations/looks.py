"""A campaign that changes nothing, read out early and at the end: how often one of the looks claims an effect."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.experiments.outcomes import Outcomes
from churnkit.experiments.readout import Arms, conversion_effect, revenue_effect
from churnkit.results.campaign_facts import DeclaredReadout
from tests.benchmarks.simulations.rows import Data, Row

DAYS, LOOKS = 40, (4, 10, 20, 30, 40)
SHOPS = 2000
# Customers, of them held out, orders a day of the mean customer.
SETTINGS = ((600, 100, 0.004), (600, 100, 0.03), (1000, 100, 0.01))


def looks(_: Data) -> list[Row]:
    rows = []
    for seed, (count, held_out, pace) in enumerate(SETTINGS):
        claims: dict[str, list[tuple[bool, bool]]] = {"early": [], "end": [], "any": []}
        rng = np.random.default_rng([5, seed])
        for _shop in range(SHOPS):
            early, end = claimed(count, held_out, pace, rng)
            claims["early"].append(early)
            claims["end"].append(end)
            claims["any"].append((early[0] or end[0], early[1] or end[1]))
        where = f"{count} customers, {held_out} held out, {pace} orders a day; {len(LOOKS)} looks"
        for place, figure in enumerate(("share that bought", "revenue")):
            for when, promised in (("early", "0.5 %"), ("end", "4.5 %"), ("any", "5 %")):
                wrong = float(np.mean([one[place] for one in claims[when]]))
                rows.append(
                    Row(
                        figure,
                        where,
                        f"false verdict, {when}",
                        f"at most {promised}, chance ±1 point",
                        wrong,
                        SHOPS,
                    )
                )
    return rows


def claimed(
    count: int, held_out: int, pace: float, rng: np.random.Generator
) -> tuple[tuple[bool, bool], tuple[bool, bool]]:
    """Whether a look before the end, and the last one, claim an effect on the share that bought and on revenue."""
    each = rng.gamma(1.0, pace, size=count)
    spent = rng.poisson(each[:, None], size=(count, DAYS)) * rng.gamma(2, 20, size=(count, 1))
    planned = float(1 - np.exp(-each * DAYS).mean())
    found = [look(spent[:, :day].sum(axis=1), held_out, day, planned) for day in LOOKS]
    return (any(c for c, _ in found[:-1]), any(m for _, m in found[:-1])), found[-1]


def look(revenue: np.ndarray, held_out: int, day: int, planned_rate: float) -> tuple[bool, bool]:
    rows = pd.DataFrame({"p_churn": 0.5, "converted": (revenue > 0) * 1, "revenue": revenue})
    outcomes = Outcomes(rows, float(day), DAYS)
    arms = Arms(rows, np.arange(len(rows)) >= held_out, outcomes, DeclaredReadout())
    effects = conversion_effect(arms, planned_rate), revenue_effect(arms)
    share, money = (effect.interval(outcomes.complete).excludes_zero for effect in effects)
    return share, money
