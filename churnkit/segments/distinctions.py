"""By which figures the members of groups stand apart from everybody else, beside those that the groups were made by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.segments.significance import holm

LEVEL = 0.05
MIN_MEMBERS = 8
MOST_ROWS = 20_000
_MIRRORS = 0.7
_CLEARLY = 0.06


@dataclass(frozen=True)
class Apart:
    """A figure by which a group stands apart: probability that a random member lies above a random other (ties half)."""

    name: str
    p_above: float


def distinctions(
    rows: pd.DataFrame, groups: np.ndarray, names: Sequence[str], made_by: Sequence[str]
) -> dict[str, list[Apart]]:
    """For each group the figures of ``names`` by which it stands apart beyond chance, the clearest first.

    Mann and Whitney's test by ranks of members against all others, corrected by Holm over the figures of a group
    (5 %). Figures that hardly do more than mirror those that the groups were made by (rank correlation of 0.7 or
    more, either way) are left out, and so is a difference under which a member lies above another customer in 44 to
    56 of 100 pairs: it is no news. Above 20,000 customers evenly spaced ones are looked at.

    Parameters
    ----------
    rows
        One row a customer; a missing value takes no part.
    groups
        Group of each row, shape (n,).
    """
    step = -(-len(rows) // MOST_ROWS)
    some, group = rows.iloc[::step], np.asarray(groups, dtype=object)[::step]
    known = [n for n in names if n in some.columns and some[n].nunique() > 1]
    ranks = some[list(dict.fromkeys([*known, *(n for n in made_by if n in some.columns)]))].rank()
    kept = [name for name in known if not _mirrors(ranks, name, made_by)]
    return {str(one): _apart(ranks[kept], group == one) for one in pd.unique(group)}


def _mirrors(ranks: pd.DataFrame, name: str, made_by: Sequence[str]) -> bool:
    correlations = [ranks[name].corr(ranks[one]) for one in made_by if one in ranks.columns]
    return any(abs(value) >= _MIRRORS for value in correlations)


def _apart(ranks: pd.DataFrame, inside: np.ndarray) -> list[Apart]:
    """The figures that differ, from the ranks among all."""
    if not len(ranks.columns):
        return []
    above, p_values = zip(*(_mann_whitney(ranks[name].to_numpy(), inside) for name in ranks), strict=True)
    corrected = holm(np.array(p_values))
    found = [
        Apart(str(name), share)
        for name, share, p in zip(ranks.columns, above, corrected, strict=True)
        if p < LEVEL and abs(share - 0.5) >= _CLEARLY
    ]
    return sorted(found, key=lambda one: (-abs(one.p_above - 0.5), one.name))


def _mann_whitney(ranks: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """As ``significance.mann_whitney``, from ranks that were drawn among both before."""
    from scipy.special import erfc

    known = np.isfinite(ranks)
    ours = inside & known
    n, m = int(ours.sum()), int((known & ~inside).sum())
    if min(n, m) < MIN_MEMBERS:
        return 0.5, 1.0
    u = float(ranks[ours].sum()) - n * (n + 1) / 2
    counts = np.unique(ranks[known], return_counts=True)[1].astype(float)
    total = n + m
    ties = float((counts**3 - counts).sum()) / (total * (total - 1))
    variance = n * m / 12 * (total + 1 - ties)
    if variance <= 0:
        return u / (n * m), 1.0
    z = max(abs(u - n * m / 2) - 0.5, 0.0) / np.sqrt(variance)
    return u / (n * m), float(erfc(z / np.sqrt(2)))
