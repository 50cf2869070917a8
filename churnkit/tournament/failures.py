"""A candidate that cannot be fitted steps aside: which exceptions are its own failure, and what the reader is told."""

from __future__ import annotations

import textwrap

_MOST_LETTERS = 160


class SteppedAside(Exception):
    """Fitting ``name`` on more data failed after it was validated; ``reason`` in words."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


def fit_errors() -> tuple[type[Exception], ...]:
    """What fitting or asking a library's model may raise: scikit-learn's and XGBoost's are ``ValueError``."""
    from lightgbm.basic import LightGBMError

    return (ValueError, ArithmeticError, RuntimeError, MemoryError, LightGBMError)


def reason_of(error: Exception) -> str:
    """The kind of failure and the first line that says something, as one sentence without its end."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kind = type(error).__name__
    return textwrap.shorten(f"{kind}: {lines[0]}" if lines else kind, _MOST_LETTERS, placeholder="…")
