"""Money of a campaign: its interval where nothing changed and where something did, and earlier behaviour taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
import pandas as pd

from churnkit.experiments import cuped, difference_of_means, difference_of_spend
from churnkit.experiments.cuped import too_few
from churnkit.experiments.intervals import FloatArray
from churnkit.experiments.spend import cap_of
from churnkit.results.campaign_facts import DeclaredReadout
from churnkit.results.interval import Interval
from tests.benchmarks.simulations.rows import Data, Row, span

SIZES, HELD_OUT = (200, 1000, 4000), (0.1, 0.2, 0.5)
CAMPAIGNS = 1000
DECLARED = DeclaredReadout()
# An effect of so many standard errors would be seen in 80 % of campaigns, were spend normal.
VISIBLE = 2.8
WAYS: dict[str, Callable[[FloatArray, FloatArray], Interval]] = {
    "revenue, 95 %": lambda one, base: difference_of_spend(one, base, alpha=0.05),
    "for comparison: Welch, capped": lambda one, base: difference_of_means(one, base).interval,
}


def retail(data: Data) -> FloatArray:
    """Spend of a gift shop's known customers within its last 60 days."""
    rows = pd.read_parquet(data.file("online_retail.parquet"))
    rows.columns = ["".join(c.lower().split()) for c in rows.columns]
    rows = rows[rows["customerid"].notna()]
    rows = rows.assign(
        spent=rows["quantity"] * rows["unitprice" if "unitprice" in rows else "price"],
        day=pd.to_datetime(rows["invoicedate"]),
    )
    return window_spend(rows, "customerid", rows["day"].max() - pd.Timedelta(days=60), 60)


def cdnow(data: Data) -> FloatArray:
    """Spend of a music shop's customers within 90 days from 1998 on."""
    path = data.file("cdnow_master.txt")
    rows = pd.read_csv(path, sep=r"\s+", header=0, names=["id", "day", "count", "spent"], dtype={"day": str})
    rows["day"] = pd.to_datetime(rows["day"], format="%Y%m%d")
    return window_spend(rows, "id", pd.Timestamp("1998-01-01"), 90)


def window_spend(rows: pd.DataFrame, key: str, start: pd.Timestamp, days: int) -> FloatArray:
    """Money of everybody known before ``start`` in the days after it; 0 for most."""
    known = rows.loc[rows["day"] < start, key].unique()
    within = rows[(rows["day"] >= start) & (rows["day"] < start + pd.Timedelta(days=days))]
    found = within.groupby(key)["spent"].sum().reindex(known, fill_value=0.0)
    return np.maximum(found.to_numpy(dtype=float), 0.0)


def lognormal(sigma: float, buying: float) -> FloatArray:
    rng = np.random.default_rng(1)
    return np.where(rng.random(200_000) < buying, rng.lognormal(3.5, sigma, 200_000), 0.0)


def populations(data: Data) -> dict[str, FloatArray]:
    return {
        "gift shop (online_retail)": retail(data),
        "music shop (CDNOW)": cdnow(data),
        "lognormal, sigma 1.5, 30 % buy": lognormal(1.5, 0.3),
        "lognormal, sigma 1, 5 % buy": lognormal(1.0, 0.05),
    }


def revenue(data: Data) -> list[Row]:
    """Coverage, both false verdicts and power; each over sizes and shares held out, with the worst and the best."""
    return [
        row
        for seed, (name, spent) in enumerate(populations(data).items())
        for row in of_population(name, spent, np.random.default_rng([3, seed]))
    ]


def of_population(name: str, spent: FloatArray, rng: np.random.Generator) -> Iterator[Row]:
    nothing: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    seen: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for count, share in product(SIZES, HELD_OUT):
        held_out = round(count * share)
        for way, found in tried(spent, count, held_out, 0.0, rng).items():
            nothing[way].append(found)
        for way, found in tried(spent, count, held_out, kept_share(spent, count, held_out), rng).items():
            seen[way].append(found)
    where = f"{name}; {SIZES[0]}-{SIZES[-1]:,}, 10-50 % held out"
    for way in WAYS:
        none, some = np.array(nothing[way]), np.array(seen[way])
        yield span(way, where, "covers", "95 %", 1 - none.sum(axis=1), CAMPAIGNS)
        yield span(way, where, 'false "worked"', "2.5 %", none[:, 0], CAMPAIGNS)
        yield span(way, where, 'false "harmed"', "2.5 %", none[:, 1], CAMPAIGNS)
        yield span(way, where, "power at 2.8 standard errors", "about 80 %", some[:, 0], CAMPAIGNS)


def kept_share(spent: FloatArray, count: int, held_out: int) -> float:
    """Share of those who would not have bought that must be kept for an effect of ``VISIBLE`` standard errors."""
    capped = np.minimum(spent, cap_of(spent, DECLARED.cap_quantile))
    error = np.sqrt(capped.var() * (1 / held_out + 1 / (count - held_out)))
    leaving, basket = (capped == 0).mean(), capped[capped > 0].mean()
    return min(VISIBLE * error / (basket * leaving), 1.0)


def tried(
    spent: FloatArray, count: int, held_out: int, kept: float, rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    """By way: shares of campaigns that were said to have worked, and to have harmed."""
    said = {way: np.zeros(2) for way in WAYS}
    buyers, contacted = spent[spent > 0], np.arange(count) >= held_out
    for _ in range(CAMPAIGNS):
        drawn = rng.choice(spent, count)
        saved = (drawn == 0) & contacted & (rng.random(count) < kept)
        drawn[saved] = rng.choice(buyers, int(saved.sum()))
        drawn = np.minimum(drawn, cap_of(drawn, DECLARED.cap_quantile))
        for way, interval in WAYS.items():
            found = interval(drawn[held_out:], drawn[:held_out])
            said[way] += found.low > 0, found.high < 0
    return {way: (float(w), float(h)) for way, (w, h) in ((k, c / CAMPAIGNS) for k, c in said.items())}


def adjusted_shares(_: Data) -> list[Row]:
    """CUPED on shares near 0 and 1: how often its interval covers where it is given, and how often it is left out."""
    rng = np.random.default_rng(4)
    covered, given = [], []
    for rate, count, share in product((0.01, 0.03, 0.5, 0.97, 0.99), (200, 1000, 4000), HELD_OUT):
        inside, shown = shares_covered(rate, count, round(count * share), rng)
        given.append(shown / CAMPAIGNS)
        if shown >= CAMPAIGNS / 2:
            covered.append(inside / shown)
    where = "shares bought 1-99 %; 200-4,000, 10-50 % held out"
    return [
        span(
            "earlier behaviour taken out", where, "covers, where given", "95 %", np.array(covered), CAMPAIGNS
        ),
        span(
            "earlier behaviour taken out", where, "given", "10 and 10 in each arm", np.array(given), CAMPAIGNS
        ),
    ]


def shares_covered(rate: float, count: int, held_out: int, rng: np.random.Generator) -> tuple[int, int]:
    inside = shown = 0
    contacted = np.arange(count) >= held_out
    for _ in range(CAMPAIGNS):
        chance = rng.beta(2 * rate, 2 * (1 - rate), count)
        bought = rng.random(count) < chance
        if too_few(bought, contacted) is None:
            effect = cuped(bought.astype(float), chance, contacted).effect
            shown += 1
            inside += effect.low <= 0 <= effect.high
    return inside, shown
