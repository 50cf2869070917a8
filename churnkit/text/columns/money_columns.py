"""Columns of campaigns on paper and of what became of them: scenarios, risk by group, readouts."""

from churnkit.text.columns.column import Column

SCENARIOS = (
    Column(key="scenario.name", heading="Plan", letters=60, pinned=True),
    Column(key="scenario.whom", heading="Of whom", letters=40),
    Column(key="contacted", kind="count", heading="Customers"),
    Column(key="save_rate", kind="share", term="save_rate"),
    Column(key="discount", kind="share", heading="Discount"),
    Column(key="cost", kind="money", heading="Cost"),
    Column(key="saves", kind="number", heading="Stay because of it", digits=1),
    Column(key="revenue_protected", kind="money", heading="Sales kept"),
    Column(key="net", kind="money", term="net"),
    Column(key="net_low", kind="money", heading="Net, low"),
    Column(key="net_high", kind="money", heading="Net, high"),
    Column(key="roi", kind="share", term="roi"),
    Column(key="p_profit", kind="share", heading="Pays in"),
)
BUDGETS = (
    Column(key="budget.customers", kind="count", heading="Customers"),
    Column(key="budget.places", kind="count", heading="At most"),
    Column(key="budget.cost", kind="money", heading="Cost"),
    Column(key="budget.saves", kind="number", heading="Stay because of it", digits=1),
    Column(key="budget.place_value", kind="money", heading="One more place would bring"),
)
SWINGS = (
    Column(key="swing.what", heading="Assumption", letters=60, pinned=True),
    Column(key="swing.low", heading="From"),
    Column(key="swing.high", heading="To"),
    Column(key="swing.net_low", kind="money", heading="Net at the lower end"),
    Column(key="swing.net_high", kind="money", heading="Net at the upper end"),
    Column(key="swing.kind", heading="How the range is known"),
)
RISK = (
    Column(key="leavers", kind="count", heading="Expected to leave"),
    Column(key="leavers_low", kind="count", heading="Low"),
    Column(key="leavers_high", kind="count", heading="High"),
    Column(key="value_at_risk_low", kind="money", heading="Low"),
    Column(key="value_at_risk_high", kind="money", heading="High"),
)
YEARS = (
    Column(key="year.cutoff", kind="day", heading="Forecast at"),
    Column(key="year.days", kind="days", heading="Days ahead"),
    Column(key="year.customers", kind="count", heading="Customers then"),
    Column(key="year.forecast", kind="money", heading="Forecast"),
    Column(key="year.actual", kind="money", heading="Came"),
    Column(key="year.ratio", kind="ratio", heading="Forecast to what came"),
    Column(key="year.total_repeat", kind="money", heading="The days before, repeated"),
    Column(key="year.mae", kind="money", heading="Off by a customer", note="Mean absolute error."),
    Column(key="year.mae_repeat", kind="money", heading="Repetition off by a customer"),
    Column(key="year.inside", kind="share", heading="Inside the 80 % interval"),
)
VALUE_ERRORS = (
    Column(
        key="value_error.quantity",
        heading="Forecast",
        note="The value of a year is tested over the longest stretches that the history allows.",
        width=26,
        pinned=True,
    ),
    Column(key="value_error.span_days", kind="days", heading="Days ahead"),
    Column(key="value_error.population", heading="Customers of the date", width=18),
    Column(
        key="value_error.forecasts",
        kind="count",
        heading="Forecasts",
        note="Customers, each counted at each date.",
    ),
    Column(key="value_error.mean_actual", kind="money", heading="Brought, on average"),
    Column(key="value_error.mae", kind="money", heading="MAE", note="Mean absolute error a customer."),
    Column(
        key="value_error.mae_repeat",
        kind="money",
        heading="MAE of repeating",
        note="Of repeating the customer's past pace instead.",
    ),
    Column(
        key="value_error.rmse",
        kind="money",
        heading="RMSE",
        note="Root of the mean squared error: big misses weigh more.",
    ),
    Column(key="value_error.rmse_repeat", kind="money", heading="RMSE of repeating"),
)
OFFERS = (
    Column(key="offers.offer", heading="Offer", letters=60, pinned=True),
    Column(key="offers.customers", kind="count", heading="Customers"),
    Column(key="offers.bought", kind="count", heading="Bought"),
    Column(key="offers.share", kind="share", heading="Share that bought"),
    Column(
        key="offers.difference", kind="share", heading="More than without", note="In points of the share."
    ),
    Column(key="offers.difference_low", kind="share", heading="Low"),
    Column(key="offers.difference_high", kind="share", heading="High"),
    Column(key="offers.cost", kind="money", heading="Spent"),
    Column(key="offers.cost_each", kind="money", heading="Cost of a buyer"),
    Column(key="offers.cost_extra", kind="money", heading="Cost of an extra buyer"),
    Column(key="offers.cost_extra_low", kind="money", heading="Low"),
    Column(key="offers.cost_extra_high", kind="money", heading="High"),
    Column(key="waiting.day", kind="count", heading="By day"),
    Column(key="waiting.share", kind="share", heading="Have bought"),
    Column(key="waiting.low", kind="share", heading="Low"),
    Column(key="waiting.high", kind="share", heading="High"),
)
READOUTS = (
    Column(key="learner", heading="Learned by"),
    Column(key="qini", kind="score", term="qini", digits=4),
    Column(key="qini.low", kind="score", heading="Low", digits=4),
    Column(key="qini.high", kind="score", heading="High", digits=4),
    Column(key="learner.verdict", heading="On customers it was not fitted on"),
    Column(key="balance.feature", heading="Known before"),
    Column(key="balance.before", kind="score", heading="Before (standard deviations)"),
    Column(key="balance.after", kind="score", heading="After"),
)
