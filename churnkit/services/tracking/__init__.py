"""Versions of the analysis in MLflow."""
