"""One customer with changed figures: what would the champion say?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from churnkit.errors import DataError
from churnkit.results.folders import Results
from churnkit.store import ModelSeal

if TYPE_CHECKING:
    from churnkit.explain.effects import Ask

_ROWS_OF_A_PAGE = 2_400


class Scorer:
    """A run's champion in memory, its customers on disk; threads may share it.

    Only what is changed changes: features that follow from it elsewhere in the panel (a rank, say) stand as they are.
    The purchase process as a champion is asked anew with the changed days and orders.

    Parameters
    ----------
    ask, names
        See ``explain.effects.asking``.
    row_of
        Panel row of a customer by id, empty for an unknown one.
    asked_at_most
        Rows that a page can wait for.
    """

    def __init__(
        self, ask: Ask, names: list[str], row_of: Callable[[str], pd.DataFrame], *, asked_at_most: int
    ) -> None:
        self.ask = ask
        self.asked_at_most = asked_at_most
        self._names = frozenset(names)
        self._row_of = row_of

    def p(self, customer_id: str, changes: Mapping[str, float]) -> tuple[float, float]:
        """Probability of churn as it is, and with some features at other values.

        Raises
        ------
        DataError
            The customer is unknown; a feature is not one that the champion looks at, or its value is no number.
        """
        row = self._row_of(customer_id)
        if row.empty:
            raise DataError(
                "Asking about a customer: the analysis knows nobody with that id.", "Choose one of the list."
            )
        for name, value in changes.items():
            if name not in self._names or not math.isfinite(value):
                raise DataError(
                    f"Asking about a customer with {name} at {value!r}: it must be a number, and a feature that the"
                    f" champion looks at ({len(self._names)} of them, e.g. {min(self._names, default='none')})."
                )
        both = row.iloc[[0, 0]].reset_index(drop=True)
        for name, value in changes.items():
            both[name] = [float(row[name].iloc[0]), float(value)]
        before, after = self.ask(both)
        return float(before), float(after)


def load_scorer(run_folder: Path, models_folder: Path, seal: ModelSeal | None) -> Scorer | None:
    """The scorer of a run; None where simple rules scored, which look at the last purchase only.

    Parameters
    ----------
    seal
        As for ``stored_model``.

    Raises
    ------
    ModelError
        The model file is missing, was changed, or holds something else.
    """
    # Models come with libraries that take seconds to import, and few visitors ask for one.
    from churnkit.explain.effects import affordable_rows, asking
    from churnkit.services.whatif.stored_model import stored_model

    results = Results(run_folder)
    if results.summary.method == "rules":
        return None
    model = stored_model(results, models_folder, seal)
    # Only a simple rule may have to be fitted on the customers once more.
    at_cutoff = results.scored() if model.baseline is not None else pd.DataFrame()
    ask, names = asking(model, at_cutoff)
    # A slider asks about the same customer again and again.
    return Scorer(
        ask,
        names,
        lru_cache(maxsize=64)(results.scored_row),
        asked_at_most=affordable_rows(model, _ROWS_OF_A_PAGE),
    )
