"""A server that shows a finished example to everybody who has no analysis of their own."""

from __future__ import annotations

import os


def is_demo() -> bool:
    """Whether this server shows the example to those who have no analysis (``CHURNKIT_DEMO=1``)."""
    return os.environ.get("CHURNKIT_DEMO", "") not in ("", "0")
