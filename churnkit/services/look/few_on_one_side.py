"""When few customers left, or few stayed: what may help, in words."""

from __future__ import annotations

from churnkit.config import SMALL_CLASS_SHARE
from churnkit.text.figures import percent

_ROUNDING = 1e-9


def few_on_one_side(churned: float | None) -> str:
    """A suggestion where the share that left, or that stayed, is below 20 %; empty elsewhere.

    Examples
    --------
    >>> few_on_one_side(0.12)[:47]
    'Only 12 % of the customers left: SMOTE or under'
    >>> few_on_one_side(0.4), few_on_one_side(None)
    ('', '')
    """
    if churned is None or min(churned, 1 - churned) > SMALL_CLASS_SHARE - _ROUNDING:
        return ""
    did = "left" if churned < 0.5 else "stayed"
    return (
        f"Only {percent(min(churned, 1 - churned))} of the customers {did}: SMOTE or undersampling may help to tell them"
        " apart. Try one of them in a second analysis and keep the one with the lower log loss; class weights are the"
        " safe first choice."
    )
