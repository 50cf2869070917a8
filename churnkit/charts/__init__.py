"""Frames in, Plotly figures out: they compute nothing, and look alike by one base."""

from churnkit.charts.base import COLOURS, TIER_COLOURS, figure

__all__ = ["COLOURS", "TIER_COLOURS", "figure"]
