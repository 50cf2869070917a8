"""The model card as Markdown, with the head that model hubs read."""

from __future__ import annotations

from churnkit.results.evidence.proof import ModelCard
from churnkit.services.score.statement import Stewardship, statement
from churnkit.text import figures


def card_text(card: ModelCard, steward: Stewardship) -> str:
    """Sections after Mitchell et al. 2019, behind a YAML head; the statement on explainability at the end."""
    head = [
        "---",
        "library_name: churnkit",
        "pipeline_tag: tabular-classification",
        "tags:",
        "- churn",
        "---",
    ]
    parts = [
        *head,
        "",
        f"# {card.label}",
        *_paragraph("", f"{card.meaning.capitalize()}." if card.meaning else None),
        *_paragraph("Owner", f"{steward.owner_words[:1].upper()}{steward.owner_words[1:]}."),
        *_paragraph("Review", steward.review_words()),
        *_paragraph("Question", card.question),
        *_paragraph("Population", card.population),
        *_paragraph("Data", card.data),
        *_paragraph("Training", card.training),
        *_paragraph("Members", ", ".join(card.members) if len(card.members) > 1 else None),
        *_paragraph("Level", card.level),
        *_paragraph("Test", _test(card)),
        *_paragraph("Features", _features(card)),
        *_paragraph("Meant for", card.intended_use),
        *_list("Not meant for", card.not_for),
        *_list("Limits", card.limits),
        *_paragraph("What the files hold", _HOLDS),
        *_list("Versions", tuple(f"{name} {version}" for name, version in card.versions.items())),
        *_paragraph(
            "Statement on explainability", "For regulators, and for anybody who asks how a score came about."
        ),
        *(line for title, text in statement(card, steward) for line in ("", f"### {title}", "", text)),
    ]
    return "\n".join(parts) + "\n"


_HOLDS = (
    "Numbers and texts: no file here runs code when it is loaded. There are no customers' names, ids or orders in them;"
    " categories and ids of products are the shop's own, and a support vector machine keeps the feature values, without"
    " names, of customers that it learned from."
)


def _paragraph(title: str, text: str | None) -> list[str]:
    if not text:
        return []
    return ["", f"## {title}", "", text] if title else ["", text]


def _list(title: str, sentences: tuple[str, ...]) -> list[str]:
    return ["", f"## {title}", "", *(f"- {sentence}" for sentence in sentences)] if sentences else []


def _features(card: ModelCard) -> str:
    groups = "; ".join(f"{group}: {figures.count(number)}" for group, number in card.feature_groups.items())
    return f"{figures.count(card.features)} ({groups})."


def _test(card: ModelCard) -> str | None:
    if card.test is None or card.test_cutoff is None:
        return "No past window was left to test it on."
    test = card.test
    return (
        f"On the window from {figures.day(card.test_cutoff)}, which it had not seen: AUC {figures.score(test.roc_auc)},"
        f" log loss {figures.score(test.log_loss, 4)}, expected calibration error {figures.score(test.ece)}."
    )
