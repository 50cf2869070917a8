"""The answers of a visitor about an upload: applied at once, kept for the next export, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from churnkit.accounts import Action
from churnkit.errors import ChurnkitError
from churnkit.ingest import Inspection, Reading
from churnkit.services.look.given_answers import (
    Answers,
    GivenAnswer,
    beginning_key,
    fitting,
    header_key,
    reading_with,
    save,
    saved,
    with_answer,
)
from churnkit.store import Upload
from churnkit.text.figures import escape_markdown
from churnkit.ui import keys
from churnkit.ui.inspecting import inspected
from churnkit.ui.rights import needs
from churnkit.ui.workspace import workspace


@dataclass(frozen=True)
class LookedAt:
    """An upload as its answers let it be read.

    Attributes
    ----------
    reading
        With the answers.
    found
        What the reader saw, or why it saw nothing.
    """

    reading: Reading
    answers: Answers
    found: Inspection | ChurnkitError


def look_at(upload: Upload, options: Reading) -> LookedAt:
    """Have an upload looked at as ``options`` and the answers say, those of an earlier file among them."""
    answers = _answers(upload)
    asked = _asked(upload, options, answers)
    if not isinstance(asked.found, Inspection) or header_key(asked.found) in answers.headers[-1:]:
        return asked
    known = _recalled(answers, asked.found)
    st.session_state[keys.answers(upload.upload_id)] = known
    if known.given == answers.given:
        return replace(asked, answers=known)
    return _asked(upload, options, known)


def answer(upload: Upload, new: GivenAnswer) -> None:
    """Take an answer."""
    _change(upload, with_answer(_answers(upload).given, new))


def take_back(upload: Upload, old: GivenAnswer) -> None:
    """Have a question asked again."""
    _change(upload, [one for one in _answers(upload).given if one != old])


def forget_answers(upload: Upload) -> None:
    """Have every question asked again, of the next file too."""
    _change(upload, [])


def given_answers(upload: Upload, answers: Answers) -> None:
    """What was answered, each with the way to take it back."""
    if not answers.given:
        return
    with st.container(border=True, key="given_answers"):
        earlier = "As you answered for your last export" if answers.remembered else "Your answers"
        st.caption(f"{earlier} – click one to take it back")
        with st.container(horizontal=True):
            for number, one in enumerate(answers.given):
                st.button(
                    escape_markdown(one.label),
                    key=f"given_{number}",
                    icon=":material/undo:",
                    on_click=take_back,
                    args=(upload, one),
                    **needs(Action.UPLOAD, help="Take this answer back"),
                )
            st.button(
                "Forget all of them",
                key="forget_answers",
                type="tertiary",
                icon=":material/delete:",
                on_click=forget_answers,
                args=(upload,),
                **needs(Action.UPLOAD),
            )


def _answers(upload: Upload) -> Answers:
    """What was answered about an upload so far; at first, what is needed to read a header like its own."""
    key = keys.answers(upload.upload_id)
    if key not in st.session_state:
        early = saved(workspace().store, _beginning(upload))
        st.session_state[key] = Answers(early, remembered=bool(early))
    answers: Answers = st.session_state[key]
    return answers


def _asked(upload: Upload, options: Reading, answers: Answers) -> LookedAt:
    try:
        reading = reading_with(options, answers)
    except ChurnkitError as error:
        return LookedAt(options, answers, error)
    return LookedAt(reading, answers, inspected(upload, reading))


def _recalled(answers: Answers, found: Inspection) -> Answers:
    """With what was answered before about a file with this header."""
    key = header_key(found)
    columns = [info.name for info in found.columns]
    before = fitting(saved(workspace().store, key), columns)
    given = (*answers.early, *before)
    for one in fitting(answers.late, columns):
        given = with_answer(given, one)
    return replace(
        answers,
        given=given,
        headers=(*answers.headers, key),
        remembered=answers.remembered or bool(before and not answers.late),
        version=answers.version + 1,
    )


def _change(upload: Upload, given: Sequence[GivenAnswer]) -> None:
    """Put other answers in the place of those so far, and keep them for the next export."""
    store, before = workspace().store, _answers(upload)
    after = replace(before, given=tuple(given), version=before.version + 1)
    for header in before.headers:
        save(store, header, after.late)
    if after.early != before.early:
        save(store, _beginning(upload), after.early)
        # Another header may come of it, with answers of its own.
        after = replace(after, given=after.early, headers=())
    st.session_state[keys.answers(upload.upload_id)] = after


def _beginning(upload: Upload) -> str:
    return beginning_key(workspace().platform.upload_file(upload), upload.filename)
