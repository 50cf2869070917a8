"""An experiment with several offers at once: each against the customers who got none, all comparisons counted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from churnkit.errors import DataError
from churnkit.experiments.intervals import ALPHA, difference_of_proportions, wilson
from churnkit.experiments.sample_ratio import require_ratio, sample_ratio
from churnkit.experiments.sample_size import detectable_rate
from churnkit.results.interval import Interval
from churnkit.text import figures


@dataclass(frozen=True)
class OfferResult:
    """What came of one arm.

    Attributes
    ----------
    offer
        What it is called.
    customers, bought
        In the arm, and who of them bought.
    share
        That bought, with its 95 % interval.
    difference
        Of that share to the arm without an offer, with an interval so wide that those of all pairs of arms together hold
        in 95 % (Bonferroni); None for the arm without.
    cost
        Money spent on the arm.
    """

    offer: str
    customers: int
    bought: int
    share: Interval
    difference: Interval | None
    cost: float

    @property
    def cost_each(self) -> float | None:
        """Money for each customer who bought, because of the offer or not; None where nobody did."""
        return self.cost / self.bought if self.bought else None

    @property
    def cost_extra(self) -> Interval | None:
        """Money for each customer who bought because of the offer; None unless some did, at all ends of the interval
        but the upper one, which is infinite where the effect may be none."""
        if self.difference is None or self.difference.value <= 0:
            return None
        each = self.cost / self.customers
        high = each / self.difference.low if self.difference.low > 0 else math.inf
        return Interval(each / self.difference.value, each / self.difference.high, high)


@dataclass(frozen=True)
class SeveralOffers:
    """An experiment with several offers.

    Attributes
    ----------
    base
        The arm without an offer.
    offers
        The others, the largest difference first.
    best_two
        The best offer's share less that of the second, with an interval of the same kind; None with one offer.
    detectable
        Smallest difference of a share (0 to 1) that the smallest arm shows in 4 of 5 such experiments; None where even
        the largest would not.
    """

    base: OfferResult
    offers: tuple[OfferResult, ...]
    best_two: Interval | None
    detectable: float | None

    def words(self) -> list[str]:
        """What was found, one sentence each."""
        worked = [one for one in self.offers if one.difference is not None and one.difference.low > 0]
        harmed = [one for one in self.offers if one.difference is not None and one.difference.high < 0]
        told = [_worked(worked, len(self.offers))]
        if harmed:
            told.append(f"Fewer bought with {_named(harmed)} than without an offer.")
        if self.best_two is not None and worked:
            best, second = self.offers[:2]
            told.append(
                f"{best.offer} is better than {second.offer}."
                if self.best_two.low > 0
                else f"Whether {best.offer} or {second.offer} is better cannot be told from these numbers."
            )
        if self.detectable is not None:
            told.append(
                f"Groups of these sizes show a difference of {figures.decimal(100 * self.detectable, 1)} points or more in"
                " 4 of 5 such experiments."
            )
        return told


def compare_offers(
    arm: Sequence[str] | np.ndarray,
    bought: np.ndarray,
    base: str,
    costs: Mapping[str, float],
    alpha: float = ALPHA,
) -> SeveralOffers:
    """Compare every offer with the arm ``base``.

    Parameters
    ----------
    arm
        Each customer's, shape (n,).
    bought
        Booleans, shape (n,).
    costs
        Money spent on each customer of an arm; 0 where it names none.

    Raises
    ------
    DataError
        If there is no other arm than ``base``, or nobody in it.
    """
    arms = np.asarray(arm, dtype=str)
    names = [str(name) for name in np.unique(arms) if name != base]
    if not names or not (arms == base).any():
        raise DataError(
            f"Comparing offers: there must be customers without an offer ({base!r}) and one offer or more, found"
            f" {figures.count(int((arms == base).sum()))} customers and {len(names)} offers.",
            "Choose the group that got nothing.",
        )
    level = pair_level(len(names), alpha)
    counts = {name: (int(bought[arms == name].sum()), int((arms == name).sum())) for name in (base, *names)}
    found = [
        _result(
            name, counts[name], difference_of_proportions(*counts[name], *counts[base], alpha=level), costs
        )
        for name in names
    ]
    found.sort(key=lambda one: -one.share.value)
    best_two = None
    if len(found) > 1:
        best, second = (counts[one.offer] for one in found[:2])
        best_two = difference_of_proportions(*best, *second, alpha=level)
    smallest = min(number for _, number in counts.values())
    rate = counts[base][0] / counts[base][1]
    least = detectable_rate(rate, smallest, smallest, alpha=level)
    return SeveralOffers(
        base=_result(base, counts[base], None, costs),
        offers=tuple(found),
        best_two=best_two,
        detectable=None if least is None else least - rate,
    )


def pair_level(offers: int, alpha: float = ALPHA) -> float:
    """The error that each pair of arms may have: the best two are found by looking at all pairs.

    Examples
    --------
    >>> pair_level(2, 0.06)
    0.02
    """
    return alpha / (offers * (offers + 1) / 2)


def require_equal_arms(arm: Sequence[str] | np.ndarray) -> None:
    """Stop unless the sizes of the arms may come from a draw in which all had the same chance.

    Raises
    ------
    SampleRatioMismatch
        They cannot.
    """
    names, number = np.unique(np.asarray(arm, dtype=str), return_counts=True)
    sizes = {str(name): int(count) for name, count in zip(names, number, strict=True)}
    require_ratio(sample_ratio(sizes, dict.fromkeys(sizes, 1 / len(sizes))))


def _result(
    name: str, counts: tuple[int, int], difference: Interval | None, costs: Mapping[str, float]
) -> OfferResult:
    bought, customers = counts
    return OfferResult(
        offer=name,
        customers=customers,
        bought=bought,
        share=wilson(bought, customers),
        difference=difference,
        cost=costs.get(name, 0.0) * customers,
    )


def _worked(worked: Sequence[OfferResult], offers: int) -> str:
    if not worked:
        return (
            f"None of {figures.count(offers)} offers can be told from no offer, all comparisons counted."
            if offers > 1
            else "The offer cannot be told from no offer."
        )
    return f"More bought with {_named(worked)} than without an offer, beyond chance with all comparisons counted."


def _named(some: Sequence[OfferResult]) -> str:
    return " and ".join(f"“{one.offer}”" for one in some)
