"""A group's panel in sentences, and the usual value of a figure in a group against the others'."""

from __future__ import annotations

import pandas as pd

from churnkit.explain.catalogue import feature, feature_value
from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import GroupDriver, GroupPanel, Recoverable
from churnkit.text import figures

Sentences = tuple[str, ...]


def two_values(name: str, own: pd.Series, others: pd.Series, currency: str | None) -> tuple[str, str]:
    """A feature's usual value in a group and among others, as they are read.

    Medians, those of actual customers; means where the medians read alike; the most frequent of categories. Both are empty
    where they read alike all the same, or nobody has the figure.
    """
    if feature(name).kind == "category":
        first, second = (
            feature_value(name, mode.iloc[0]) if len(mode) else "" for mode in (own.mode(), others.mode())
        )
        return (first, second) if first != second else ("", "")
    ours, theirs = (one.astype(float).dropna() for one in (own, others))
    if not len(ours) or not len(theirs):
        return "", ""
    medians = [float(one.quantile(0.5, interpolation="lower")) for one in (ours, theirs)]
    for pair in (medians, [float(one.mean()) for one in (ours, theirs)]):
        first, second = (feature_value(name, value, currency) for value in pair)
        if first != second:
            return first, second
    return "", ""


def panel_words(panel: GroupPanel, currency: str | None) -> Sentences:
    """Who they are, what drives them, what sets them apart, what could be kept, what to do: a sentence or two each."""
    return (
        _who(panel, currency),
        _drivers(panel),
        _distinctions(panel),
        _money(panel, currency),
        _action(panel, currency),
    )


def _who(panel: GroupPanel, currency: str | None) -> str:
    one = panel.figures
    text = (
        f"{one.group}: {figures.counted(one.customers, 'customer')}, {figures.percent(one.share)} of all. They bring"
        f" {figures.percent(one.clv_share)} of the expected value of a year"
        f" ({figures.short_money(one.clv, currency)})."
    )
    if not one.active:
        return f"{text} All of them have lapsed."
    return (
        f"{text} {figures.count(one.active)} of them are active, {figures.percent(one.mean_p_churn)} likely to leave on"
        " average."
    )


def _drivers(panel: GroupPanel) -> str:
    leaving = "leaving" if panel.population == "active" else "staying away"
    match panel.drivers:
        case Missing(reason):
            return reason
        case Found(drivers):
            told = "; ".join(driver_words(one) for one in drivers)
            return (
                f"What moves their odds of {leaving}, against the other {panel.population} customers: {told}."
            )


def driver_words(one: GroupDriver) -> str:
    """A theme, what it does to the odds, and the figure behind it."""
    typical = f" ({one.typical[:1].lower()}{one.typical[1:]})" if one.typical else ""
    return f"{one.theme[:1].lower()}{one.theme[1:]} {one.odds}{typical}"


def _distinctions(panel: GroupPanel) -> str:
    if not panel.distinctions:
        return "Beside what the group is made by, nothing sets them apart from all others beyond chance."
    told = "; ".join(
        f"{one.label[:1].lower()}{one.label[1:]} {one.own} against {one.others}" for one in panel.distinctions
    )
    return f"What sets them apart from all others: {told}."


def _money(panel: GroupPanel, currency: str | None) -> str:
    match panel.recoverable:
        case Missing(reason):
            return reason
        case Found(kept):
            at_risk = figures.short_money(panel.figures.value_at_risk, currency)
            return f"{at_risk} of their value of a year is at risk. {recoverable_words(kept, currency)}"


def recoverable_words(kept: Recoverable, currency: str | None) -> str:
    """What could be kept, and where the rate comes from."""
    low, high = (figures.short_money(end, currency) for end in (kept.low, kept.high))
    rates = f"{figures.percent(kept.rate_low)} to {figures.percent(kept.rate_high)}"
    if kept.source == "your setting":
        return f"At your success rate of {figures.percent(kept.rate_low)} a campaign could keep {low}, before its costs."
    whence = (
        f"campaigns usually keep {rates} of it: an assumption until one with customers left out for comparison"
        " has measured it"
        if kept.source == "typical"
        else f"your campaign measured {rates} (80 %)"
    )
    return f"A campaign could keep {low} to {high} of it, before its costs ({whence})."


def _action(panel: GroupPanel, currency: str | None) -> str:
    match panel.outcome:
        case Missing(reason):
            return f"{panel.action} {reason}"
        case Found(outcome):
            saves = outcome.saves.value
            kept = figures.decimal(saves, 1) if saves < 10 else figures.count(saves)
            low, net, high = (
                figures.short_money(end, currency)
                for end in (outcome.net.low, outcome.net.value, outcome.net.high)
            )
            return (
                f"{panel.action} The usual contact pays for {figures.count(outcome.contacted)} of the active: about {kept}"
                f" should stay because of it, which brings {net} net (likely {low} to {high})."
            )
