"""A part that is there, or the reason why it is not: whoever reads one has to deal with both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Found(Generic[T_co]):
    """A part that could be had.

    Examples
    --------
    >>> part: Found[int] | Missing = Found(3)
    >>> match part:
    ...     case Found(value):
    ...         print(value)
    ...     case Missing(reason):
    ...         print(reason)
    3
    """

    value: T_co


@dataclass(frozen=True)
class Missing:
    """A part that could not be had; ``reason`` is one sentence or more for the reader, never empty."""

    reason: str
