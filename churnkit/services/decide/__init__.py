"""Whom to act on and with what: lists, segments, insights, recommendations."""
