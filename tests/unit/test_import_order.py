"""Data flows one way: a module imports only from modules above it, and Streamlit stays in the pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = "churnkit"

# Each module may import from those before it.
ORDER = (
    "errors",
    "late_names",
    "accounts",
    "config",
    "text",
    "outgoing",
    "results",
    "samples",
    "store",
    "ingest",
    "profiling",
    "windows",
    "metrics",
    "btyd",
    "labels",
    "features",
    "clv",
    "tournament",
    "explain",
    "segments",
    "cohorts",
    "baskets",
    "forecast",
    "roi",
    "campaigns",
    "experiments",
    "monitoring",
    "shops",
    "sources",
    "alerts",
    "charts",
    "reports",
    "services",
    "engines",
    "jobs",
    "worker",
    "server",
    "ui",
    "api",
    "commands",
    "cli",
    "__main__",
)
STREAMLIT_ALLOWED = ("app.py", "main.py", "pages/", "churnkit/server/", "churnkit/ui/", "churnkit/ui.py")


def violations(repository: Path) -> list[str]:
    """What breaks the rules in a checkout, one sentence each; files of tests are free."""
    found = []
    for path in sorted(repository.glob("*.py")) + sorted(repository.glob("pages/**/*.py")):
        found += streamlit_violations(path.relative_to(repository).as_posix(), imports_of(path, repository))
    for path in sorted((repository / PACKAGE).rglob("*.py")):
        name = path.relative_to(repository).as_posix()
        imported = imports_of(path, repository)
        found += streamlit_violations(name, imported)
        found += order_violations(name, imported)
    return found


def streamlit_violations(name: str, imported: set[str]) -> list[str]:
    if name.startswith(STREAMLIT_ALLOWED) or not any(item.split(".")[0] == "streamlit" for item in imported):
        return []
    return [f"{name} imports streamlit"]


def order_violations(name: str, imported: set[str]) -> list[str]:
    own = Path(name).parts[1].removesuffix(".py")
    if own != "__init__" and own not in ORDER:
        return [f"{name}: {own} has no place in the order"]
    rank = -1 if own == "__init__" else ORDER.index(own)
    targets = {item.split(".")[1] for item in imported if item.startswith(f"{PACKAGE}.")}
    return [
        f"{name} imports {PACKAGE}.{target}, which is not above it"
        for target in sorted(targets - {own})
        if target not in ORDER or ORDER.index(target) > rank
    ]


def imports_of(path: Path, repository: Path) -> set[str]:
    """Full names that a file imports, in functions too, relative ones resolved."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    package = path.relative_to(repository).with_suffix("").parts[:-1]
    return {name for node in ast.walk(tree) for name in names_of(node, package, repository)}


def names_of(node: ast.AST, package: tuple[str, ...], repository: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package[: len(package) - node.level + 1] if node.level else ()
        base = ".".join([*above, *([node.module] if node.module else [])])
        if base != PACKAGE:
            yield base
        else:
            # ``from churnkit import x``: x may be a module or a plain name such as __version__.
            yield from (f"{base}.{alias.name}" for alias in node.names if is_module(repository, alias.name))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        first = node.args[0] if node.args else None
        if called in ("import_module", "__import__") and isinstance(first, ast.Constant):
            yield str(first.value)


def is_module(repository: Path, name: str) -> bool:
    folder = repository / PACKAGE
    return (folder / f"{name}.py").is_file() or (folder / name).is_dir()


def test_checkout_keeps_the_order() -> None:
    assert violations(REPOSITORY) == []


def test_order_names_every_module_once() -> None:
    assert len(set(ORDER)) == len(ORDER)


def plant(repository: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return repository


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small checkout that keeps the rules."""
    return plant(
        tmp_path,
        {
            "app.py": "import streamlit\nfrom churnkit.services import analyse\n",
            "pages/home.py": "import streamlit as st\n",
            "churnkit/__init__.py": "__version__ = '1'\n",
            "churnkit/errors.py": "import sys\n",
            "churnkit/store/core.py": "from churnkit.errors import StoreError\nimport churnkit.store\n",
            "churnkit/ui/cards.py": "import streamlit\nfrom churnkit import __version__\n",
            "churnkit/services.py": "from churnkit.store.core import Store\nimport churnkit.errors\n",
        },
    )


def test_tree_that_keeps_the_rules_is_clean(tree: Path) -> None:
    assert violations(tree) == []


@pytest.mark.parametrize(
    "statement",
    [
        "from churnkit.services import run",
        "import churnkit.services as s",
        "from churnkit import services",
        "from churnkit import __version__, services",
        "from .. import services",
        "from ..services import run",
        "def late():\n    from churnkit.services import run",
        "if False:\n    import churnkit.services",
        "import importlib\nimportlib.import_module('churnkit.services')",
        "__import__('churnkit.services')",
    ],
)
def test_import_from_below_is_found_however_it_is_written(tree: Path, statement: str) -> None:
    plant(tree, {"churnkit/store/bad.py": statement})
    assert violations(tree) == ["churnkit/store/bad.py imports churnkit.services, which is not above it"]


def test_module_without_a_place_is_found(tree: Path) -> None:
    plant(tree, {"churnkit/misc.py": "", "churnkit/cli.py": "from churnkit.misc import x"})
    assert violations(tree) == [
        "churnkit/cli.py imports churnkit.misc, which is not above it",
        "churnkit/misc.py: misc has no place in the order",
    ]


def test_package_itself_imports_nothing_of_its_own(tree: Path) -> None:
    plant(tree, {"churnkit/__init__.py": "from churnkit.store import Store"})
    assert violations(tree) == ["churnkit/__init__.py imports churnkit.store, which is not above it"]


@pytest.mark.parametrize("statement", ["import streamlit", "from streamlit.testing.v1 import AppTest"])
def test_streamlit_outside_the_pages_is_found(tree: Path, statement: str) -> None:
    plant(tree, {"churnkit/services.py": statement, "worker.py": statement})
    assert violations(tree) == ["worker.py imports streamlit", "churnkit/services.py imports streamlit"]
