"""How it forecasts, in a shop owner's words: what scores the customers, and what it looks at."""

from __future__ import annotations

from collections import defaultdict

from churnkit.explain.catalogue import GROUPS, Group, same_for_everybody
from churnkit.results.folders import Results
from churnkit.services.decide.measure_views import gate_of
from churnkit.services.decide.why_champion import chosen_from
from churnkit.text.figures import percent
from churnkit.tournament.names import BLEND, NOTHING_TELLS, model_meaning

_THEMES: dict[Group, str] = {
    "recency": "how long ago the last purchase is, against the customer's usual gap",
    "frequency": "how often a customer buys",
    "money": "how much a customer spends",
    "products": "what is bought",
    "returns": "what was returned",
    "lifetime": "how long somebody has been a customer",
    "season": "season, day and hour of the orders",
    "other": "other facts",
}
_PLAIN: dict[str, str] = {
    "blend": "the average of several models",
    "weighted_blend": "an average of several models, the better ones counting for more",
    "stacking": "several models, and a small one on top that has learned how far to rely on each",
    "logistic_regression": "a weighted sum of what is known of a customer",
    "recency_frequency_logistic": "by the days since the last purchase and the number of orders alone",
}
"""What a model does where its meaning takes a statistician's words."""

MOST = 3


def what_scores(results: Results) -> str:
    """What works out the probabilities and how it came to, in two sentences or three."""
    evidence = results.evidence
    meaning = _PLAIN.get(results.champion) or model_meaning(results.champion)
    words = f"{evidence.champion_title} works out each customer's churn probability"
    words += f": {meaning}." if meaning else "."
    competed = chosen_from(results)
    if competed:
        words += f" {competed} {_how_chosen(results)}"
    return words


def _how_chosen(results: Results) -> str:
    """The rule of the choice in an owner's words; runs of earlier versions had another."""
    gate = gate_of(results)
    nothing = any(row.is_champion and row.verdict.endswith(NOTHING_TELLS) for row in results.leaderboard)
    if nothing:
        return "On earlier dates none of them told customers apart beyond chance, so everybody gets the shop's rate."
    if gate is None or not gate.has_default:
        chosen = "The one whose probabilities served best on earlier dates was taken"
    elif results.champion == BLEND:
        chosen = "The average is taken unless one of them was better on earlier dates by more than chance"
    else:
        chosen = "This one was better on earlier dates than their average, by more than chance"
    return f"{chosen}; only then was it tested on the last one."


def looks_at(results: Results) -> str:
    """The themes that the forecast rests on most, with their shares; empty where it treats everybody alike."""
    by_theme: dict[Group, float] = defaultdict(float)
    for one in results.evidence.importance:
        if not same_for_everybody(one.feature):
            by_theme[one.group if one.group in GROUPS else "other"] += one.share
    total = sum(by_theme.values())
    if total <= 0:
        return ""
    first = sorted(by_theme, key=lambda theme: -by_theme[theme])[:MOST]
    told = [
        f"{_THEMES[theme]} ({percent(by_theme[theme] / total)})" for theme in first if by_theme[theme] > 0
    ]
    listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return f"It looks most at {listed}. That explains the forecast, not why customers leave."
