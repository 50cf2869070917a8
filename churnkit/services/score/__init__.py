"""Scoring a shop's newer file by a model that was fitted before, without training anything."""
