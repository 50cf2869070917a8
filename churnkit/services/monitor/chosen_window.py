"""How far back a new model learns from, with the reason for whoever asks later."""

from __future__ import annotations

import pandas as pd

from churnkit.windows import CutoffPlan


class ChosenWindow:
    """Chooses once, and keeps why.

    Attributes
    ----------
    words
        Why, in a sentence; empty before anything was chosen.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.words = ""

    def choose(self, panel: pd.DataFrame, plan: CutoffPlan) -> int | None:
        """Months before a date, None for the whole history."""
        # Comes with a library that an analysis without a challenger does not need.
        from churnkit.monitoring.training_window import best_window

        months, self.words = best_window(panel, plan, self._seed)
        return months
