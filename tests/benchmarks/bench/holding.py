"""A tournament whose winner is settled beforehand: what an idea is worth without the chance of who wins.

One date at which another competitor wins moves log loss by 0.004 to 0.1; an idea worth 0.0005 cannot be told beside that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pandas as pd

from churnkit.tournament import knockout, selection, tuning
from churnkit.tournament.baselines import BASELINES
from churnkit.tournament.blending import LOGISTIC
from churnkit.tournament.candidates import CANDIDATES, Candidate
from churnkit.tournament.names import BLEND


@contextmanager
def holding(winner: str) -> Iterator[None]:
    """For as long as it is entered ``winner`` wins every tournament, and only the families that it is made of compete.

    Those are tuned as they would be in company, and no test of signal puts the base rate in its place. Where it does not
    compete a ``LookupError`` says so.
    """
    real = tuning.competing

    def competing(settings: Any) -> tuple[Candidate, ...]:
        return tuple(one for one in real(settings) if one.name in families_of(winner))

    def champion(board: pd.DataFrame, *_: object) -> str:
        if winner not in set(board["candidate"]):
            raise LookupError(f"{winner} does not compete here, so it cannot be held")
        return winner

    with (
        patch.object(tuning, "competing", competing),
        patch.object(selection, "_champion", champion),
        patch.object(knockout, "_tells_apart", lambda *_: True),
    ):
        yield


def families_of(winner: str) -> tuple[str, ...]:
    """Names of the models that a competitor is made of; a simple rule needs none, and a tournament one at least."""
    if winner == BLEND:
        return (LOGISTIC, *(one.name for one in CANDIDATES if one.boosted))
    return (LOGISTIC,) if winner in BASELINES else (winner,)
