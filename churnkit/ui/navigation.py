"""The doors of the app: at most nine in the sidebar, each with the views behind it.

A view is a page with an address of its own, so links, bookmarks and the browser's Back reach it. The sidebar shows of
each door the view that is open, or its first; the others are links above the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

_PAGES = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True)
class View:
    """A page: the stem of its file, which is its address, and what one gets there."""

    stem: str
    title: str
    icon: str


@dataclass(frozen=True)
class Door:
    """An entry of the sidebar.

    Attributes
    ----------
    views
        What stands behind it, in the order of the links above the page.
    details
        Pages that are reached from a view, with no link above the page.
    """

    title: str
    icon: str
    views: tuple[View, ...]
    details: tuple[View, ...] = ()


DOORS = (
    Door(
        "Home",
        "home",
        (
            View("dashboard", "Home", "home"),
            View("since", "Since last time", "update"),
            View("compare", "Compare", "compare_arrows"),
        ),
        (View("start", "Start", "home"),),
    ),
    Door(
        "Customers",
        "group",
        (View("customers", "Customers", "group"),),
        (View("customer", "Customer", "person"),),
    ),
    Door(
        "To do",
        "bolt",
        (View("actions", "What to do", "bolt"), View("worklist", "Work list", "checklist")),
    ),
    Door(
        "Campaigns",
        "campaign",
        (
            View("whatif", "Try a plan", "tune"),
            View("campaigns", "Campaigns", "campaign"),
            View("readout", "Did it work?", "science"),
        ),
    ),
    Door(
        "Groups",
        "donut_small",
        (
            View("segments", "Groups", "donut_small"),
            View("cohorts", "By first purchase", "calendar_view_month"),
        ),
    ),
    Door(
        "Was it right?",
        "verified",
        (
            View("monitoring", "Was it right?", "verified"),
            View("models", "How it forecasts", "model_training"),
        ),
    ),
    Door("Reports", "description", (View("reports", "Reports", "description"),)),
    Door(
        "Orders",
        "upload_file",
        (
            View("upload", "Upload", "upload_file"),
            View("data_quality", "Data quality", "fact_check"),
            View("progress", "Progress", "progress_activity"),
            View("history", "History", "history"),
        ),
    ),
    Door("Settings", "settings", (View("settings", "Settings", "settings"),)),
)


HELP = View("help", "Help", "help")
"""Behind no door: reached from the sidebar's foot and from each page's title."""


def page_file(stem: str) -> str:
    """What ``st.switch_page`` and ``st.page_link`` take for a page."""
    return f"pages/{stem}.py"


def navigation(default: str) -> Any:
    """The page that is asked for, out of all; the sidebar then lists the doors.

    ``default`` is the stem of the page at the bare address.
    """
    asked = _asked(default)
    behind = [_page(door, view, asked, default) for door in DOORS for view in _all(door)]
    return st.navigation([*behind, _hidden(HELP)])


def links_above(stem: str) -> None:
    """Links to the other views behind the door of a page, where there are any."""
    door = next((door for door in DOORS if any(view.stem == stem for view in _all(door))), None)
    if door is None or len(door.views) < 2:
        return
    with st.container(horizontal=True, gap="small", key="views"):
        for view in door.views:
            st.page_link(page_file(view.stem), label=view.title, icon=f":material/{view.icon}:")


def _all(door: Door) -> Iterator[View]:
    yield from door.views
    yield from door.details


def _page(door: Door, view: View, asked: str, default: str) -> Any:
    """A page; in the sidebar its door stands for it if it is the open one, or the first where none of the door is."""
    here = next((one for one in _all(door) if one.stem == asked), door.views[0])
    shown = view is here
    return st.Page(
        _PAGES / f"{view.stem}.py",
        title=door.title if shown else view.title,
        icon=f":material/{door.icon if shown else view.icon}:",
        default=view.stem == default,
        visibility="visible" if shown else "hidden",
    )


def _hidden(view: View) -> Any:
    return st.Page(
        _PAGES / f"{view.stem}.py", title=view.title, icon=f":material/{view.icon}:", visibility="hidden"
    )


def _asked(default: str) -> str:
    """The stem that the address names."""
    path = urlsplit(st.context.url or "").path
    return path.rstrip("/").rpartition("/")[2] or default
