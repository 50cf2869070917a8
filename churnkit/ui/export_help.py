"""How the right file comes out of a shop's system."""

from __future__ import annotations


def export_help() -> None:
    """The steps to an export of orders, by shop system."""
