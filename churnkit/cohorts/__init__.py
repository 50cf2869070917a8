"""Customers by the period of their first purchase: who came back, how often, and what they brought."""

from churnkit.cohorts.triangle import MEASURES, PERIODS, Measure, average_curve, triangle

__all__ = ["MEASURES", "PERIODS", "Measure", "average_curve", "triangle"]
