"""Telling people: what is noted of a run, who is told, digests and reports by mail."""
