"""Groups of customers that a shop treats alike.

``segments.clusters`` is imported by its own name where it is needed, since it brings scikit-learn with it.
"""

from churnkit.segments.bands import RfmBands
from churnkit.segments.comparison import FIGURES, ComparedFigure, compare
from churnkit.segments.grid import ValueBands, risk_value_grid, value_band
from churnkit.segments.groups import describe_groups
from churnkit.segments.movement import NOT_YET, movement
from churnkit.segments.rfm import SEGMENTS, rfm_scores, rfm_segment

__all__ = [
    "FIGURES",
    "NOT_YET",
    "SEGMENTS",
    "ComparedFigure",
    "RfmBands",
    "ValueBands",
    "compare",
    "describe_groups",
    "movement",
    "rfm_scores",
    "rfm_segment",
    "risk_value_grid",
    "value_band",
]
