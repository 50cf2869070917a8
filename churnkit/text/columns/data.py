"""Columns about the file itself: rows left out, checks, months."""

from churnkit.text.columns.column import Column

LEDGER = (
    Column(key="ledger.reason", heading="Reason", width=24),
    Column(key="ledger.action", heading="Done", width=10),
    Column(key="rows", kind="count", heading="Rows", width=12),
    Column(key="ledger.explanation", heading="Why", width=70, wide=True),
    Column(key="ledger.examples", heading="Examples", width=90, wide=True),
    Column(key="ledger.example_rows", heading="Examples", width=90, wide=True),
)
CHECKS = (
    Column(key="check.code", heading="Code", width=10),
    Column(key="check.group", heading="Group", width=22),
    Column(key="check.title", heading="Check", width=34),
    Column(key="check.outcome", heading="Outcome", width=12),
    Column(key="check.points", kind="number", heading="Points lost", width=11),
    Column(key="check.words", heading="Finding", width=70),
    Column(key="check.remedy", heading="What to do about it", width=70),
)
SUMMARY = (
    Column(key="summary.figure", heading="Figure", width=28),
    Column(key="summary.value", heading="Value", width=26),
    Column(key="summary.note", heading="Note", width=90),
)
DEFINITIONS = (
    Column(key="definition.term", heading="Term", width=30),
    Column(key="definition.meaning", heading="Meaning", width=110),
)
