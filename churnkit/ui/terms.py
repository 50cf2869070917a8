"""Every term that a screen uses, in one plain sentence or two."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "churn": "No purchase within the churn threshold after a date. That is what is forecast.",
    "threshold": "Days of silence that count as churn. It is also how far ahead the forecast looks.",
    "p_churn": "The probability that a customer makes no purchase within the threshold from the day of the forecast."
    " Calibrated: of 100 customers at 70 %, about 70 should leave.",
    "p_alive": "The purchase process' own view of whether a customer is still one at all. Another quantity than the"
    " churn probability: an alive customer may still be silent for a while.",
    "risk_tier": "High, medium or low by churn probability; the limits are in Settings.",
    "clv": "Expected spend of the next 365 days, times the margin and discounted if these are set.",
    "clv_if_kept": "What the next 365 days bring if the customer buys again within the threshold.",
    "value_at_risk": "Churn probability times what the next 365 days would bring if the customer stayed. Summed over"
    " customers: the revenue at risk.",
    "expected_spend": "Expected net spend within the threshold, silence included.",
    "churn_rate": "Mean churn probability of all customers with a purchase: how many are expected to leave.",
    "interval": "80 % interval: how far off the same forecast was at earlier dates in this shop's own past.",
    "recency": "Days since the last purchase.",
    "overdue": "Days since the last purchase, divided by the customer's usual gap between purchases. Above 1 the"
    " customer is late.",
    "order_count": "Orders with a positive amount.",
    "monetary_total": "Spend so far, returns deducted.",
    "champion": "What scores the customers: the model, or simple rule, that did best on past data under the visible"
    " score.",
    "baseline": "A simple rule that every model must beat. If none does, the rule scores the customers.",
    "auc": "How well the order of risk is right: the chance that a customer who left was ranked above one who stayed."
    " 0.5 is a coin, 1 is perfect.",
    "log_loss": "How good the probabilities are; being sure and wrong costs most. Lower is better.",
    "ece": "Expected calibration error: how far predicted and actual shares differ, on average over groups of like"
    " probability. Lower is better.",
    "f1": "Balance of precision and recall at the churner threshold; calling everybody a churner can score high here, so"
    " compare with that.",
    "precision": "Of those called churners, the share that left.",
    "recall": "Of those who left, the share that was called a churner.",
    "lift": "How many times more often a group leaves than customers in general.",
    "save_rate": "Share of the contacted would-be leavers who stay because of the contact. An assumption until a"
    " campaign with a control group has measured it.",
    "contact_cost": "Cost of reaching one customer: message, voucher handling, staff.",
    "net": "Value kept minus all costs, the discount given to those who would have stayed anyway included.",
    "roi": "Net divided by cost.",
    "break_even": "The success rate at which the campaign neither earns nor loses.",
    "segment": "RFM: fifths of recency, frequency and money, named by the common map (Champions, At risk, ...).",
    "quality_score": "10 minus a deduction for every problem found in the data; each deduction is listed.",
    "shap": "How much each fact moves this customer's log-odds of leaving away from the reference. The bars add up"
    " exactly to the probability shown. They explain the model, not the world.",
    "backtest": "We go back in time, forecast with what was known then, and compare with what happened.",
}
"""Definitions by term, for tooltips, reports and the glossary."""


def term(name: str) -> str:
    """The definition of a term; a KeyError is a slip of the page's author."""
    return TERMS[name]
