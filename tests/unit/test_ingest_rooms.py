"""The rooms of ingest in the order data pass them: a room knows those before it, and of each only what it exports."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

from tests.unit.test_import_order import REPOSITORY, imports_of, plant

INGEST = "churnkit.ingest"
ORDER = (
    "kept_sql",
    "engine",
    "questions",
    "files",
    "cells",
    "columns",
    "rows",
    "understanding",
    "inspection",
    "ingestion",
    "__init__",
)


def violations(repository: Path) -> list[str]:
    """What breaks the order in a checkout, one sentence each."""
    found = []
    folder = repository / "churnkit" / "ingest"
    for path in sorted(folder.rglob("*.py")):
        own = path.relative_to(folder).parts[0].removesuffix(".py")
        name = path.relative_to(folder).as_posix()
        if own not in ORDER:
            found.append(f"{name}: {own} has no place in the order")
            continue
        for target, *inside in sorted(parts_imported(path, repository)):
            if target == own:
                continue
            if target not in ORDER or ORDER.index(target) > ORDER.index(own):
                found.append(f"{name} imports {target}, which is not above it")
            elif inside:
                found.append(f"{name} imports {target}.{inside[0]}, not what {target} exports")
    return found


def parts_imported(path: Path, repository: Path) -> set[tuple[str, ...]]:
    """What a file imports of ingest, as names below it: ``("files", "guard")``."""
    return {
        tuple(name.removeprefix(INGEST).strip(".").split(".")) if name != INGEST else ("__init__",)
        for name in imports_of(path, repository) | modules_as_names(path, repository)
        if name == INGEST or name.startswith(f"{INGEST}.")
    }


def modules_as_names(path: Path, repository: Path) -> set[str]:
    """Modules that are imported as a name of their package: ``from churnkit.ingest.files import guard``."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                module = repository / f"{node.module.replace('.', '/')}/{alias.name}"
                if module.with_suffix(".py").is_file() or module.is_dir():
                    found.add(f"{node.module}.{alias.name}")
    return found


def test_checkout_keeps_the_order() -> None:
    assert violations(REPOSITORY) == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small checkout that keeps the rules."""
    return plant(
        tmp_path,
        {
            "churnkit/ingest/__init__.py": "from churnkit.ingest.ingestion import ingest\n",
            "churnkit/ingest/engine.py": "import duckdb\n",
            "churnkit/ingest/ingestion.py": "from churnkit.ingest.rows import write\n",
            "churnkit/ingest/files/__init__.py": "from churnkit.ingest.files.guard import in_words\n",
            "churnkit/ingest/files/guard.py": "from churnkit.ingest.engine import connect\n",
            "churnkit/ingest/cells/__init__.py": "from churnkit.ingest.files import in_words\n",
            "churnkit/ingest/columns/__init__.py": "from churnkit.ingest.cells import number\n",
            "churnkit/ingest/rows/__init__.py": "from churnkit.errors import DataError\n",
        },
    )


def test_tree_that_keeps_the_rules_is_clean(tree: Path) -> None:
    assert violations(tree) == []


@pytest.mark.parametrize(
    ("module", "statement", "words"),
    [
        ("files/bad.py", "from churnkit.ingest.cells import number", "cells, which is not above it"),
        ("cells/bad.py", "from churnkit.ingest import columns", "columns, which is not above it"),
        ("columns/bad.py", "def late():\n    import churnkit.ingest.rows", "rows, which is not above it"),
        ("rows/bad.py", "from churnkit.ingest import ingest", "__init__, which is not above it"),
        ("engine.py", "from churnkit.ingest.files import in_words", "files, which is not above it"),
        (
            "rows/bad.py",
            "from churnkit.ingest.files.guard import in_words",
            "files.guard, not what files exports",
        ),
        ("rows/bad.py", "from churnkit.ingest.files import guard", "files.guard, not what files exports"),
        ("misc.py", "", "misc has no place in the order"),
    ],
)
def test_wrong_import_is_found_however_it_is_written(
    tree: Path, module: str, statement: str, words: str
) -> None:
    plant(tree, {f"churnkit/ingest/{module}": statement})
    assert any(words in found for found in violations(tree))


@pytest.mark.parametrize("room", ["", ".files", ".cells", ".columns", ".rows"])
def test_every_name_that_a_room_exports_is_there(room: str) -> None:
    module = import_module(f"{INGEST}{room}")
    assert all(getattr(module, name, None) is not None for name in module.__all__)
    with pytest.raises(AttributeError):
        module.no_such_name  # noqa: B018
