"""What was scored on engines by the models of an analysis: when, by what, where the scores lie."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from churnkit.errors import DataError
from churnkit.jobs.request import stored_request
from churnkit.results.scores import SCORES, read_scores
from churnkit.store import TrainingJob
from churnkit.text.figures import counted, day
from churnkit.tournament.names import model_label
from churnkit.ui.opened import Opened
from churnkit.ui.parts import note

_MOST = 5


def many_orders(opened: Opened) -> None:
    """The last scorings on engines; nothing where there are none."""
    jobs = opened.store.jobs.of_session(opened.session.session_id)
    done = [job for job in jobs if job.kind == "bulk" and job.status == "completed"]
    if not done:
        return
    st.subheader("Scored on engines", anchor=False)
    for words in _words(opened, done[:_MOST]):
        note(words)


def _words(opened: Opened, jobs: list[TrainingJob]) -> Iterator[str]:
    for job in jobs:
        asked = stored_request(job.request).bulk
        if asked is None:
            continue
        begun = f"{job.name or job.job_id[:8]}: started {day(job.created_at)} on {asked.engine}"
        try:
            account = read_scores(opened.workspace.platform.folders.out(job.job_id) / SCORES)
        except DataError:
            yield f"{begun}, written to {asked.output}; its account is gone."
            continue
        yield (
            f"{begun}: {counted(account.customers, 'customer')} as of {day(account.cutoff)} by"
            f" {model_label(account.model)}, written to {asked.output}."
        )
