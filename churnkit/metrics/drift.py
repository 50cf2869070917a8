"""Population stability index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from churnkit.errors import ModelError
from churnkit.metrics.inputs import FloatArray, as_vector
from churnkit.text.figures import count


@dataclass(frozen=True)
class Shift:
    """A population stability index, and how many bins held somebody on either side."""

    psi: float
    bins: int


def psi(reference: ArrayLike, actual: ArrayLike, bins: int = 10) -> float:
    """Population stability index: ``sum (a - e) ln(a / e)`` over shares of ``actual`` and ``reference``.

    Inner edges are quantiles of the reference; the outer bins are open-ended, so that values beyond anything
    seen before count. A value that fills a whole quantile step (discount 0, say) gets a bin to itself, and so
    do missing values (NaN). A bin that is empty on one side counts as half a customer there, which keeps the
    index finite.

    Parameters
    ----------
    reference, actual
        Shapes (n,) and (m,), not empty; NaN allowed.
    bins
        Number of quantile steps, >= 2.

    Returns
    -------
    float
        >= 0, 0 for equal shares. By custom below 0.10 is stable, above 0.25 a significant shift; in small
        samples chance alone exceeds that.

    Raises
    ------
    ModelError
        An empty side, or fewer than two bins.

    Examples
    --------
    >>> psi([1, 2, 3, 4], [1, 2, 3, 4], bins=2)
    0.0
    >>> round(psi([1, 2, 3, 4], [3, 3, 3, 4], bins=2), 3)
    0.866
    """
    return shift(reference, actual, bins).psi


def shift(reference: ArrayLike, actual: ArrayLike, bins: int = 10) -> Shift:
    """:func:`psi` with the number of bins that it was summed over, which chance alone depends on.

    Examples
    --------
    >>> shift([1, 2, 3, 4], [1, 2, 3, 4], bins=2)
    Shift(psi=0.0, bins=2)
    """
    if bins < 2:
        raise ModelError(f"Computing PSI: at least two bins are needed, found bins={bins}.")
    before, after = as_vector("reference", reference), as_vector("actual", actual)
    if before.size == 0 or after.size == 0:
        raise ModelError(
            f"Computing PSI: both sides need values, found {count(before.size)} of reference and"
            f" {count(after.size)} of actual."
        )
    edges = _edges(before[~np.isnan(before)], bins)
    count_before, count_after = _counts(before, edges), _counts(after, edges)
    filled = (count_before > 0) | (count_after > 0)
    share_before = np.maximum(count_before[filled], 0.5) / before.size
    share_after = np.maximum(count_after[filled], 0.5) / after.size
    index = float(np.sum((share_after - share_before) * np.log(share_after / share_before)))
    return Shift(psi=index, bins=int(filled.sum()))


def _edges(reference: FloatArray, bins: int) -> FloatArray:
    """Right edges (included) of all bins but the last; the float before a repeated quantile isolates it."""
    if reference.size == 0:
        return reference
    steps = np.arange(1, bins) / bins
    quantiles, repeats = np.unique(np.quantile(reference, steps, method="inverted_cdf"), return_counts=True)
    return np.union1d(quantiles, np.nextafter(quantiles[repeats > 1], -np.inf))


def _counts(values: FloatArray, edges: FloatArray) -> NDArray[np.intp]:
    """Values per bin, missing ones last."""
    missing = np.isnan(values)
    position = np.where(missing, edges.size + 1, np.searchsorted(edges, values, side="left"))
    return np.bincount(position, minlength=edges.size + 2)
