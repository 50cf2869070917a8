"""Columns of what changed since an earlier version, and of the work list."""

from churnkit.text.columns.column import Column

MOVES = (
    Column(key="move.title", heading="What they did", pinned=True),
    Column(key="move.customers", kind="count", heading="Customers"),
    Column(key="spent_since", kind="money", heading="Spent since", note="Net of returns."),
    Column(
        key="clv_then",
        kind="money",
        heading="Value of a year then",
        note="– of customers who are new since.",
        term="clv",
    ),
    Column(
        key="p_churn_then",
        kind="share",
        heading="Churn probability then",
        note="– of customers who are new since.",
        term="p_churn",
        bar=True,
    ),
    Column(key="since.then", heading="Then", note="Likely to leave, by the forecast of then."),
    Column(key="move.clv", kind="money", heading="Value of a year now", term="clv"),
    Column(key="move.value_at_risk", kind="money", heading="Value at risk now", term="value_at_risk"),
)
CAME_TRUE = (
    Column(key="came_true.title", heading="Forecast then", pinned=True),
    Column(key="came_true.customers", kind="count", heading="Customers"),
    Column(key="expected_silent", kind="number", digits=1, heading="Expected to buy nothing"),
    Column(
        key="expected_low",
        kind="number",
        digits=1,
        heading="From",
        note="In 95 of 100 cases chance between customers leaves it between these two.",
    ),
    Column(key="expected_high", kind="number", digits=1, heading="To"),
    Column(key="came_true.silent", kind="count", heading="Bought nothing"),
    Column(key="came_true.spent", kind="money", heading="Spent in the window", note="Net of returns."),
)
WORK_LIST = (
    Column(key="work.state", heading="State"),
    Column(key="work.note", heading="Note", letters=160, wide=True),
    Column(key="work.contacted_on", kind="day", heading="Last contact"),
    Column(key="work.noted_at", kind="instant", heading="Since"),
    Column(key="work.noted_by", heading="By"),
)
