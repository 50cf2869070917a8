"""Model cards as texts."""

from __future__ import annotations

from churnkit.api.access import Caller
from churnkit.api.opened import open_run
from churnkit.services.score.card_text import card_text
from churnkit.services.score.statement import stewardship
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Run, StoredModel


def run_card(caller: Caller, run: Run) -> str:
    """The card of what scored a run, as the Models page gives it out."""
    results = open_run(caller, run.session_id, run.run_id).results
    question = results.summary.question
    owner = load_preferences(caller.store).model_owner
    return card_text(results.evidence.model_card, stewardship(question.cutoff, question.horizon_days, owner))


def model_card(caller: Caller, model: StoredModel, run: Run) -> str:
    """The card of one of a run's models, champion or not."""
    if run.model_id == model.model_id:
        return run_card(caller, run)
    # The libraries of the models come for one that has to be opened only.
    from churnkit.services.score.taking_away import stored_card

    version = caller.platform.version(caller.store, run.run_id, model.model_id)
    return stored_card(version, load_preferences(caller.store).model_owner)
