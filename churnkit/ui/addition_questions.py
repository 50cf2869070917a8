"""What files that were to be added leave open, each answered by one click; the file is then added again."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from churnkit.accounts import Action
from churnkit.ingest import Question, answered
from churnkit.jobs.addition_request import AdditionAsked, MissingAnswer
from churnkit.jobs.open_questions import read_questions
from churnkit.jobs.request import stored_request
from churnkit.shops import MISSING_ORDERS
from churnkit.store import Store, TrainingJob
from churnkit.text.figures import escape_markdown
from churnkit.ui.opened import OpenedLook
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs

_WORDS = 1500
_CHOICES = 6


def addition_questions(opened: OpenedLook) -> None:
    """The questions of every file that waits for an answer, the newest file first."""
    folders = opened.workspace.platform.folders
    names = {upload.upload_id: upload.filename for upload in opened.store.uploads.all()}
    for job, asked in _unanswered(opened.store, opened.session.session_id):
        name = names.get(asked.upload_id or "")
        for number, question in enumerate(read_questions(folders.job(job.job_id)) if name else ()):
            _question(opened, job, question, f"{job.job_id}_{number}", name or "")


def _unanswered(store: Store, shop_id: str) -> Iterator[tuple[TrainingJob, AdditionAsked]]:
    """Failed additions whose file was not handed over again since."""
    seen: set[str | None] = set()
    for job in store.jobs.of_session(shop_id):
        asked = (stored_request(job.request).addition if job.kind == "add" else None) or AdditionAsked()
        if asked.upload_id is None:
            continue
        if job.status == "failed" and asked.upload_id not in seen:
            yield job, asked
        seen.add(asked.upload_id)


def _question(opened: OpenedLook, job: TrainingJob, question: Question, key: str, name: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(name)}** {escape_markdown(question.message, _WORDS)}")
        choices = question.choices
        if not choices:
            st.caption(escape_markdown(question.remedy, _WORDS))
        for place, choice in enumerate(choices[:_CHOICES]):
            if st.button(
                escape_markdown(choice.label), key=f"history_answer_{key}_{place}", **needs(Action.UPLOAD)
            ):
                with guarded():
                    _answer(opened, job, choice.answer)
                    st.rerun()


def _answer(opened: OpenedLook, job: TrainingJob, answer: dict[str, MissingAnswer]) -> None:
    request = stored_request(job.request)
    asked = request.addition or AdditionAsked()
    if asked.upload_id is None:
        return
    missing = answer.get(MISSING_ORDERS)
    opened.workspace.platform.add_export(
        opened.store,
        opened.session.session_id,
        asked.upload_id,
        reading=request.reading if missing else answered(request.reading, answer),
        missing=missing or ("take_out" if asked.takes_out_missing else None),
        corrects=asked.corrects,
        insist=asked.insists,
        kind=asked.kind,
        knows_until=asked.knows_until,
        source_id=asked.source_id,
        then=asked.then,
    )
