"""What a contributor may forget: a room on the map, a page in the navigation or on the browser's walks."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from churnkit.ui.navigation import DOORS, HELP
from churnkit.ui.page_rules import PAGES
from tests.unit.test_import_order import ORDER

REPOSITORY = Path(__file__).resolve().parents[2]
BROWSER = REPOSITORY / "tests" / "browser"
# Leads on as soon as the analysis is done, so no walk can stay on it.
PASSING = {"progress"}


def constant(path: Path, name: str) -> list[str]:
    """The list or tuple of texts that a file assigns to ``name``."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return list(ast.literal_eval(node.value))
    raise AssertionError(f"{path.name} has no {name}")


def pages() -> set[str]:
    return {path.stem for path in (REPOSITORY / "pages").glob("*.py")}


def test_the_map_has_every_room_once_and_in_order() -> None:
    text = (REPOSITORY / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("## The map")[1].split("\n## ")[0]
    named = [
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    package = REPOSITORY / "churnkit"
    there = [name for name in ORDER if (package / name).is_dir() or (package / f"{name}.py").is_file()]
    assert named == there


def test_every_page_is_in_the_navigation() -> None:
    behind = [view.stem for door in DOORS for view in (*door.views, *door.details)]
    assert sorted([*behind, HELP.stem]) == sorted(pages())
    assert len(DOORS) <= 9


def test_the_browser_walks_over_every_page() -> None:
    assert pages() == set(PAGES)
    # The start page has no path of its own.
    journey = {path or "start" for path in constant(BROWSER / "test_journey.py", "PATHS")}
    assert journey == pages() - PASSING
