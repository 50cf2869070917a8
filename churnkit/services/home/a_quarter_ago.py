"""How the shop stood a quarter ago, as its run tells it."""

from __future__ import annotations

from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.quarter import QUARTER_FILE, QuarterChange


def a_quarter_ago(results: Results) -> QuarterChange:
    """The changes of a run. Of one from before runs told them they are worked out now: two seconds, with the imports."""
    told = results.later(QuarterChange, QUARTER_FILE)
    if isinstance(told, Found):
        return told.value
    # Ibis with its dialects: Home is drawn without them.
    from churnkit.services.decide.quarter_change import quarter_change

    return quarter_change(results)
