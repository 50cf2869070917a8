"""The guide: what each page says, how to get orders out of a shop, what to say to customers, every term."""

import streamlit as st

from churnkit import ui
from churnkit.services.guide.finding import find
from churnkit.services.guide.topics import SUBJECTS, Topic, topics
from churnkit.text.figures import counted, escape_markdown
from churnkit.ui import keys
from churnkit.ui.navigation import DOORS, HELP, View, page_file

HELP_FILE = page_file(HELP.stem)
# From so many sections on they are drawers, so that one finds one's own.
DRAWERS_FROM = 9

# All of them lead to this very page, so Streamlit would mark each as the open one.
_NOT_CURRENT = '<style>.st-key-help_body [data-testid="stPageLink-NavLink"] *{font-weight:400}</style>'

guide = topics()
views: dict[str, View] = {view.stem: view for door in DOORS for view in (*door.views, *door.details)}


def link(topic: Topic, label: str = "", part: str = "") -> None:
    """A link to a topic, or to a section of it."""
    asked = {"topic": topic.key} | ({"part": part} if part else {})
    st.page_link(HELP_FILE, label=escape_markdown(label or topic.title), query_params=asked)


def contents() -> None:
    """All topics."""
    with st.container(key="help_contents"):
        left, right = st.columns(2, gap="large")
    with left:
        for heading, names in SUBJECTS.items():
            st.header(heading, anchor=False)
            for name in names:
                link(guide[name])
    with right:
        st.header("Page by page", anchor=False)
        for stem in views:
            if stem in guide:
                link(guide[stem])


def results(asked: str) -> None:
    """What a search has found."""
    hits = find(asked, guide)
    if not hits:
        ui.note(f"Nothing in the help says “{asked}”. Try one word, or look at all topics.")
        contents()
        return
    st.caption(f"{counted(len(hits), 'passage')}, best first.")
    for hit in hits:
        with st.container(border=True):
            part = hit.section
            link(
                hit.topic,
                f"{hit.topic.title}: {part.title}" if part else hit.topic.title,
                part.key if part else "",
            )
            ui.note(hit.excerpt)


def shown(topic: Topic, part: str) -> None:
    """One topic; ``part`` names the section that somebody came for."""
    st.page_link(HELP_FILE, label="All topics", icon=":material/arrow_back:")
    st.header(topic.title, anchor=False)
    if topic.intro:
        st.markdown(topic.intro)
    for section in topic.sections:
        if len(topic.sections) >= DRAWERS_FROM:
            with st.expander(escape_markdown(section.title), expanded=section.key == part):
                st.markdown(section.body)
        else:
            st.header(escape_markdown(section.title), anchor=section.key)
            st.markdown(section.body)
    if topic.key in views:
        view = views[topic.key]
        st.page_link(page_file(topic.key), label=f"Open {view.title}", icon=f":material/{view.icon}:")
    if topic.related:
        st.caption("See also")
        with st.container(horizontal=True):
            for key in topic.related:
                link(guide[key])


ui.title("Help", "What each page says, how to get your orders out of your shop, what to say, and every term.")
asked = st.text_input(
    "Search the help",
    key=keys.HELP_FIND,
    bind="query-params",
    type="search",
    live=True,
    placeholder="For example: left out for comparison",
    max_chars=100,
    width=480,
)
st.html(_NOT_CURRENT)
topic = guide.get(st.query_params.get("topic", ""))
with st.container(key="help_body"):
    if asked and asked.strip():
        results(asked.strip())
    elif topic is not None:
        shown(topic, st.query_params.get("part", ""))
    else:
        contents()
