"""What a part of the evidence hands back: figures, or a sentence on why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Missing:
    """Figures that cannot be had, and why, for the reader."""

    reason: str


Part = Mapping[str, Any]
"""Keys of ``evidence.json`` with plain values or :class:`Missing`."""


def settled(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The parts with None in the place of what is missing, and the reasons under ``missing``."""
    missing = {key: value.reason for key, value in parts.items() if isinstance(value, Missing)}
    return {key: None if key in missing else value for key, value in parts.items()} | {"missing": missing}
