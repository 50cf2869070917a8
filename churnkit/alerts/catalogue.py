"""What each kind of event means to a reader: the one place of their titles, weights and names for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from churnkit.results.shop_events import EventKind

Weight = Literal["news", "look", "trouble"]
"""``news`` is good to know, ``look`` somebody should look at, ``trouble`` keeps the shop's figures from being right."""


@dataclass(frozen=True)
class EventWords:
    """One kind of event.

    Attributes
    ----------
    title
        What happened, as a heading of a digest.
    when
        The same after "told when", in a list of choices.
    usual
        Whether somebody who chooses nothing is told.
    webhook
        What webhooks call it, None if they are not told.
    """

    title: str
    when: str
    weight: Weight
    usual: bool = True
    webhook: str | None = None


CATALOGUE: Mapping[EventKind, EventWords] = {
    "run_ready": EventWords("New results", "new results are ready", "news"),
    "run_failed": EventWords("An analysis failed", "an analysis fails", "trouble"),
    "risk_crossed": EventWords(
        "Valuable customers about to leave",
        "valuable customers come to be above 80 %",
        "look",
        webhook="customer.risk_crossed",
    ),
    "churn_up": EventWords(
        "More customers about to leave",
        "the churn level rises beyond chance",
        "look",
        webhook="churn.increased",
    ),
    "data_stale": EventWords(
        "The data are old", "the newest orders are too old to act on", "look", webhook="data.stale"
    ),
    "export_missed": EventWords(
        "No new orders came", "an expected export does not come", "trouble", webhook="export.missed"
    ),
    "drift_found": EventWords(
        "Customers behave differently", "customers behave differently", "look", webhook="drift.detected"
    ),
    "scorecard_ready": EventWords(
        "A forecast can be checked", "a past forecast can be checked", "news", webhook="scorecard.ready"
    ),
    "campaign_ended": EventWords(
        "A campaign is over", "a campaign's window is over", "news", webhook="campaign.ended"
    ),
    "readout_ready": EventWords(
        "What a campaign did", "what a campaign did is known", "news", webhook="readout.ready"
    ),
    "addition_ready": EventWords("New orders were added", "new orders were added", "news", usual=False),
    "addition_failed": EventWords(
        "Orders could not be added", "a file could not be added", "trouble", webhook="addition.failed"
    ),
    "source_failed": EventWords(
        "A source could not be read", "a source cannot be read", "trouble", webhook="source.failed"
    ),
    "source_asks": EventWords(
        "A source waits for an answer", "a source waits for an answer", "trouble", webhook="source.asks"
    ),
    "schedule_missed": EventWords(
        "A schedule was missed", "a schedule was missed", "trouble", webhook="schedule.missed"
    ),
    "schedule_failed": EventWords(
        "Scheduled work failed", "scheduled work fails", "trouble", webhook="schedule.failed"
    ),
    "data_incident": EventWords("Something is odd in the data", "something is odd in the data", "look"),
    "scoring_fell_back": EventWords(
        "A simple rule scored", "the model could not score", "trouble", webhook="scoring.fell_back"
    ),
    "retrain_proposed": EventWords(
        "Training anew is proposed", "training anew is proposed", "look", webhook="retrain.proposed"
    ),
    "retrain_started": EventWords("Training began", "training anew begins", "news", usual=False),
    "challenger_kept": EventWords("A new model waits", "a new model is kept beside the present one", "look"),
    "challenger_refused": EventWords(
        "A new model was not better", "a new model was not better", "news", usual=False
    ),
    "promoted": EventWords(
        "Another version is in use", "another version takes over", "news", webhook="model.promoted"
    ),
    "rolled_back": EventWords("An earlier version is back", "an earlier version was put back", "look"),
    "rollout_changed": EventWords(
        "A new model's share changed", "a new model's share changed", "news", usual=False
    ),
    "destination_failed": EventWords(
        "Scores could not be sent", "scores could not be sent on", "trouble", webhook="destination.failed"
    ),
    "copy_failed": EventWords("A copy was not made", "a copy of results was not made", "trouble"),
    "follow_up_failed": EventWords(
        "Something after an analysis failed", "a step after an analysis failed", "trouble"
    ),
    "customer_erased": EventWords(
        "A customer's data were erased", "a customer's data were erased", "news", usual=False
    ),
}

USUAL: tuple[EventKind, ...] = tuple(kind for kind, words in CATALOGUE.items() if words.usual)
"""What somebody is told who chooses nothing."""

WEBHOOK_EVENTS: Mapping[EventKind, str] = {
    kind: words.webhook for kind, words in CATALOGUE.items() if words.webhook is not None
}
