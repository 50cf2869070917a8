"""Tables of features for the models page and for files."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from churnkit.explain.left_out import left_out
from churnkit.results.folders import Results

COLUMNS = ("feature", "cause", "words", "name")


def features_left_out(results: Results) -> pd.DataFrame:
    """One row per feature that was on offer and not learned from; no rows where no model was trained."""
    contest = results.summary.tournament
    return left_out_table({} if contest is None else contest.features_dropped)


def left_out_table(reasons: Mapping[str, str]) -> pd.DataFrame:
    """``feature`` (its name on screen), ``cause``, ``words``, ``name`` (its column)."""
    rows = [(one.label, one.cause, one.words, one.name) for one in left_out(reasons)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
