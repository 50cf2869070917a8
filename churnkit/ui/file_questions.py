"""The questions that a file leaves open, each answered by one click."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from churnkit.accounts import Action
from churnkit.ingest import Choice, Question
from churnkit.services.look.asked import choice_words, chosen, question_title
from churnkit.store import Upload
from churnkit.text.figures import escape_markdown
from churnkit.ui.answering import answer
from churnkit.ui.export_help import export_help
from churnkit.ui.rights import needs

_SHOWN = 6
_WORDS = 1000


def file_questions(upload: Upload, questions: Sequence[Question], *, early: bool) -> None:
    """Draw what must be answered; ``early``: before the header could be read."""
    for number, question in enumerate(questions):
        if question.refusal:
            _refused(question, number)
        else:
            _asked(upload, question, number, early=early)
    if any(question.refusal for question in questions):
        export_help(expanded=True)


def _asked(upload: Upload, question: Question, number: int, *, early: bool) -> None:
    with st.container(border=True, key=f"question_{number}"):
        st.markdown(f"**:material/help: {escape_markdown(question_title(question))}**")
        st.markdown(escape_markdown(question.message, _WORDS))
        if not question.choices:
            st.caption(escape_markdown(question.remedy, _WORDS))
            return
        offered = list(enumerate(question.choices))
        _offered(upload, question, number, offered[:_SHOWN], early=early)
        if len(offered) > _SHOWN:
            with st.expander("More answers", icon=":material/more_horiz:"):
                _offered(upload, question, number, offered[_SHOWN:], early=early)


def _offered(
    upload: Upload, question: Question, number: int, offered: list[tuple[int, Choice]], *, early: bool
) -> None:
    likeliest = len(question.choices) > 1 and any(_says_something(choice) for choice in question.choices)
    with st.grid(3, min_column_width=220, gap="small") as grid:
        for place, choice in offered:
            with grid.cell():
                st.button(
                    escape_markdown(choice.label),
                    key=f"answer_{number}_{place}",
                    type="primary" if likeliest and place == 0 else "secondary",
                    width="stretch",
                    on_click=answer,
                    args=(upload, chosen(question, choice, early=early)),
                    **needs(Action.UPLOAD),
                )
                words = choice_words(choice)
                if likeliest and place == 0:
                    words = f"the likeliest · {words}" if words else "the likeliest"
                if words:
                    st.caption(escape_markdown(words))
                if choice.example:
                    st.caption(f"e.g. {escape_markdown(choice.example)}")


def _says_something(choice: Choice) -> bool:
    """Whether there was anything to judge it by: a list of all columns has no likeliest one."""
    return bool(choice.example) or bool(choice_words(choice))


def _refused(question: Question, number: int) -> None:
    with st.container(border=True, key=f"question_{number}"):
        st.markdown(f"**:material/block: {escape_markdown(question_title(question))}**")
        st.markdown(escape_markdown(question.message, _WORDS))
        st.markdown(escape_markdown(question.remedy, _WORDS))
