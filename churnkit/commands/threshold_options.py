"""How the churn threshold is found: options of the commands that need one."""

from __future__ import annotations

import argparse

from churnkit.config import ThresholdSettings
from churnkit.errors import SettingsError


def add_threshold_options(parser: argparse.ArgumentParser) -> None:
    """``--horizon-days`` and ``--max-return-share``."""
    parser.add_argument(
        "--horizon-days",
        default="auto",
        metavar="N|auto",
        help="days of silence that count as churn (default: auto)",
    )
    parser.add_argument(
        "--max-return-share",
        type=float,
        default=0.20,
        metavar="S",
        help="the threshold is the shortest silence after which at most this share come back, 0..1 (default: 0.2)",
    )


def threshold_settings(options: argparse.Namespace) -> ThresholdSettings:
    """How many may come back after the threshold."""
    return ThresholdSettings(max_return_share=options.max_return_share)


def horizon_days(options: argparse.Namespace) -> int | None:
    """The threshold that somebody named, in days; None: it is found."""
    text = options.horizon_days
    if text == "auto":
        return None
    if not text.isdigit():
        raise SettingsError(
            f"Reading --horizon-days {text!r}: it must be a whole number of days, or auto.", "For example 90."
        )
    return int(text)
