"""What sales and service say: the editor by situation with its versions, and the words for one customer."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.results.customer import Customer
from churnkit.services.decide.situation_words import (
    MAX_LETTERS,
    MERGE_FIELDS,
    SITUATIONS,
    Words,
    WordsBook,
    filled,
    save_words,
    situation_of,
    words_book,
)
from churnkit.store import Store
from churnkit.text.figures import escape_markdown, instant
from churnkit.ui.opened import Opened
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs

_BEST_SHARE = 0.8


def words_editor(store: Store) -> None:
    """The words of each situation, editable; every save is a version that can be brought back."""
    st.header("What to say, by situation", anchor=False)
    st.caption(
        "For whoever picks up the phone or answers the mail: each customer's page shows the words of the situation that the"
        " customer is in. Yours for all analyses of this workspace; none of it has been tested, so change it to what works."
    )
    book = words_book(store)
    now = book.versions[-1].number if book.versions else 0
    key = st.selectbox(
        "Situation", list(SITUATIONS), format_func=lambda one: SITUATIONS[one][0], key="situation", width=320
    )
    st.caption(f"Who is in it: {SITUATIONS[key][1]}. A customer is in the first situation that fits.")
    words = book.present[key]
    left, right = st.columns(2)
    sales = left.text_area(
        "Sales says", words.sales, key=f"sales_{key}_{now}", max_chars=MAX_LETTERS, height=180
    )
    service = right.text_area(
        "Service does", words.service, key=f"service_{key}_{now}", max_chars=MAX_LETTERS, height=180
    )
    fields = ", ".join(f"`{{{name}}}` {meaning}" for name, meaning in MERGE_FIELDS.items())
    st.caption(f"Filled in on the customer's page: {fields}.")
    if st.button("Save as a new version", key="words_save", icon=":material/check:", **needs(Action.PLAN)):
        with guarded():
            save_words(store, {key: Words(sales.strip(), service.strip())})
            st.rerun()
    _versions(store, book)


def _versions(store: Store, book: WordsBook) -> None:
    titles = {one.number: f"version {one.number}, {instant(one.saved_at)}" for one in reversed(book.versions)}
    titles[0] = "as they came with churnkit"
    if len(titles) == 1:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            "Versions", list(titles), format_func=titles.__getitem__, key="words_version", width=320
        )
        if st.button(
            "Bring this version back", key="words_back", icon=":material/undo:", **needs(Action.PLAN)
        ):
            save_words(store, book.of(number))
            st.rerun()
    with st.expander("What this version says"):
        for key, words in book.of(number).items():
            st.markdown(f"**{SITUATIONS[key][0]}**")
            st.text(f"Sales: {words.sales}\nService: {words.service}")


def words_for(opened: Opened, one: Customer) -> None:
    """What to say to one customer now."""
    values = opened.results.customers["clv_if_kept"].dropna()
    key = situation_of(one, float(values.quantile(_BEST_SHARE)) if len(values) else None)
    words = filled(words_book(opened.workspace.store).present[key], one)
    st.markdown(f"**What to say** · {escape_markdown(SITUATIONS[key][0])}")
    st.text(f"Sales: {words.sales}")
    st.text(f"Service: {words.service}")
    st.caption("The words are yours to change: What to do, Playbook.")
