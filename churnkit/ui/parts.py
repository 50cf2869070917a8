"""The parts that every page is made of, so that a thing looks the same wherever it appears."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeVar

import pandas as pd
import streamlit as st

from churnkit.errors import ChurnkitError
from churnkit.reports.csv_files import in_currency, write_csv
from churnkit.results.found import Found, Missing
from churnkit.text.figures import escape_markdown
from churnkit.text.hover import plotly_locale
from churnkit.text.kinds import KINDS, Kind
from churnkit.text.terms import TERMS
from churnkit.ui import keys
from churnkit.ui.navigation import HELP, page_file
from churnkit.ui.rights import no_export, taken_out

# The toolbar would cover the titles of small charts; a picture can be taken from the reports.
_PLOTLY = {"displayModeBar": False, "responsive": True, "showSendToCloud": False}

# Pixels. Two such cards and the gap between them are as wide as a phone.
_CARD_WIDTH = 150

T = TypeVar("T")

# Of badges: good, so-so, bad, unknown.
Colour = Literal["green", "orange", "red", "gray"]


def title(text: str, subtitle: str = "") -> None:
    """The page's heading with the way to its help, and one quiet sentence below it."""
    stem = st.session_state.get(keys.PAGE)
    with st.container(horizontal=True, vertical_alignment="center", key="page_title"):
        st.title(text, width="content")
        if stem not in (None, HELP.stem):
            st.page_link(
                page_file(HELP.stem),
                label="About this page",
                icon=f":material/{HELP.icon}:",
                query_params={"topic": stem},
            )
    if subtitle:
        st.caption(subtitle)


def show_error(error: ChurnkitError) -> None:
    """One message: what, where, and how to mend it."""
    st.error(escape_markdown(f"{error.message} {error.remedy}".strip(), limit=2000), icon=":material/error:")


@contextmanager
def guarded() -> Iterator[None]:
    """Show a failure of a part of the page in its place; the rest of the page goes on."""
    try:
        yield
    except ChurnkitError as error:
        show_error(error)


def empty(headline: str, words: str, *, icon: str = ":material/inbox:") -> Any:
    """A friendly nothing-here-yet; returns the container, so that the page can add a way on."""
    box = st.container(border=True)
    box.markdown(f"## {icon} {headline}")
    box.write(words)
    return box


@dataclass(frozen=True, kw_only=True)
class Card:
    """One figure of a row of cards.

    Attributes
    ----------
    label
        Its name; empty where it is the title of its ``term``.
    term
        The term of ``text.terms`` whose meaning is the tooltip.
    below
        A quiet line below the figure.
    kind
        How the figure is known, see ``text.kinds``; None where it goes without saying.
    change, change_words
        By how much it changed, and since when; empty where nobody knows.
    rising_is_bad
        Which change is coloured as bad news.
    """

    value: str
    label: str = ""
    term: str | None = None
    below: str = ""
    key: str | None = None
    kind: Kind | None = None
    change: str = ""
    change_words: str = ""
    rising_is_bad: bool = False

    @property
    def title(self) -> str:
        """What stands above the figure."""
        return self.label or (TERMS[self.term].title if self.term else "")


def card(shown: Card) -> None:
    """A figure in a frame, with its definition as a tooltip."""
    with st.container(border=True, height="stretch", key=shown.key, gap="xsmall"):
        st.metric(
            shown.title,
            shown.value,
            shown.change or None,
            help=TERMS[shown.term].meaning if shown.term else None,
            delta_color="inverse" if shown.rising_is_bad else "normal",
        )
        # Beside the change they would be cut off in a card as narrow as half a phone.
        for words in (shown.change_words, shown.below):
            if words:
                st.caption(words)
        if shown.kind:
            st.caption(f":gray-badge[{shown.kind}]", help=KINDS[shown.kind])


def cards(row: Sequence[Card], columns: int | None = None) -> None:
    """Cards of one height; ``columns`` side by side, all of them unless given, or as many as fit: two on a phone."""
    with st.grid(columns or len(row), min_column_width=_CARD_WIDTH, gap="xsmall"):
        for figure in row:
            card(figure)


def chart(figure: Any, alt: str, *, key: str) -> None:
    """A Plotly figure in the app's theme; ``alt`` says in words what it shows."""
    st.plotly_chart(figure, key=key, alt=alt, config=_PLOTLY | plotly_locale())


def clicked(figure: Any, alt: str, *, key: str) -> list[Any] | None:
    """A figure whose points can be clicked: the ``customdata`` of the one that was, None before."""
    event = st.plotly_chart(
        figure, key=key, alt=alt, config=_PLOTLY | plotly_locale(), on_select="rerun", selection_mode="points"
    )
    points = event["selection"]["points"]
    return list(points[0]["customdata"]) if points else None


def note(text: str) -> None:
    """A sentence that qualifies what is shown; plain text, nothing in it is formatted."""
    st.caption(escape_markdown(text, limit=2000))


def csv_bytes(frame: pd.DataFrame, currency: str | None = None) -> bytes:
    """A table as CSV that a spreadsheet can open without running anything; ``currency`` is that of its amounts."""
    with TemporaryDirectory(prefix="churnkit-csv-") as folder:
        path = Path(folder) / "table.csv"
        write_csv(in_currency(frame, currency), path)
        return path.read_bytes()


def value_or_note(part: Found[T] | Missing) -> T | None:
    """What a part of the results holds; None where it is missing, after saying why in its place."""
    if isinstance(part, Missing):
        note(part.reason)
        return None
    return part.value


def definitions(*names: str) -> None:
    """The terms of a page in a closed drawer."""
    with st.expander("What these terms mean", icon=":material/menu_book:"):
        for name in names:
            st.markdown(f"**{TERMS[name].title}** – {TERMS[name].meaning}")


def download(
    label: str, make: Callable[[], bytes], file_name: str, mime: str, *, key: str, **options: Any
) -> None:
    """A download whose bytes are made when somebody asks for them; disabled for whoever may take no files out."""
    options.setdefault("icon", ":material/download:")
    why = no_export()
    if why:
        options |= {"disabled": True, "help": why}
    data = b"" if why else taken_out(make, file_name)
    st.download_button(label, data, file_name=file_name, mime=mime, key=key, on_click="ignore", **options)
