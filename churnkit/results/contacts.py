"""``contacts.parquet``: how customers are reached and where they buy, by the shop's own file, one row per customer.

It stands apart from the transactions, so that no forecast can read it; lists of people to contact and the audit of
fairness do. A file that says nothing of the kind leaves none, and so did every look from before it was read.
"""

from __future__ import annotations

CONTACTS_FILE = "contacts.parquet"
"""Columns ``customer_id`` and those of `churnkit.ingest.rows.contacts` that a file has."""
