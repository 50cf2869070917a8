"""Columns of tables with a row for each group of customers: tiers, segments, found groups, fields, flows, products."""

from churnkit.text.columns.column import Column

GROUPS = (
    Column(key="group", heading="Group", pinned=True),
    Column(key="tier", term="risk_tier"),
    Column(key="group.about", heading="Who they are", room=380),
    Column(
        key="group.stability",
        heading="Stability",
        note="How much of the group comes again when customers are drawn anew: stable from 75 %, doubtful below 60 %"
        " (mean Jaccard index of bootstrap resamples).",
    ),
    Column(key="group.value", heading="Value"),
    Column(key="group.advice", heading="What to do", wide=True, width=60),
    Column(key="group.recoverable", heading="Recoverable", term="recoverable"),
    Column(key="group.recoverable_low", kind="money", heading="Recoverable, low", term="recoverable"),
    Column(key="group.recoverable_high", kind="money", heading="Recoverable, high", term="recoverable"),
    Column(key="group.contacted", kind="count", heading="Contacts that pay"),
    Column(key="group.net", kind="money", heading="Net of these", term="net"),
    Column(key="group.drivers", heading="What drives them", wide=True, width=60),
    Column(key="group.apart", heading="What sets them apart", wide=True, width=60),
    Column(key="customers", kind="count", heading="Customers", width=12),
    Column(key="share", kind="share", heading="Share", width=10),
    Column(key="mean_p_churn", kind="share", heading="Mean churn probability", term="p_churn"),
    Column(key="expected_churners", kind="count", heading="Expected to leave"),
    Column(key="active", kind="count", heading="Active", term="status"),
    Column(key="expected_leavers", kind="count", heading="Expected to leave", note="Of the active."),
    Column(key="mean_clv", kind="money", heading="Mean value of a year", term="clv"),
    Column(key="clv_share", kind="share", heading="Share of value"),
    Column(key="value_at_risk_share", kind="share", heading="Share of risk"),
    Column(key="value_from", kind="money", heading="Value if kept from", term="clv_if_kept"),
    Column(key="mean_recency_days", kind="days", heading="Days since the last purchase", note="On average."),
    Column(key="mean_order_count", kind="number", heading="Orders each", digits=1),
    Column(
        key="median_recency_days",
        kind="days",
        heading="Days since the last purchase",
        note="Of half of them, or fewer.",
    ),
    Column(key="median_order_count", kind="count", heading="Orders", note="Of half of them, or more."),
)
FLOWS = (
    Column(key="from_segment", heading="From", pinned=True),
    Column(key="to_segment", heading="To", pinned=True),
    Column(key="share_of_from", kind="share", heading="Of those who began there"),
    Column(key="spend_between", kind="money", heading="Spent in between"),
    Column(key="flow.clv", kind="money", heading="Value of a year now", term="clv"),
    Column(key="flow.value_at_risk", kind="money", heading="Value at risk now", term="value_at_risk"),
)
COHORTS = (
    Column(key="cohort.cohort", kind="month", heading="First purchase in"),
    Column(key="cohort.size", kind="count", heading="Customers"),
    Column(key="cohort.age_months", kind="count", heading="Months after"),
    Column(key="cohort.customers", kind="count", heading="Bought in that month"),
    Column(key="cohort.retained_share", kind="share", heading="Share that came back"),
    Column(key="cohort.orders", kind="count", heading="Orders in that month"),
    Column(key="cohort.revenue", kind="money", heading="Revenue of that month"),
    Column(key="cohort.cumulative_value", kind="money", heading="Revenue per customer so far"),
)
LOSSES = (
    Column(
        key="lost.active_customers",
        kind="count",
        heading="Active at its end",
        note="Of those active today, lapsed customers who come back not among them.",
    ),
    Column(
        key="lost.churn_rate", kind="share", heading="Churn rate", note="Of those active at its beginning."
    ),
    Column(key="lost.left_share", kind="share", heading="Gone by its end", note="Of those active today."),
    Column(key="lost.loss", kind="money", heading="Lost in the month", term="value_at_risk"),
    Column(key="lost.cumulative", kind="money", heading="Lost so far"),
    Column(key="lost.cumulative_low", kind="money", heading="Low", note="80 % interval."),
    Column(key="lost.cumulative_high", kind="money", heading="High", note="80 % interval."),
)
COMPARISON = (
    Column(key="compared.label", heading="Figure", pinned=True),
    Column(key="compared.verdict", heading="Difference"),
    Column(key="compared.mean_a", heading="Mean of the first"),
    Column(key="compared.mean_b", heading="Mean of the second"),
    Column(key="compared.median_a", heading="Median of the first"),
    Column(key="compared.median_b", heading="Median of the second"),
    Column(
        key="compared.apart",
        heading="First less second",
        note="Of the means, with the interval that holds the true difference in 95 of 100 such comparisons (Welch).",
    ),
    Column(
        key="p_above",
        kind="share",
        heading="First above second",
        note="Share of pairs; 50 % is no difference.",
    ),
    Column(key="p_holm", kind="score", heading="p, corrected", digits=4),
    Column(key="compared.test", heading="Test"),
)
PRODUCTS = (
    Column(key="method.words", heading="Suggested is", wide=True),
    Column(key="method.first", kind="share", heading="First one right"),
    Column(key="method.any_of_three", kind="share", heading="One of three right"),
    Column(
        key="method.money",
        kind="money",
        heading="Spent on the first one",
        note="Mean over all customers, misses as 0.",
    ),
    Column(key="if_name", heading="Who buys", letters=80),
    Column(key="then_name", heading="also buys", letters=80),
    Column(
        key="rule.lift",
        kind="ratio",
        heading="Times as often",
        note="As customers in general buy it; also called lift.",
    ),
    Column(key="larger.if_names", heading="Who buys these", wide=True),
    Column(
        key="larger.shorter",
        kind="share",
        heading="Of them with one product fewer",
        note="The highest of the rules that leave one of the first products out.",
    ),
    Column(key="rule.confidence", kind="share", heading="Of them"),
    Column(key="rule.base", kind="share", heading="Of all"),
    Column(key="rule.together", kind="count", heading="Together"),
    Column(
        key="rule.value",
        kind="money",
        heading="Extra money",
        note="Expected for each: what is above chance, times the usual amount.",
    ),
)
