"""What ``analyze`` prints of a finished analysis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.explain.outside_figures import trial_words
from churnkit.services.decide.freshness import Stale, freshness
from churnkit.services.decide.short_history import short_history_words
from churnkit.services.look.few_on_one_side import few_on_one_side
from churnkit.text import figures
from churnkit.tournament.progress import stage_words

if TYPE_CHECKING:
    import pandas as pd

    from churnkit.services.analyse.analysis import Analysis


def print_summary(analysis: Analysis, written: Sequence[Path]) -> None:
    """How the file was read, who is about to leave, the money, the champion and its proof."""
    ingested, customers, plan = analysis.ingested, analysis.customers, analysis.plan
    print(f"Read as {ingested.format_words}. {ingested.ledger.words()}")
    print(
        "Returns and cancelled amounts are netted against revenue."
        if ingested.reading.settings.returns == "net"
        else "Returns and cancelled amounts are ignored."
    )
    for note in ingested.notes:
        print(f"  - {note}")
    active = customers[customers["status"] == "active"]
    print(
        f"Churn = no purchase in the {plan.horizon_days} days from {figures.day(plan.scoring)}."
        f" {figures.counted(len(active), 'active customer')}, {figures.percent(active['p_churn'].mean())} of them"
        f" expected to leave; {figures.count(len(customers) - len(active))} have lapsed."
    )
    age = freshness(plan.scoring.date(), plan.horizon_days, analysis.analysed_on)
    if isinstance(age, Stale) and ingested.reading.as_of is None:
        print(f"  {age.words}")
    short = short_history_words(analysis.profile, plan.horizon_days, analysis.settings.gates)
    if short is not None:
        print(f"  {short}")
    if active["risk_tier"].isna().all():
        print("  Nothing in this shop's past proves the forecast: no tiers, no money at risk, no advice.")
    else:
        for tier in ("high", "medium", "low"):
            rows = active[active["risk_tier"] == tier]
            at_risk = figures.money(rows["value_at_risk"].sum(), ingested.currency)
            print(
                f"  {tier:<6} {figures.count(len(rows)):>8} active customers, at risk over a year {at_risk:>14}"
            )
    print(_money(analysis))
    if analysis.tournament is not None:
        champion = analysis.tournament.champion
        print(f"Champion: {champion['candidate']}. " + _proof(champion))
        advice = few_on_one_side(float(champion["churn_rate"]))
        if advice and analysis.settings.tournament.imbalance == "class_weight":
            print(f"  - {advice} (--imbalance smote or undersample)")
    for note in analysis.notes:
        if note != short:
            print(f"  - {note}")
    for trial in analysis.indicator_trials:
        print(f"  - Outside figure {trial.name}. {trial_words(trial)}")
    print("Seconds: " + json.dumps({stage_words(stage): took for stage, took in analysis.seconds.items()}))
    print("Written: " + ", ".join(str(path) for path in written))


def _money(analysis: Analysis) -> str:
    """Last year beside the next one, and how such a forecast did at an earlier date."""
    from churnkit.results.found import Found
    from churnkit.services.analyse.summing_up import summarise

    summary = summarise(analysis)
    strip, year = summary.money, summary.value.year
    cash = partial(figures.money, currency=summary.file.currency)
    span = (
        "" if strip.forecast.low is None else f" ({cash(strip.forecast.low)} to {cash(strip.forecast.high)})"
    )
    words = (
        f"Last {figures.days(strip.days)}: {cash(strip.revenue.value)}, of it from customers active today"
        f" {cash(strip.revenue_active.value)}; their next 365 days: {cash(strip.forecast.value)}{span}."
    )
    tests = year.value.backtests if isinstance(year, Found) else ()
    for test in tests:
        words += (
            f"\n  The same forecast at {figures.day(test.cutoff)}, {figures.days(test.days)} ahead:"
            f" {cash(test.forecast)}, and {cash(test.actual)} came."
        )
    return words


def _proof(champion: pd.Series) -> str:
    auc = champion.get("test_roc_auc")
    if auc is None or auc != auc:
        return f"AUC {figures.score(champion['roc_auc'])} on validation customers; no later window to test it on."
    loss, ece = figures.score(champion["test_log_loss"], 4), figures.score(champion["test_ece"])
    expected, came = (figures.percent(champion[f"test_{name}"]) for name in ("mean_p_churn", "churn_rate"))
    return (
        "On the last complete window, untouched until then: AUC"
        f" {figures.score(champion['test_roc_auc_active'])} among active customers; of all {figures.score(auc)}, log loss"
        f" {loss}, ECE {ece};"
        f" {expected} expected to leave, {came} left."
    )
