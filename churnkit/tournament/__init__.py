"""Candidates, time-aware validation, tuning, calibration, blend, selection and model files."""
