"""Fitted models as files that run no code when they are read: plain values, numbers in arrays, boosters' own text."""
