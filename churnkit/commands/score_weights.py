"""The option ``--weights``: by what the champion is chosen."""

from __future__ import annotations

import argparse
from dataclasses import fields

from churnkit.config import ScoreWeights
from churnkit.errors import SettingsError

_EXAMPLE = "For example f1=0.2,recall=0.5,profit=0.2,stability=0.1."


def add_score_weights(parser: argparse.ArgumentParser) -> None:
    """Enter the option."""
    parser.add_argument(
        "--weights",
        metavar="PART=W,…",
        help="what the champion is chosen by: f1, recall, profit, stability, as f1=0.2,recall=0.8; a part that is not named"
        " weighs 0 (default: f1=0.4,recall=0.3,profit=0.2,stability=0.1). Who does not beat every simple rule in log loss"
        " cannot win whatever they are",
    )


def score_weights(text: str | None) -> ScoreWeights:
    """The weights that the option names; the defaults without it.

    Raises
    ------
    SettingsError
        A part has another name, a weight is no number, or all are 0.

    Examples
    --------
    >>> score_weights("f1=1,recall=2").recall
    2.0
    """
    if text is None:
        return ScoreWeights()
    known = [one.name for one in fields(ScoreWeights)]
    values = dict.fromkeys(known, 0.0)
    for part in text.split(","):
        name, _, number = part.partition("=")
        name = name.strip()
        if name not in values:
            raise SettingsError(
                f"Reading --weights {text!r}: {name!r} is none of {', '.join(known)}.", _EXAMPLE
            )
        try:
            values[name] = float(number)
        except ValueError:
            raise SettingsError(
                f"Reading --weights {text!r}: the weight of {name} must be a number, found {number!r}.",
                _EXAMPLE,
            ) from None
    return ScoreWeights(**values)
