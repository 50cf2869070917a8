"""Customers by the month of their first purchase: who came back, how often, and what they brought."""

from churnkit.cohorts.triangle import MEASURES, Measure, average_curve, triangle

__all__ = ["MEASURES", "Measure", "average_curve", "triangle"]
