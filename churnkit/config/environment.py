"""Numbers from the environment."""

from __future__ import annotations

import math
import os

from churnkit.config.checks import require


def number(name: str, usual: float) -> float:
    """The number that a variable holds, ``usual`` where it is not set.

    Raises
    ------
    SettingsError
        It holds no finite number.
    """
    text = os.environ.get(name, "").strip()
    try:
        value = float(text) if text else usual
    except ValueError:
        value = math.nan
    require(math.isfinite(value), name, text, "a number")
    return value
