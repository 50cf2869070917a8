"""Groups of customers that a shop treats alike."""

from churnkit.segments.rfm import SEGMENTS, rfm_scores, rfm_segment

__all__ = ["SEGMENTS", "rfm_scores", "rfm_segment"]
