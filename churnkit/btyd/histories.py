"""The three numbers per customer that the models need: validated and, for fitting, aggregated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from churnkit.errors import ModelError
from churnkit.text.figures import count, significant

FloatArray = NDArray[np.float64]

_REMEDY = (
    "Count purchase days: repeat_count = distinct purchase days - 1, t_x_days = first to last purchase day,"
    " age_days = first purchase day to the end of the data."
)


def as_vector(values: ArrayLike, name: str) -> FloatArray:
    """``values`` as a one-dimensional float array; a scalar becomes one element.

    Raises
    ------
    ModelError
        When the values are not numbers or have more than one dimension.
    """
    try:
        vector = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise ModelError(f"Reading {name}: it must hold numbers only ({error}).", _REMEDY) from error
    if vector.ndim != 1:
        raise ModelError(f"Reading {name}: it must be one-dimensional, found shape {vector.shape}.", _REMEDY)
    return vector


def distinct(values: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """``np.unique`` with the position of each value among the distinct ones; of small whole numbers without a sort."""
    if values.size and values.min() >= 0 and values.max() <= 4 * values.size + 10_000:
        whole = values.astype(np.int64)
        if (whole == values).all():
            there = np.bincount(whole) > 0
            return np.flatnonzero(there).astype(np.float64), (np.cumsum(there) - 1)[whole]
    unique, index = np.unique(values, return_inverse=True)
    return unique, index


def require_all(holds: NDArray[np.bool_], rule: str, remedy: str, **columns: FloatArray) -> None:
    """Raise a ModelError that counts the rows that break ``rule`` and shows the first of them."""
    if holds.all():
        return
    row = int(np.argmin(holds))
    example = ", ".join(f"{name}={significant(column[row], 6)}" for name, column in columns.items())
    raise ModelError(
        f"Purchase histories: {rule} must hold, but {count(int((~holds).sum()))} of {count(holds.size)} customers"
        f" break it, first at position {row} ({example}).",
        remedy,
    )


@dataclass(frozen=True)
class Histories:
    """Purchase histories, all arrays of shape (n,).

    ``weight`` counts the customers behind a row. ``x_unique`` and ``x_index`` give the distinct values of
    ``x``, of which there are few, so that special functions are evaluated once per value and not per row.
    """

    x: FloatArray
    t_x: FloatArray
    age: FloatArray
    weight: FloatArray
    x_unique: FloatArray
    x_index: NDArray[np.intp]

    @classmethod
    def read(
        cls,
        repeat_count: ArrayLike,
        t_x_days: ArrayLike,
        age_days: ArrayLike,
        weights: ArrayLike | None = None,
    ) -> Self:
        """Validated histories in the order given.

        Raises
        ------
        ModelError
            Unequal lengths; values that are not finite; ``repeat_count`` negative or not whole; not
            ``0 <= t_x_days <= age_days``; ``t_x_days`` zero with repeats, or positive without.
        """
        x = as_vector(repeat_count, "repeat_count")
        t_x = as_vector(t_x_days, "t_x_days")
        age = as_vector(age_days, "age_days")
        weight = np.ones_like(x) if weights is None else as_vector(weights, "weights")
        sizes = {"repeat_count": x.size, "t_x_days": t_x.size, "age_days": age.size, "weights": weight.size}
        if len(set(sizes.values())) > 1:
            raise ModelError(f"Purchase histories: all columns must be equally long, found {sizes}.", _REMEDY)
        columns = {"repeat_count": x, "t_x_days": t_x, "age_days": age}
        finite = np.isfinite(x) & np.isfinite(t_x) & np.isfinite(age)
        require_all(finite, "finite numbers", _REMEDY, **columns)
        require_all((x >= 0) & (x == np.floor(x)), "repeat_count a whole number >= 0", _REMEDY, **columns)
        require_all((t_x >= 0) & (t_x <= age), "0 <= t_x_days <= age_days", _REMEDY, **columns)
        require_all((x > 0) == (t_x > 0), "t_x_days > 0 exactly when repeat_count > 0", _REMEDY, **columns)
        usable = np.isfinite(weight) & (weight >= 0)
        require_all(usable, "finite weights >= 0", "Drop those customers or weigh them 0.", weights=weight)
        return cls._indexed(x, t_x, age, weight)

    @classmethod
    def _indexed(cls, x: FloatArray, t_x: FloatArray, age: FloatArray, weight: FloatArray) -> Self:
        x_unique, x_index = distinct(x)
        return cls(x, t_x, age, weight, x_unique, x_index)

    @cached_property
    def ages(self) -> tuple[FloatArray, NDArray[np.intp]]:
        """The distinct values of ``age``, and each row's position among them, as ``x_unique`` and ``x_index``."""
        return distinct(self.age)

    @cached_property
    def last_times(self) -> tuple[FloatArray, NDArray[np.intp]]:
        """The same of ``t_x``."""
        return distinct(self.t_x)

    def aggregated(self, time_unit: float) -> Self:
        """Equal (x, t_x, age) merged, weights added; weightless rows left out; time in ``time_unit``."""
        weighted = self.weight > 0
        x, t_x, age = self.x[weighted], self.t_x[weighted], self.age[weighted]
        order, starts = _runs(x, t_x, age)
        weight = np.add.reduceat(self.weight[weighted][order], starts)
        first = order[starts]
        return self._indexed(x[first], t_x[first] / time_unit, age[first] / time_unit, weight)

    def without_recency(self) -> Self:
        """Equal (x, age) merged, for a likelihood in which ``t_x`` plays no part; it is set to ``age``."""
        order, starts = _runs(self.x, self.age)
        first = order[starts]
        weight = np.add.reduceat(self.weight[order], starts)
        return self._indexed(self.x[first], self.age[first], self.age[first], weight)

    def coarse(self, step: float) -> Self:
        """Customers of like (x, t_x, age) merged at their means: times that lie in the same ``step`` are alike."""
        order, starts = _runs(self.x, np.floor(self.t_x / step), np.floor(self.age / step))
        weight = np.add.reduceat(self.weight[order], starts)
        t_x, age = (
            np.add.reduceat((self.weight * values)[order], starts) / weight for values in (self.t_x, self.age)
        )
        return self._indexed(self.x[order[starts]], np.minimum(t_x, age), age, weight)


def _runs(*columns: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions by the columns, the first one first, and where in that order a new combination of values begins."""
    order = np.lexsort(columns[::-1])
    is_first = np.ones(order.size, dtype=bool)
    is_first[1:] = np.any([np.diff(column[order]) != 0 for column in columns], axis=0)
    return order, np.flatnonzero(is_first)
