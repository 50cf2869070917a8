"""Columns of customers: the list, the workbook's sheet, hypothetical ones, lists to contact."""

from churnkit.text.columns.column import Column

_SPEND_RANGE = (
    "In 8 of 10 cases, if the customer buys, the spend lies between low and high. It begins at 0 where more than one in ten"
    " customers with such a churn probability buy nothing."
)
# In the order of the workbook.
CUSTOMERS = (
    Column(key="customer_id", heading="Customer", width=26, letters=60, pinned=True),
    Column(key="rank", kind="count", term="rank", width=7),
    Column(key="status", term="status", width=9),
    Column(key="p_churn", kind="share", term="p_churn", width=12, bar=True),
    Column(key="risk_tier", term="risk_tier", width=12),
    Column(key="value_at_risk", kind="money", term="value_at_risk"),
    Column(key="clv", kind="money", term="clv"),
    Column(key="clv_low", kind="money", heading="Value of a year, low"),
    Column(key="clv_high", kind="money", heading="Value of a year, high"),
    Column(key="clv_if_kept", kind="money", term="clv_if_kept"),
    Column(key="clv_if_lost", kind="money", term="clv_if_lost"),
    Column(key="spend_last_year", kind="money", term="spend_last_year"),
    Column(key="expected_next_order", kind="day", term="expected_next_order", width=12),
    Column(key="expected_orders", kind="number", heading="Expected orders", width=11),
    Column(key="expected_spend", kind="money", term="expected_spend"),
    Column(key="expected_spend_low", kind="money", heading="Expected spend, low", note=_SPEND_RANGE),
    Column(key="expected_spend_high", kind="money", heading="Expected spend, high", note=_SPEND_RANGE),
    Column(key="last_purchase_at", kind="day", heading="Last purchase", width=12),
    Column(key="recency_days", kind="days", term="recency", width=12),
    Column(key="first_purchase_at", kind="day", heading="First purchase", width=12),
    Column(key="order_count", kind="count", term="order_count", width=9),
    Column(key="monetary_total", kind="money", term="monetary_total"),
    Column(key="mean_order_value", kind="money", heading="Mean order", width=12),
    Column(key="gap_mean_days", kind="days", heading="Usual gap in days", width=11),
    Column(key="overdue_ratio", kind="ratio", term="overdue", width=12),
    Column(key="segment", term="segment", width=18),
    Column(key="r_score", kind="count", heading="R", width=5),
    Column(key="f_score", kind="count", heading="F", width=5),
    Column(key="m_score", kind="count", heading="M", width=5),
    Column(key="p_alive", kind="share", term="p_alive", width=12),
    Column(key="p_churn_before", kind="share", heading="Churn probability one threshold ago", width=14),
    Column(key="risk_tier_before", heading="Risk tier one threshold ago", width=12),
    Column(key="p_churn_if_bought", kind="share", heading="Churn probability if bought today", width=14),
    Column(key="factor_1", heading="Main reason", term="reason", width=46, letters=160, told=True, wide=True),
    Column(
        key="factor_2", heading="Second reason", term="reason", width=46, letters=160, told=True, wide=True
    ),
    Column(
        key="factor_3", heading="Third reason", term="reason", width=46, letters=160, told=True, wide=True
    ),
)
ORDERS = (
    Column(key="order.ordered_at", kind="instant", heading="Date"),
    Column(key="order.order_id", heading="Order", letters=60),
    Column(key="order.lines", kind="count", heading="Lines"),
    Column(key="order.amount", kind="money", heading="Amount"),
    Column(key="order.day", kind="day", heading="Day"),
    Column(key="order.value", kind="money", heading="Value"),
)
ACTIONS = (
    Column(key="action.rank", kind="count", heading="#", pinned=True),
    Column(key="action.action", heading="Action"),
    Column(key="action.channel", heading="Channel", room=120),
    Column(key="action.offer", heading="Offer", letters=80, room=110),
    Column(
        key="action.product",
        heading="Product",
        note="What goes with what the customer has: see Products and timing.",
        letters=60,
        room=130,
    ),
    Column(key="action.reason", heading="Reason", letters=160, wide=True),
    Column(key="expected_gain", kind="money", heading="Expected gain", term="net"),
    Column(key="expected_cost", kind="money", heading="Expected cost"),
    Column(
        key="due_from",
        kind="day",
        heading="Due from",
        note="If an order comes within the threshold, in 8 of 10 cases between these days.",
    ),
    Column(key="due_until", kind="day", heading="Due until"),
)
LOOKALIKES = (
    Column(key="alike.place", kind="count", heading="#", pinned=True),
    Column(
        key="alike.likeness",
        kind="share",
        heading="Nearer than",
        note="The share of the group's own members that is further from its typical members than this customer.",
    ),
    Column(
        key="alike.like",
        heading="Most like",
        letters=60,
        note="The typical member of the group that is nearest.",
    ),
    Column(
        key="alike.why",
        heading="In what",
        letters=260,
        wide=True,
        note="What both have in common and most others have not; in brackets the median customer.",
    ),
)
CAMPAIGN_MEMBERS = (
    Column(key="member.arm", heading="Contacted or left out", term="holdout"),
    Column(key="member.stratum", heading="Drawn among (risk, fifth of value)"),
    Column(key="excluded.reason", heading="Reason"),
    Column(key="excluded.detail", heading="Which", letters=80),
)
