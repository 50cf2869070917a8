"""Help: all topics, one of them, a search, and the link to it from each page's title."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from churnkit.services.guide.topics import SUBJECTS, topics
from churnkit.ui.navigation import DOORS
from tests.app.conftest import SHELL


def opened(**asked: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.switch_page("pages/help.py")
    for name, value in asked.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


def links(app: AppTest) -> dict[str, str]:
    """Links of the page by their label, with what they ask for."""
    return {one.proto.label.replace("\\", ""): one.proto.query_string for one in app.get("page_link")}


def said(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption))


def test_all_topics_are_a_click_away_on_an_empty_store(
    shell: None, folders: tuple[Path, Path], empty_app: AppTest
) -> None:
    found = links(opened()).values()
    asked = {one for one in found if one}
    expected = {name for names in SUBJECTS.values() for name in names}
    expected |= {view.stem for door in DOORS for view in (*door.views, *door.details)}
    assert {f"topic={name}" for name in expected} <= asked


def test_a_topic_is_shown_with_its_page_and_what_goes_on_from_it(
    shell: None, folders: tuple[Path, Path], empty_app: AppTest
) -> None:
    app = opened(topic="campaigns")
    assert [one.value for one in app.title] == ["Help"]
    assert app.header[0].value == "Campaigns"
    assert "left out for comparison" in said(app)
    assert {"Open Campaigns", *(topics()[key].title for key in topics()["campaigns"].related)} <= set(
        links(app)
    )


def test_the_part_that_somebody_came_for_is_open_and_no_other(
    shell: None, folders: tuple[Path, Path], empty_app: AppTest
) -> None:
    app = opened(topic="exporting", part="shopify")
    assert [one.label for one in app.expander if one.proto.expanded] == ["Shopify"]


def test_a_topic_that_is_not_there_leads_to_all(
    shell: None, folders: tuple[Path, Path], empty_app: AppTest
) -> None:
    assert "topic=glossary" in links(opened(topic="../../etc/passwd")).values()


def test_a_search_leads_to_the_section_and_says_so_where_nothing_is_found(
    shell: None, folders: tuple[Path, Path], empty_app: AppTest
) -> None:
    app = opened(find="success rate")
    assert app.text_input("find").value == "success rate"
    assert links(app)["Glossary: Success rate"] == "topic=glossary&part=success-rate"
    app.text_input("find").set_value("<script> xylophone").run()
    assert "Nothing in the help says" in said(app)
    assert "topic=glossary" in links(app).values()


def test_each_page_leads_to_its_own_topic(shell: None, small_app: AppTest) -> None:
    for stem in ("dashboard", "actions", "settings"):
        small_app.switch_page(f"pages/{stem}.py").run()
        assert links(small_app)["About this page"] == f"topic={stem}"
        assert "Help" in links(small_app)
