"""Columns of scorecards and of what has changed in a shop."""

from churnkit.text.columns.column import Column

SCORECARDS = (
    Column(key="card.cutoff", kind="day", heading="Forecast of", width=12, pinned=True),
    Column(key="card.until", kind="day", heading="Looked ahead to", width=12),
    Column(
        key="card.verdict",
        heading="Verdict",
        note="Held: as good as promised. Level off: the order held, more or fewer left than was said. Weaker: worse than"
        " promised. Order lost: no better than chance. All beyond chance.",
        width=16,
    ),
    Column(key="card.champion", heading="Scored by", term="champion"),
    Column(key="card.customers", kind="count", heading="Active customers", term="status"),
    Column(
        key="card.auc",
        kind="score",
        heading="AUC, active",
        note="Among customers active at the date.",
        term="auc",
    ),
    Column(
        key="card.auc_between",
        heading="AUC between",
        note="95 % interval over customers drawn anew.",
        width=14,
    ),
    Column(
        key="card.promised",
        kind="score",
        heading="AUC promised",
        note="At past dates, as the run itself told.",
    ),
    Column(key="card.ece_by_chance", kind="score", heading="ECE by chance", digits=3),
    Column(
        key="card.lift",
        kind="ratio",
        heading="Lift",
        note="Of as many of the riskiest as the run recommended to contact:",
        term="lift",
    ),
    Column(
        key="card.contacted", kind="count", heading="On the list", note="Whom the run recommended to contact."
    ),
    Column(key="card.left", kind="count", heading="Of these left"),
    Column(
        key="card.brought",
        kind="money",
        heading="The list would have brought",
        note="By who then left, at the success rate that was assumed.",
    ),
)

DRIFT = (
    Column(key="drift.label", heading="What is known of a customer", letters=60, pinned=True),
    Column(
        key="drift.importance",
        kind="share",
        heading="Weight",
        note="Its share of all pushes in the forecast.",
    ),
    Column(
        key="drift.psi",
        kind="score",
        heading="PSI",
        note="Population stability index: how far its values have moved among the active customers. Above 0.2 is large.",
        digits=2,
    ),
    Column(
        key="drift.chance",
        kind="score",
        heading="By chance",
        note="What PSI stays below in 999 of 1,000 cases if nothing has moved.",
        digits=2,
    ),
    Column(
        key="drift.usual",
        kind="score",
        heading="Usual",
        note="The largest PSI between earlier dates as far apart; empty where the history is too short.",
        digits=2,
    ),
    Column(
        key="drift.moved", kind="flag", heading="Moved", note="Large, beyond chance and beyond what is usual."
    ),
    Column(key="drift.before", heading="Middle then", width=14),
    Column(key="drift.now", heading="Middle now", width=14),
    Column(key="drift.unknown_before", kind="share", heading="Not known then"),
    Column(key="drift.unknown_now", kind="share", heading="Not known now"),
)

CONTENDERS = (
    Column(key="contender.name", heading="Model", pinned=True),
    Column(key="contender.trained", kind="day", heading="Trained up to"),
    Column(
        key="contender.high_share",
        kind="share",
        heading="High risk now",
        note="Of the active customers of the newest date.",
        term="risk_tier",
    ),
    Column(
        key="contender.profit",
        kind="money",
        heading="Its list brings",
        note="By who then left, at the assumed success rate.",
    ),
)

EVENTS = (
    Column(key="event.at", kind="instant", heading="When (UTC)", width=18),
    Column(key="event.what", heading="What", width=20),
    Column(key="event.words", heading="In words", width=80, wide=True),
)
