"""Customers who differ in nothing that matters to a tree: explained once for all of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

# More combinations of answers than this are counted by hashing, not in a table.
_DENSE_SETS = 50_000
# Codes of more combinations could run over; those that occur are numbered anew before.
_MOST_SETS = 2**62


def alike(answers: Iterable[tuple[np.ndarray, int]], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Groups of customers who give the same answers.

    Parameters
    ----------
    answers
        For each question the customers' answers, shape (count,), and how many there can be: 0 to that, less one.
    count
        Number of customers.

    Returns
    -------
    tuple
        A customer of each group, and for every customer the number of the group, shape (count,).

    Examples
    --------
    >>> first, group = alike([(np.array([0, 1, 0]), 2), (np.array([1, 1, 1]), 2)], 3)
    >>> len(first), group.tolist()
    (2, [0, 1, 0])
    """
    code, size = np.zeros(count, dtype=np.int64), 1
    for given, choices in answers:
        if size > _MOST_SETS // choices:
            code, size = _renumbered(code)
        code *= choices
        code += given
        size *= choices
    if size > _DENSE_SETS:
        code, size = _renumbered(code)
    return _first_of_each(code, size)


def _renumbered(code: np.ndarray) -> tuple[np.ndarray, int]:
    """The codes that occur as 0, 1, …, and how many there are; hashing them takes a tenth of sorting them."""
    numbers, codes = pd.factorize(code)
    return numbers.astype(np.int64, copy=False), len(codes)


def _first_of_each(code: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """A row of each code in 0..size-1 that occurs, and the number of every row's code among those."""
    row_of = np.full(size, -1)
    row_of[code] = np.arange(len(code))
    occurring = np.flatnonzero(row_of >= 0)
    number_of = np.zeros(size, dtype=np.int64)
    number_of[occurring] = np.arange(len(occurring))
    return row_of[occurring], number_of[code]
