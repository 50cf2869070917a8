"""Where boosted trees are trained."""

from __future__ import annotations

import os
from typing import Literal, cast, get_args

from churnkit.config.checks import require

BOOSTER_DEVICE = "CHURNKIT_BOOSTER_DEVICE"
DeviceName = Literal["cpu", "cuda"]


def booster_device() -> DeviceName:
    """What is asked for (``CHURNKIT_BOOSTER_DEVICE``): the processor unless set, ``cuda`` for a graphics card.

    It is asked for and not taken by itself, since the same seed gives the same file on every processor only.

    Raises
    ------
    SettingsError
        It is neither.
    """
    said = os.environ.get(BOOSTER_DEVICE, "").strip().lower() or "cpu"
    known = get_args(DeviceName)
    require(said in known, BOOSTER_DEVICE, said, f"one of {', '.join(known)}")
    return cast(DeviceName, said)
