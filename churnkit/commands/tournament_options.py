"""Options on how the models compete."""

from __future__ import annotations

import argparse

from churnkit.config import IMBALANCES, ON_DEMAND, SEARCHES, TournamentSettings
from churnkit.errors import SettingsError


def add_tournament_options(parser: argparse.ArgumentParser) -> None:
    """``--budget-seconds``, ``--seed``, ``--search``, ``--imbalance``, ``--candidates`` and ``--training-window``."""
    parser.add_argument(
        "--budget-seconds",
        type=float,
        default=60.0,
        metavar="S",
        help="time for tuning, test and backtest; more seconds try more sets of parameters (default: 60)",
    )
    parser.add_argument(
        "--seed", type=int, default=42, metavar="N", help="same seed, same output (default: 42)"
    )
    parser.add_argument(
        "--search",
        choices=SEARCHES,
        default="random",
        help="how sets of parameters are chosen: by chance, from a grid, or by Optuna, which learns from the sets before"
        " and must be installed (default: random)",
    )
    parser.add_argument(
        "--imbalance",
        choices=IMBALANCES,
        default="class_weight",
        help="what makes up for few leavers or few stayers; smote makes up customers and undersample drops some of the"
        " larger class, both only where the smaller one is below 20 %% (default: class_weight)",
    )
    parser.add_argument(
        "--candidates",
        default="",
        metavar="NAME,NAME",
        help=f"also let compete: some of {', '.join(ON_DEMAND)}",
    )
    parser.add_argument(
        "--training-window",
        default="all",
        metavar="MONTHS|all",
        help="learn from the outcomes of the last months only, 12 or 18 for a shop that has changed (default: all)",
    )


def tournament_settings(options: argparse.Namespace) -> TournamentSettings:
    """What the options say.

    Raises
    ------
    SettingsError
        A name that no candidate has, or a window that is no number of months.
    """
    return TournamentSettings(
        budget_seconds=options.budget_seconds,
        seed=options.seed,
        search=options.search,
        imbalance=options.imbalance,
        extras=tuple(name.strip() for name in options.candidates.split(",") if name.strip()),
        training_months=_months(options.training_window),
    )


def _months(window: str) -> int | None:
    if window == "all":
        return None
    try:
        return int(window)
    except ValueError:
        raise SettingsError(
            f"Reading the options: --training-window must be a number of months or 'all', found {window!r}."
        ) from None
