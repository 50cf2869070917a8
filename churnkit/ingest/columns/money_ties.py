"""How the money columns of a table hang together: which is which plus or less others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from churnkit.ingest.columns.money_columns import Figures

# Sums of rounded figures differ by cents.
_CENTS = 0.021
_MATCHING = 0.9
# So many columns beside the money are tried in all combinations.
_MAX_PARTS = 6
SAME_SUM = 0.02


def same_sum(first: Figures, second: Figures) -> bool:
    """The two come to the same within 2 % in all, and in nearly every order."""
    total = max(abs(first.sum()), abs(second.sum()))
    if abs(first.sum() - second.sum()) > SAME_SUM * total:
        return False
    near = np.abs(first - second) <= 0.1 * np.maximum(np.abs(first), np.abs(second)) + _CENTS
    return bool(near.mean() >= 0.8) if len(near) else True


def ties(first: Figures, second: Figures) -> bool:
    """The two are equal to the cent in nine of ten orders that have either, and there is something in them."""
    return _equal_share(first, second) >= _MATCHING


def _equal_share(first: Figures, second: Figures) -> float:
    """Share of the orders that have either figure in which the two are equal; 0 where none has."""
    some = (first != 0) | (second != 0)
    if not some.any():
        return 0.0
    gap = np.abs(first - second)[some]
    return float((gap <= _CENTS + 0.0005 * np.abs(second)[some]).mean())


def difference(whole: Figures, base: Figures, parts: Mapping[str, Figures]) -> tuple[str, ...] | None:
    """The parts that, added to ``base``, make ``whole`` in most orders; None where no combination does so in nine of ten.

    Parts bear their sign: what a customer pays on top is above 0, what is taken off below.
    """
    live = {name: part for name, part in parts.items() if (part != 0).any()}
    names = sorted(live, key=lambda name: -float(np.abs(live[name]).sum()))[:_MAX_PARTS]
    best, best_share = None, _MATCHING
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            share = _equal_share(base + sum(live[name] for name in chosen), whole)
            if share > best_share or (best is None and share == best_share):
                best, best_share = chosen, share
    return best


def constant_ratio(whole: Figures, base: Figures) -> float | None:
    """``whole / base`` where it is the same rate in nine of ten orders, as with a tax on everything; else None."""
    both = (base > 0) & (whole > 0)
    if both.sum() < 5:
        return None
    ratios = whole[both] / base[both]
    middle = float(np.median(ratios))
    near = np.abs(ratios - middle) <= 0.002 * middle + _CENTS / base[both]
    return middle if near.mean() >= _MATCHING else None


def resembles(first: Figures, second: Figures) -> bool:
    """The two could be the same money: they rise together and are of one size."""
    both = (first > 0) & (second > 0)
    if both.sum() < 5 or both.mean() < 0.5:
        return False
    ratio = first[both].sum() / second[both].sum()
    if not 0.3 <= ratio <= 3:
        return False
    a, b = np.log(first[both]), np.log(second[both])
    if a.std() < 1e-9 or b.std() < 1e-9:
        return True
    return bool(np.corrcoef(a, b)[0, 1] > 0.6)


def is_running_balance(balance: Figures, movements: Iterable[Figures]) -> bool:
    """Each figure is the one before it (or behind it) plus another column's: what is left on an account."""
    if len(balance) < 10:
        return False
    steps = np.diff(balance)
    for movement in movements:
        for expected in (movement[1:], -movement[:-1]):
            moved = np.abs(expected) > 0
            if moved.mean() > 0.5 and (np.abs(steps - expected)[moved] <= _CENTS).mean() >= 0.8:
                return True
    return False
