"""Columns of models and their tests on the past: leaderboard, dates, tenths, versions, drivers and rules."""

from churnkit.text.columns.column import Column

LEADERBOARD = (
    Column(key="model.name", heading="Name", note="★ is the champion.", pinned=True),
    Column(key="model.candidate", heading="Candidate", width=36),
    Column(key="model.kind", heading="Kind", term="baseline", width=12),
    Column(key="is_champion", kind="flag", term="champion", width=10),
    Column(
        key="model.score",
        kind="score",
        heading="Score",
        note="Weighted mean of F1, recall, profit share and stability. The blend is the default; another may"
        " win only where its log loss is lower beyond chance. Scores within chance are ties, and the lower log loss wins.",
        digits=3,
    ),
    Column(key="roc_auc", kind="score", term="auc", digits=3),
    Column(
        key="roc_auc_active",
        kind="score",
        heading="AUC, active",
        note="Among customers active at the date, whom a shop can still keep.",
        term="auc",
        digits=3,
    ),
    Column(key="average_precision", kind="score", heading="Average precision", digits=3),
    Column(key="log_loss", kind="score", term="log_loss", digits=4),
    Column(key="brier", kind="score", heading="Brier score", digits=4),
    Column(key="ece", kind="score", term="ece", digits=3),
    Column(key="f1", kind="score", term="f1", digits=3),
    Column(
        key="f1_everybody",
        kind="score",
        heading="F1 of everybody",
        note="F1 of calling every customer a leaver: the bar for F1.",
        digits=3,
    ),
    Column(key="precision", kind="score", term="precision", digits=3),
    Column(key="recall", kind="score", term="recall", digits=3),
    Column(
        key="lift_at_10", kind="ratio", heading="Lift, top 10 %", note="Of the riskiest tenth:", term="lift"
    ),
    Column(
        key="lift_at_20", kind="ratio", heading="Lift, top 20 %", note="Of the riskiest fifth:", term="lift"
    ),
    Column(
        key="profit_share",
        kind="score",
        heading="Profit share",
        note="Profit of its campaign over that of knowing the leavers beforehand.",
    ),
    Column(key="expected_profit", kind="money", heading="Profit of contacting"),
    Column(
        key="test_roc_auc",
        kind="score",
        heading="Test AUC",
        note="On the last window, which no choice has seen.",
        term="auc",
        digits=3,
    ),
    Column(
        key="test_roc_auc_active",
        kind="score",
        heading="Test AUC, active",
        note="On the last window, among customers active at its start, whom a shop can still keep.",
        term="auc",
        digits=3,
    ),
    Column(
        key="test_log_loss",
        kind="score",
        heading="Test log loss",
        note="On the last window.",
        term="log_loss",
        digits=4,
    ),
    Column(
        key="test_ece", kind="score", heading="Test ECE", note="On the last window.", term="ece", digits=3
    ),
    Column(
        key="accuracy",
        kind="score",
        heading="Accuracy",
        note="Share of customers called rightly, leavers and stayers alike. Where most leave, calling everybody a leaver"
        " scores high.",
        digits=3,
    ),
    Column(
        key="precision_at_10",
        kind="score",
        heading="Precision, top 10 %",
        note="Share who left among the riskiest tenth: what a list of so many is worth.",
        digits=3,
    ),
    Column(
        key="precision_at_20",
        kind="score",
        heading="Precision, top 20 %",
        note="Share who left among the riskiest fifth.",
        digits=3,
    ),
    Column(
        key="f1_sd",
        kind="score",
        heading="F1, spread over folds",
        note="Standard deviation. Stability is 1 less this.",
        digits=3,
    ),
    Column(key="recall_sd", kind="score", heading="Recall, spread over folds", digits=3),
    Column(key="profit_share_sd", kind="score", heading="Profit share, spread over folds", digits=3),
    Column(
        key="fit_seconds",
        kind="number",
        heading="Training, seconds",
        note="Added up over all trials and folds, some of which run side by side.",
        digits=1,
    ),
    Column(
        key="model.trials", kind="count", heading="Sets of parameters tried", note="The best one competed."
    ),
    Column(key="roc_auc_sd", kind="score", heading="AUC, spread over folds", digits=3),
    Column(key="log_loss_sd", kind="score", heading="Log loss, spread over folds", digits=4),
    Column(key="model.calibration", heading="Calibration", width=40),
    Column(key="model.params", heading="Settings", width=40),
    Column(key="model.verdict", heading="Verdict", width=58, wide=True, told=True),
    Column(key="model.about", heading="What it does", wide=True),
)
MEASURES = (
    Column(key="measure.name", heading="Measure", width=28, pinned=True),
    Column(key="measure.value", kind="score", heading="On validation dates", digits=3),
    Column(
        key="measure.words",
        heading="95 % interval",
        note="What chance alone leaves open, see below the table.",
    ),
    Column(
        key="measure.spread",
        kind="score",
        heading="Spread over folds",
        note="Standard deviation of the measure over the folds.",
        digits=3,
    ),
    Column(key="measure.worst", kind="score", heading="Lowest fold", digits=3),
    Column(key="measure.best", kind="score", heading="Highest fold", digits=3),
    Column(
        key="measure.test",
        kind="score",
        heading="On the test window",
        note="On the last complete window, which no choice has seen.",
        digits=3,
    ),
    Column(key="measure.help", heading="What it says", wide=True),
)
RANKING = (
    Column(key="ranking.place", kind="count", heading="Place", pinned=True),
    Column(key="ranking.name", heading="Name", note="★ would win under these weights."),
    Column(key="ranking.score", kind="score", heading="Score", digits=3),
    Column(key="ranking.gate", heading="Gate", note="Who does not pass cannot win, whatever its score."),
    Column(key="ranking.log_loss", kind="score", term="log_loss", digits=4),
    Column(
        key="ranking.stability",
        kind="score",
        heading="Stability",
        note="1 less the standard deviation of F1 over folds.",
        digits=3,
    ),
    Column(key="ranking.verdict", heading="Verdict", wide=True),
)
TRIALS = (
    Column(key="trial.trial", kind="count", heading="Set", note="1 is the model's defaults.", pinned=True),
    Column(key="trial.outcome", heading="What became of it", width=36),
    Column(key="trial.folds", kind="count", heading="Folds tried"),
    Column(key="trial.params", heading="Settings", wide=True, width=60),
    Column(key="method.name", heading="Way of calibrating", note="★ was chosen.", pinned=True),
    Column(key="method.about", heading="What it does", wide=True),
)
AUDIT = (
    Column(key="audit.dimension", heading="Groups by", width=26),
    Column(key="audit.group", heading="Group", width=26, letters=60, pinned=True),
    Column(
        key="audit.forecasts", kind="count", heading="Forecasts", note="Customers, each counted at each date."
    ),
    Column(key="audit.expected", kind="share", heading="Expected to leave"),
    Column(key="audit.actual", kind="share", heading="Left"),
    Column(key="audit.gap", kind="share", heading="Left less expected"),
    Column(
        key="audit.called",
        kind="share",
        heading="Called",
        note="Selection rate: share called likely leavers, as many at each date as were expected to leave.",
    ),
    Column(key="audit.called_others", kind="share", heading="Called, others"),
    Column(key="audit.missed", kind="share", heading="Leavers missed", note="Of those who left, not called."),
    Column(key="audit.missed_others", kind="share", heading="Leavers missed, others"),
    Column(
        key="audit.false_alarms", kind="share", heading="False alarms", note="Of those who stayed, called."
    ),
    Column(key="audit.false_alarms_others", kind="share", heading="False alarms, others"),
    Column(key="audit.flags", heading="Beyond chance", width=40),
)
BACKTEST = (
    Column(key="quality.population", heading="Customers of the date", width=18, pinned=True),
    Column(
        key="quality.windows", kind="count", heading="Dates", note="Their windows do not overlap.", width=12
    ),
    Column(
        key="quality.customers",
        kind="count",
        heading="Forecasts",
        note="Customers, each counted at each date.",
        width=14,
    ),
    Column(
        key="roc_auc_low",
        kind="score",
        heading="AUC at least",
        note="Lower end of its 95 % interval; at 0.5 or below the order may be chance.",
        digits=3,
        width=14,
    ),
    Column(key="cutoff", kind="day", heading="Date", width=12, pinned=True),
    Column(
        key="log_loss_of_base_rate",
        kind="score",
        heading="Log loss, everybody alike",
        note="Giving everybody the rate that came: knows the level only.",
        digits=4,
        width=14,
    ),
    Column(key="expected_churn_rate", kind="share", heading="Expected to leave", width=14),
    Column(key="actual_churn_rate", kind="share", heading="Left", width=14),
    Column(key="past.expected_spend", kind="money", heading="Spend forecast", width=14),
    Column(key="actual_spend", kind="money", heading="Spend that came", width=14),
    Column(
        key="past.contacted",
        kind="count",
        heading="Contacted",
        note="Customers whose expected gain exceeded the cost, decided then.",
        width=14,
    ),
    Column(key="profit_chosen", kind="money", heading="Profit of the model", width=14),
    Column(
        key="profit_recency",
        kind="money",
        heading="Profit by recency",
        note="As many, longest silent.",
        width=14,
    ),
    Column(
        key="profit_random", kind="money", heading="Profit at random", note="As many, at random.", width=14
    ),
    Column(key="profit_everybody", kind="money", heading="Profit of contacting everybody", width=14),
)
TENTHS = (
    Column(key="decile", kind="count", heading="Tenth, riskiest first", width=14),
    Column(key="tenth.expected_churners", kind="number", heading="Expected to leave", digits=1, width=14),
    Column(key="actual_churners", kind="count", heading="Left", width=14),
    Column(key="tenth.profit_model", kind="money", heading="Profit down to here, model", width=14),
    Column(key="tenth.profit_recency", kind="money", heading="Profit down to here, recency", width=14),
    Column(key="tenth.profit_random", kind="money", heading="Profit down to here, random", width=14),
)
VERSIONS = (
    Column(key="on_screen", heading="On screen"),
    Column(key="made", kind="instant", heading="Made (UTC)"),
    Column(key="origin", heading="How it was made", width=30),
    Column(key="scored_on", kind="day", heading="Scored at"),
    Column(key="version.champion", term="champion"),
    Column(key="threshold_days", kind="days", heading="Churn threshold, days", term="threshold"),
    Column(
        key="version.mean_p_churn", kind="share", heading="Expected to leave", note="Of the active customers."
    ),
)
DRIVERS = (
    Column(key="driver.words", heading="What sets those at risk apart", width=90),
    Column(key="share_high", kind="share", heading="Of high-risk customers", width=14),
    Column(key="share_rest", kind="share", heading="Of the others", width=14),
    Column(key="fact.label", heading="Fact", width=52),
    Column(key="fact.share", kind="share", heading="Share of all pushes", term="shap", width=14),
    Column(key="mean_absolute_log_odds", kind="score", heading="Mean push (log-odds)", digits=3, width=14),
    Column(key="fact.direction", heading="Direction", width=30),
    Column(key="fact.feature", heading="Column of the features", width=30),
    Column(key="found.words", heading="Rule", width=90),
    Column(key="found.precision", kind="share", heading="Right", width=12),
    Column(key="found.coverage", kind="share", heading="Of all leavers", width=12),
    Column(key="found.base_rate", kind="share", heading="All that left", width=12),
    Column(key="found.lift", kind="ratio", heading="Times the mean", term="lift", width=12),
)
OUTSIDE = (Column(key="outside.value", kind="number", heading="Figure", digits=4),)
LEFT_OUT = (
    Column(key="left_out.feature", heading="Feature", pinned=True, width=40),
    Column(key="left_out.cause", heading="Why", width=26),
    Column(key="left_out.words", heading="In a sentence", wide=True, width=90),
    Column(key="left_out.name", heading="Column of the features", width=30),
)
