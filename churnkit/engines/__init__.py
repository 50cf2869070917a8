"""Scoring by a stored run where one machine is not enough: the panel's own expressions on DuckDB, Sail or Spark."""
