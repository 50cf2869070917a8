"""What may be said only of a forecast that has proven itself on the shop's past."""

from __future__ import annotations

from churnkit.results.folders import Results
from churnkit.results.found import Missing
from churnkit.ui.parts import empty


def unproven(results: Results) -> bool:
    """Whether nothing proves the forecast; says so in the place of the advice that there cannot be then."""
    advice = results.evidence.recommended
    if not isinstance(advice, Missing):
        return False
    empty("No advice without proof", advice.reason, icon=":material/help:")
    return True
