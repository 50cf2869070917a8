"""The model card: what scores the customers, what it was learned from, how it did, what it must not be used for."""

from __future__ import annotations

from dataclasses import fields

from churnkit.explain.catalogue import GROUPS, feature
from churnkit.explain.effects import asking
from churnkit.results.evidence.proof import CardMeasures, ModelCard
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.summing_up import champion_on_test
from churnkit.text import figures
from churnkit.tournament.baselines import BASELINES
from churnkit.tournament.names import model_label, model_meaning
from churnkit.tournament.persistence import installed_versions


def model_card(analysis: Analysis) -> ModelCard:
    """Sections after Mitchell et al. 2019 ("Model cards for model reporting")."""
    plan, ingested, name = analysis.plan, analysis.ingested, analysis.model.name
    _, features = asking(analysis.model, analysis.scored_rows)
    groups: dict[str, int] = {}
    for one in features:
        title = GROUPS[feature(one).group]
        groups[title] = groups.get(title, 0) + 1
    return ModelCard(
        name=name,
        label=model_label(name),
        meaning=model_meaning(name),
        is_rule=name in BASELINES or analysis.tournament is None,
        members=tuple(model_label(m.fitted.name) for m in analysis.model.members),
        question=f"Will this customer make no purchase in the {figures.days(plan.horizon_days)} from"
        f" {figures.day(plan.scoring)}?",
        population=f"Every customer with a purchase before that date: {figures.count(len(analysis.customers))}.",
        data=f"{figures.count(ingested.row_count_kept)} rows from {figures.day(plan.history_start)} to"
        f" {figures.day(plan.scoring)}; returns are"
        f" {'deducted' if ingested.reading.settings.returns == 'net' else 'left out'}.",
        cutoffs=tuple(plan.labelled),
        training=_training(analysis),
        features=len(features),
        feature_groups=groups,
        dropped_features=len(analysis.tournament.dropped_features) if analysis.tournament else 0,
        level=analysis.tournament.level.words() if analysis.tournament else None,
        test=_test(analysis),
        test_cutoff=plan.test,
        seed=analysis.settings.tournament.seed,
        versions=installed_versions(),
        intended_use="To decide whom to look after first, and what that is worth, in this shop.",
        not_for=(
            "Causes: a feature that goes with leaving need not make anybody leave. Only a campaign with customers"
            " left out for comparison tells what helps.",
            "Other shops, or this one after its range, prices or customers have changed much: analyse again.",
            "Decisions about a person's rights, credit or employment.",
        ),
        limits=tuple(analysis.notes),
    )


def _training(analysis: Analysis) -> str:
    if analysis.tournament is None:
        return "No model was trained on outcomes; the purchases themselves were enough for what scores the customers."
    labelled = analysis.panel[analysis.panel["churned"].notna()]
    return (
        f"{figures.count(len(labelled))} past outcomes of {figures.count(labelled['customer_id'].nunique())} customers at"
        f" {figures.count(len(analysis.plan.labelled))} earlier dates. The champion was chosen on validation dates, tested"
        " once on the last one, and then learned from all of them."
    )


def _test(analysis: Analysis) -> CardMeasures | None:
    measures = champion_on_test(analysis.tournament) if analysis.tournament else None
    if measures is None:
        return None
    return CardMeasures(**{field.name: getattr(measures, field.name) for field in fields(CardMeasures)})
