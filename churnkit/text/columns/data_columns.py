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
DEDUCTIONS = (
    Column(key="deduction.points", kind="number", heading="Points"),
    Column(key="deduction.why", heading="Why"),
)
THRESHOLDS = (
    Column(key="threshold.days", heading="Days"),
    Column(key="customers_beyond", kind="count", heading="Customers lapsed already"),
    Column(key="share_beyond", kind="share", heading="Lapsed already"),
    Column(key="churn_share", kind="share", heading="Churned in the last window"),
    Column(key="returned_share", kind="share", heading="Followed in time"),
    Column(key="late_return_share", kind="share", heading="Came back later"),
)
SOLD = (
    Column(key="product.name", heading="Product"),
    Column(key="product.id", heading="Code"),
    Column(key="product.gross", kind="money", heading="Gross"),
    Column(key="product.lines", kind="count", heading="Lines"),
)
SEEN = (
    Column(key="seen.order_id", heading="Order", letters=40),
    Column(key="seen.customer_id", heading="Customer", letters=60),
    Column(key="seen.ordered_at", kind="instant", heading="Date"),
    Column(key="seen.ordered_on", kind="day", heading="Date"),
    Column(key="seen.rows", kind="count", heading="Rows"),
    Column(key="seen.amount", kind="money", heading="Money"),
)
MONTHS = (
    Column(key="month", kind="month", heading="Month"),
    Column(key="month.orders", kind="count", heading="Orders"),
    Column(key="month.amount", kind="money", heading="Amount"),
    Column(key="month.gross", kind="money", heading="Gross"),
    Column(key="month.refunded", kind="money", heading="Returned"),
    Column(key="month.net", kind="money", heading="Net"),
    Column(key="active_customers", kind="count", heading="Active customers"),
    Column(key="revenue", kind="money", heading="Revenue"),
    Column(key="month.interval", heading="80 % interval"),
    Column(key="active_with_action", kind="count", heading="Active with action"),
    Column(key="revenue_with_action", kind="money", heading="Revenue with action"),
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
