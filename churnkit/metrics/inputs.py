"""Validation of labels and scores, and the one rule for tied scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from churnkit.errors import ModelError
from churnkit.text import figures

FloatArray = NDArray[np.float64]


def read_columns(**columns: ArrayLike) -> list[FloatArray]:
    """The named columns as equally long, non-empty, finite float arrays of shape (n,).

    Raises
    ------
    ModelError
        Naming the column, with the number of bad values and the first of them.
    """
    vectors = [as_vector(name, values) for name, values in columns.items()]
    for name, vector in zip(columns, vectors, strict=True):
        require(name, vector, np.isfinite(vector), "finite")
    sizes = {name: vector.size for name, vector in zip(columns, vectors, strict=True)}
    if len(set(sizes.values())) > 1:
        raise ModelError(f"Computing a metric: all columns must be equally long, found {sizes}.")
    if vectors[0].size == 0:
        raise ModelError(
            f"Computing a metric of {', '.join(columns)}: at least one customer is needed, found none.",
            "Check the filter or the cutoff that selected the customers.",
        )
    return vectors


def read_labels(y: ArrayLike, **columns: ArrayLike) -> list[FloatArray]:
    """``read_columns`` where ``y`` must hold nothing but 0 and 1 (or booleans)."""
    vectors = read_columns(y=y, **columns)
    require("y", vectors[0], (vectors[0] == 0) | (vectors[0] == 1), "0 or 1")
    return vectors


def read_probabilities(y: ArrayLike, p: ArrayLike, **columns: ArrayLike) -> list[FloatArray]:
    """``read_labels`` where ``p`` must lie in [0, 1]."""
    vectors = read_labels(y, p=p, **columns)
    require("p", vectors[1], (vectors[1] >= 0) & (vectors[1] <= 1), "between 0 and 1")
    return vectors


def require(name: str, values: FloatArray, holds: NDArray[np.bool_], rule: str) -> None:
    """Raise a ModelError with a count and an example when ``holds`` is not all true."""
    if not holds.all():
        row = int(np.argmin(holds))
        raise ModelError(
            f"Computing a metric: {name} must be {rule}, but {figures.count(int((~holds).sum()))} of"
            f" {figures.count(holds.size)} values"
            f" are not, first {figures.significant(values[row], 6)} at position {row}.",
            "Leave out customers whose outcome or score is not known.",
        )


def as_vector(name: str, values: ArrayLike) -> FloatArray:
    """``values`` as a float array of shape (n,); a ModelError when they are no numbers or not flat."""
    try:
        vector = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ModelError(f"Computing a metric: {name} must hold numbers only ({error}).") from error
    if vector.ndim != 1:
        raise ModelError(f"Computing a metric: {name} must be one-dimensional, found shape {vector.shape}.")
    return vector


def by_descending_score(score: FloatArray, *columns: FloatArray) -> list[FloatArray]:
    """``columns`` from the highest score to the lowest, each value replaced by the mean of its tie.

    Customers with equal scores have no order. Giving each the mean of their tie makes every figure of a top k
    independent of the order of rows, and equal to its mean over all orders in which ties can be broken.
    """
    _, tie, size = np.unique(-score, return_inverse=True, return_counts=True)
    return [np.repeat(np.bincount(tie, weights=column) / size, size) for column in columns]


def equal_mass_starts(count: int, bins: int) -> NDArray[np.intp]:
    """First positions of ``bins`` runs over ``count`` sorted rows, sizes differing by one at most.

    Fewer runs when there are fewer rows than ``bins``.
    """
    if bins < 1:
        raise ModelError(f"Splitting customers into bins: at least one bin is needed, found bins={bins}.")
    runs = min(bins, count)
    return np.arange(runs) * count // runs
