"""What every command that trains asks for: churn, candidates, money and who answers for the model."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

from churnkit.commands.score_weights import add_score_weights, score_weights
from churnkit.commands.threshold_options import add_threshold_options, horizon_days, threshold_settings
from churnkit.commands.tournament_options import add_tournament_options, tournament_settings
from churnkit.config import AnalysisSettings, Money


def add_training_options(parser: argparse.ArgumentParser) -> None:
    """Enter the options."""
    add_threshold_options(parser)
    add_tournament_options(parser)
    parser.add_argument("--margin", type=float, default=1.0, help="margin on spend in clv, 0..1 (default: 1)")
    parser.add_argument(
        "--discount-rate", type=float, default=0.0, help="yearly discount rate of clv, 0..1 (default: 0)"
    )
    add_score_weights(parser)
    parser.add_argument(
        "--model-owner", default="", metavar="NAME", help="who answers for the model: stands in its card"
    )


def training_settings(options: argparse.Namespace) -> AnalysisSettings:
    """The settings that were chosen.

    Raises
    ------
    SettingsError
        One is out of its range.
    """
    return AnalysisSettings(
        horizon_days=horizon_days(options),
        threshold=threshold_settings(options),
        money=Money(margin=options.margin, annual_discount_rate=options.discount_rate),
        tournament=replace(tournament_settings(options), weights=score_weights(options.weights)),
    )


def one_thread_each() -> None:
    """Let numeric libraries work in one thread: the tournament's share the cores already.

    They read it when they are first imported, hence before any service.
    """
    for name, value in (
        ("OMP_NUM_THREADS", "1"),
        ("OPENBLAS_NUM_THREADS", "1"),
        ("OMP_WAIT_POLICY", "PASSIVE"),
    ):
        os.environ.setdefault(name, value)
