"""What requirements.txt lists is imported, what is imported is listed, and no module is there for tests alone."""

from __future__ import annotations

import ast
import functools
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PRODUCT = [
    *REPOSITORY.glob("*.py"),
    *REPOSITORY.glob("pages/*.py"),
    *REPOSITORY.glob("churnkit/**/*.py"),
]
# Used by another package when it is there: openpyxl writes with lxml.
THROUGH_OTHERS = {"lxml"}
# The package without its server has another name than its module, and need not be installed.
LARGER_OR_SMALLER = {"mlflow": "mlflow-skinny"}
# The same module with and without a server of its own: either is enough.
SAME_MODULE = {"pyspark-client"}
# Always installed with another package: pyspark speaks with Java by it.
COMES_WITH = {"py4j": "pyspark"}
# There for the type checker alone.
STUBS = {"_typeshed"}
# Run by name.
ENTRIES = {
    "churnkit.__main__",
    "churnkit.worker.__main__",
    "churnkit.worker.reading.__main__",
    "churnkit.worker.picture",
}


def distribution(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement.strip())[0].lower().replace("_", "-")


def listed() -> set[str]:
    lines = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {distribution(line) for line in lines if line.strip() and not line.startswith(("#", "-"))}


def optional() -> set[str]:
    """What ``pip install churnkit[EXTRA]`` adds; imported where it is used, with a message where it is missing."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    return {distribution(one) for requirements in extras.values() for one in requirements}


@functools.cache
def imports(path: Path) -> frozenset[str]:
    """Full names of what a file imports; of ``from a import b`` both ``a`` and ``a.b``."""
    return frozenset(_imports(path))


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Distributions that the product imports."""
    names = {name.split(".")[0] for path in PRODUCT for name in imports(path)}
    own = {"churnkit", *(path.stem for path in REPOSITORY.glob("*.py"))}
    names = {COMES_WITH.get(name, name) for name in names}
    foreign = names - own - STUBS - sys.stdlib_module_names
    known = packages_distributions()
    # Several distributions may share a name: google is protobuf's and others'.
    wanted = listed() | optional()
    owners = {name: [distribution(one) for one in known.get(name, [name])] for name in foreign}
    return {
        LARGER_OR_SMALLER.get(name) or next((one for one in owned if one in wanted), owned[0])
        for name, owned in owners.items()
    }


def test_what_is_imported_is_listed(imported: set[str]) -> None:
    assert imported - listed() - optional() == set()


def test_what_is_listed_is_imported(imported: set[str]) -> None:
    assert listed() - imported - THROUGH_OTHERS == set()


def test_what_is_optional_is_imported_late(imported: set[str]) -> None:
    assert optional() - imported - SAME_MODULE == set()
    for path in PRODUCT:
        at_the_top = [node for node in tree_of(path).body if isinstance(node, ast.Import)]
        names = {distribution(alias.name.split(".")[0]) for node in at_the_top for alias in node.names}
        assert not names & optional(), path


def test_no_module_is_there_for_tests_alone() -> None:
    modules = {module_name(path): path for path in REPOSITORY.glob("churnkit/**/*.py")}
    reached = {name for path in REPOSITORY.glob("pages/*.py") for name in imports(path)}
    reached |= {name for path in REPOSITORY.glob("*.py") for name in imports(path)} | ENTRIES
    while True:
        found = {name for module in reached & modules.keys() for name in imports(modules[module])}
        # A package comes with each of its modules.
        found |= {name.rpartition(".")[0] for name in reached & modules.keys()}
        if found <= reached:
            break
        reached |= found
    assert sorted(set(modules) - reached) == []


def module_name(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
