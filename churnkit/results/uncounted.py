"""``uncounted.parquet``: the orders of a look's file that do not count, so that a shop's history can hear of them."""

from __future__ import annotations

UNCOUNTED_FILE = "uncounted.parquet"
"""Columns ``order_id``, ``first_at`` and ``last_at``; looks of earlier versions have none."""
