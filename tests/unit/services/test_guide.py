"""The help: complete, true to the code, and found."""

from __future__ import annotations

import re

import pytest

from churnkit.ingest import export_guides
from churnkit.services.decide.situation_words import SITUATIONS
from churnkit.services.guide.finding import find
from churnkit.services.guide.made import MADE
from churnkit.services.guide.topics import FOLDER, SUBJECTS, topics
from churnkit.text.columns import CUSTOMERS
from churnkit.text.terms import TERMS
from churnkit.ui.navigation import DOORS

VIEWS = {view.stem: view for door in DOORS for view in (*door.views, *door.details)}
GUIDE = topics()


def test_every_page_behind_a_door_has_a_topic_of_its_title() -> None:
    assert set(VIEWS) - set(GUIDE) == set()
    for door in DOORS:
        for view in door.views:
            assert GUIDE[view.stem].title == view.title


def test_every_topic_says_something_and_leads_on_to_others_that_are_there() -> None:
    listed = {name for names in SUBJECTS.values() for name in names}
    assert listed <= set(GUIDE)
    for topic in GUIDE.values():
        assert topic.title, topic.key
        assert topic.intro or topic.sections, topic.key
        assert set(topic.related) <= set(GUIDE) - {topic.key}, topic.key
        keys = [section.key for section in topic.sections if section.title]
        assert len(keys) == len(set(keys)), topic.key


def test_every_marker_stands_for_something_and_nothing_is_loaded_from_outside() -> None:
    markers = set()
    for path in FOLDER.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        markers |= set(re.findall(r"<!-- made: (\w+) -->", text))
        assert "![" not in text, path.name
        assert not re.search(r"<(?!!-- made)", text), path.name
        assert "$" not in text, path.name
    assert markers == set(MADE)


def test_what_is_made_of_the_code_is_whole() -> None:
    assert [one.title for one in GUIDE["exporting"].sections] == [one.title for one in export_guides()]
    assert {one.title for one in GUIDE["glossary"].sections} == {one.title for one in TERMS.values()}
    said = "\n".join(section.body for section in GUIDE["dictionary"].sections)
    assert all(f"`{column.name}`" in said for column in CUSTOMERS)
    for desk in ("sales", "service"):
        titles = [section.title for section in GUIDE[desk].sections]
        assert all(title in titles for title, _ in SITUATIONS.values())


@pytest.mark.parametrize(
    ("asked", "topic", "section"),
    [
        ("shopify", "exporting", "Shopify"),
        ("How do I export from WooCommerce?", "exporting", "WooCommerce"),
        ("glossary", "glossary", None),
        ("success rate", "glossary", "Success rate"),
        ("a customer asks to be erased", "privacy", "When a customer asks"),
    ],
)
def test_a_search_finds_first_what_is_about_it(asked: str, topic: str, section: str | None) -> None:
    first = find(asked, GUIDE)[0]
    assert first.topic.key == topic
    if section is not None:
        assert first.section is not None
        assert first.section.title == section


def test_a_search_takes_small_letters_accents_and_plurals_for_the_same() -> None:
    expected = [(hit.topic.key, hit.section) for hit in find("campaign", GUIDE)]
    for asked in ("CAMPAIGNS", "cámpaign"):
        assert [(hit.topic.key, hit.section) for hit in find(asked, GUIDE)] == expected


def test_a_search_for_nothing_or_for_what_is_nowhere_finds_nothing() -> None:
    assert find("  ?! ", GUIDE) == []
    assert find("xylophone", GUIDE) == []
    assert len(find("the", GUIDE)) > 0
