"""Options of ``analyze`` that explain: rules for the risk tiers, and why single customers are scored as they are."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from churnkit.services.analyse.analysis import Analysis


def add_explanation_options(parser: argparse.ArgumentParser) -> None:
    """``--rules`` and ``--explain``."""
    parser.add_argument(
        "--rules",
        action="store_true",
        help="write rules.csv, IF-THEN rules for high, medium and low risk measured on a later date, and"
        " customers_by_rule.csv: for lists that must be made without this program",
    )
    parser.add_argument(
        "--explain",
        nargs="+",
        default=(),
        metavar="ID",
        help="write explanations.csv: why these customers are scored as they are by SHAP, and by LIME as a second opinion"
        " before acting on a reason",
    )


def write_explanations(options: argparse.Namespace, analysis: Analysis) -> list[Path]:
    """Write what the options ask for; says so where no rule holds.

    Raises
    ------
    DataError
        The analysis knows nobody with one of the ids; nothing was written.
    """
    if not (options.rules or options.explain):
        return []
    from churnkit.services.deliver.explanation_files import write_opinions, write_rules

    written = write_opinions(analysis, options.explain, options.output)
    if not options.rules:
        return written
    rules, why_none = write_rules(analysis, options.output)
    if why_none:
        print(f"No rules.csv: {why_none}")
    return written + rules
