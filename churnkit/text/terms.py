"""Every term that a screen or a report uses, in one plain sentence or two: said once, shown everywhere."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A term as it reads on screen, and what it means."""

    title: str
    meaning: str


TERMS: dict[str, Term] = {
    "churn": Term(
        "Churn",
        "No purchase within the churn threshold after a date. That is what is forecast.",
    ),
    "threshold": Term(
        "Churn threshold",
        "Days of silence that count as churn. It is also how far ahead the forecast looks.",
    ),
    "status": Term(
        "Status",
        "Active: the last purchase lies no longer back than the churn threshold. Lapsed: longer. Only the active can be"
        " about to leave; the lapsed have left, and can at most be won back.",
    ),
    "rank": Term(
        "Rank",
        "The order in which to contact customers: the active first, by what the usual contact is expected to gain.",
    ),
    "expected_next_order": Term(
        "Next order expected by",
        "The day by which the customer has bought again with a probability of 50 %; empty where that is more than a year"
        " ahead.",
    ),
    "clv_if_lost": Term(
        "Value if lost",
        "What the next 365 days bring if the customer buys nothing within the threshold: some come back later.",
    ),
    "spend_last_year": Term(
        "Spent in the last 365 days",
        "What the customer spent in the 365 days before the scoring date, returns deducted.",
    ),
    "p_churn": Term(
        "Churn probability",
        "The probability that a customer makes no purchase within the threshold from the day of the forecast."
        " Calibrated: of 100 customers at 70 %, about 70 should leave.",
    ),
    "p_alive": Term(
        "Chance of still being a customer",
        "How likely somebody is a customer at all, by how they bought so far. Another question than the churn"
        " probability: a customer may be silent for a while and still be one. Exactly: p_alive of the purchase process"
        " (MBG/NBD); blank where the history does not tell the gone from those who buy seldom.",
    ),
    "recoverable": Term(
        "Recoverable",
        "What a campaign could keep of the value at risk, before its costs: 30 to 40 % is usual, and counts until the"
        " shop's own success rate is set or a campaign with customers left out for comparison has measured it.",
    ),
    "risk_tier": Term(
        "Risk tier",
        "High, medium or low churn probability of an active customer; the limits are in Settings. Who has lapsed has left"
        " already and stands in no tier.",
    ),
    "clv": Term(
        "Value of a year",
        "What a customer is expected to spend in the next 365 days, times the margin and discounted if these are set."
        " Elsewhere called customer lifetime value (CLV), here of one year.",
    ),
    "clv_if_kept": Term(
        "Value if kept",
        "What the next 365 days bring if the customer buys again within the threshold.",
    ),
    "value_at_risk": Term(
        "Value at risk",
        "Churn probability times what is lost with the customer over 365 days: the value if kept less the value if lost,"
        " since some come back anyway. Of active customers only; its sum is the revenue at risk.",
    ),
    "expected_spend": Term(
        "Expected spend",
        "Expected net spend within the threshold, silence included.",
    ),
    "churn_rate": Term(
        "Expected to leave",
        "How many of the active customers are expected to buy nothing within the churn threshold. Exactly: their mean"
        " churn probability.",
    ),
    "interval": Term(
        "Likely range",
        "Written as “likely … to …”, an 80 % interval: how far off the same forecast was at earlier dates in"
        " this shop's own past.",
    ),
    "recency": Term(
        "Days since the last purchase",
        "How long a customer has been silent, in days, on the day of the forecast.",
    ),
    "overdue": Term(
        "How late a customer is",
        "How long the silence is beside what is usual for this customer. Exactly: days since the last purchase,"
        " divided by the usual gap between purchases; above 1 the customer is late.",
    ),
    "order_count": Term(
        "Orders",
        "Orders with a positive amount.",
    ),
    "monetary_total": Term(
        "Spent so far",
        "Spend so far, returns deducted.",
    ),
    "champion": Term(
        "Champion",
        "What works out the probabilities of this shop: the model, or simple rule, that did best on its past.",
    ),
    "baseline": Term(
        "Simple rule",
        "What one could do without any model, such as “longest silent first”. A model must beat every such rule, or"
        " the rule scores the customers.",
    ),
    "auc": Term(
        "AUC",
        "How well the order of risk is right: of a customer who left and one who stayed, how often the first stood"
        " higher. 0.5 is a coin, 1 is perfect. Exactly: area under the ROC curve.",
    ),
    "log_loss": Term(
        "Log loss",
        "How far the probabilities were from what came; being sure and wrong costs most. Lower is better. Exactly:"
        " minus the mean logarithm of the probability given to what happened.",
    ),
    "ece": Term(
        "ECE",
        "How far probabilities and outcomes differ: if 70 of 100 were said to leave and 65 did, 0.05. Lower is"
        " better. Exactly: expected calibration error, the mean difference over ten groups of like probability.",
    ),
    "f1": Term(
        "F1",
        "One figure for two wishes, to call few in vain and to miss few. Calling everybody a leaver can score high"
        " here, so compare with that. Exactly: the harmonic mean of precision and recall.",
    ),
    "precision": Term(
        "Precision",
        "Of those called leavers, how many did leave: how seldom a contact is in vain.",
    ),
    "recall": Term(
        "Recall",
        "Of those who left, how many had been called leavers: how few are missed.",
    ),
    "lift": Term(
        "Lift",
        "How many times more often a group leaves than customers in general: 2 means twice as often.",
    ),
    "save_rate": Term(
        "Success rate",
        "Share of the contacted would-be leavers who stay because of the contact. An assumption until a campaign with"
        " customers left out for comparison has measured it. Of those who are probably gone for good, fewer stay.",
    ),
    "contact_cost": Term(
        "Cost of a contact",
        "Cost of reaching one customer: message, voucher handling, staff.",
    ),
    "net": Term(
        "Net",
        "Value kept minus all costs, the discount given to those who would have stayed anyway included. Of those who are"
        " probably gone for good a contact is assumed to keep fewer.",
    ),
    "roi": Term(
        "Return on cost",
        "Net divided by cost.",
    ),
    "holdout": Term(
        "Left out for comparison",
        "Customers of a campaign, drawn by chance, who are not contacted. Only against them can be seen what the contact"
        " changed: many would have come back anyway.",
    ),
    "power": Term(
        "Will it show?",
        "How likely it is that the result tells the assumed success from chance. Below 80 %, an effect may well"
        " be there and not be"
        " seen.",
    ),
    "cuped": Term(
        "With earlier behaviour taken into account (CUPED)",
        "The difference after what was known of each customer before the campaign is taken out: the same effect, with less"
        " noise.",
    ),
    "sample_ratio": Term(
        "Sizes of the two groups",
        "Whether those contacted and those left out are as many as were drawn. If not, somebody is missing from one of"
        " them, and no difference can be believed.",
    ),
    "uplift": Term(
        "Uplift",
        "What a contact changes for a customer, not how likely he is to leave: some leave anyway, some stay anyway.",
    ),
    "qini": Term(
        "Qini",
        "How much more contacting in the order of the predicted effect gains than contacting at random. 0 tells"
        " nothing.",
    ),
    "break_even": Term(
        "Break-even success rate",
        "The success rate at which the campaign neither earns nor loses.",
    ),
    "segment": Term(
        "Segment",
        "RFM: fifths of recency, frequency and money, named by the common map (Champions, At risk, ...).",
    ),
    "quality_score": Term(
        "Quality score",
        "10 minus a deduction for every problem found in the data; each deduction is listed.",
    ),
    "shap": Term(
        "Pushes (SHAP)",
        "How much each theme raises or lowers this customer's probability, beside the others; the bars add up exactly"
        " to the probability shown, the facts of a theme to its bar. Exactly: SHAP values in log-odds of leaving,"
        " where 0.7 to the right doubles the odds and to the left halves them. They explain the model, not the world.",
    ),
    "lime": Term(
        "Second opinion (LIME)",
        "Asks the champion itself about this customer, with the figures of a theme borrowed from other customers, and"
        " sees what that changes. Where both ways tell the same, a reason does not hang on one method: use it before"
        " you act on one. Exactly: LIME, a weighted sum of pushes fitted to its answers over every combination of"
        " themes. It, too, explains the model, not the world.",
    ),
    "reason": Term(
        "Reasons",
        "What sets the customer apart from the average active one, strongest first: why the risk is higher, or why it is"
        " lower. Days ago count from the scoring date; the typical customer is the median of the active ones.",
    ),
    "backtest": Term(
        "Test on the past",
        "We go back in time, forecast with what was known then, and compare with what happened.",
    ),
    "purchase_process": Term(
        "Purchase process",
        "Every customer buys at a pace of their own until they drop out; from the orders alone it tells how likely"
        " the next one still is. Exactly: the MBG/NBD model, which learns from no outcome.",
    ),
    "importance": Term(
        "What the forecast rests on",
        "How much each fact moves the forecast, on average over all customers. Exactly: the mean size of its push in"
        " log-odds of leaving. It explains the model, not the world.",
    ),
}
"""Definitions by term, for tooltips, reports and the glossary."""


def term(name: str) -> str:
    """The definition of a term; a KeyError is a slip of the author."""
    return TERMS[name].meaning
