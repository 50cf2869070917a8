"""How the code is kept: python -m tests.benchmarks.style [--before FOLDER] [--rounds N] [--skip-slow] [--where]

Prints measures of this checkout, beside those of another one where ``--before`` names its folder, as a table in
Markdown, and below it what each measure counts. Types and start-up run in processes of their own, in the folder of
the checkout; start-up is measured in turn, round by round, as a ratio to importing Streamlit and pandas in the same
round (machines are noisy; the ratio lasts). ``--skip-slow`` leaves types and start-up away; ``--where`` lists the
places of open dictionaries and string subscripts in this checkout.
"""

from __future__ import annotations

import argparse
import ast
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

REPOSITORY = Path(__file__).resolve().parents[2]
LOOSE = re.compile(r"\b(?:dict|Dict|Mapping|MutableMapping)\[str, Any\]")
HARDLY_TIGHTER = re.compile(r"\b(?:dict|Dict|Mapping|MutableMapping)\[str, (?:Any|object)\]|\bJsonObject\b")
FRAME = re.compile(r"\b(?:DataFrame|Series)\b")
MAPPING = re.compile(r"\b(?:[Dd]ict|Mapping|MutableMapping|JsonObject|Any)\b")
TITLES = (
    "Churn probability",
    "Value at risk",
    "Value of a year",
    "Value if kept",
    "Last purchase",
    "Expected spend",
    "Expected to leave",
    "Main reason",
)
DEFINITIONS = """
- open dictionaries: files of churnkit, pages, main.py and app.py with `dict[str, Any]` or `Mapping[str, Any]`; in any
  spelling: also with `object` in place of `Any`, or a name for it.
- string subscripts: `x["…"]` with a constant in pages and churnkit/ui, without st.session_state, st.query_params,
  Literal, constants in capitals, and frames as far as annotations tell (parameters, attributes and results that are
  annotated as DataFrame or Series and nowhere as mappings, and variables that are assigned from them).
- cards as dictionaries: dict literals with the keys label and value, in pages and churnkit/ui.
- lines: from the first to the last line of files of pages; of functions and methods, and of files, of churnkit and pages.
- shared module names: files of churnkit and pages, without those between underscores, whose name another one bears.
- shared class names: names of public classes that several modules of churnkit define.
- strict errors: of mypy --strict over churnkit, pages, main.py and app.py, each checkout by its own settings.
- installed size: files of all distributions that requirements.txt asks for, directly or not, as they are installed here.
- start-up: CPU seconds to import what the head of app.py and main.py imports (the shell), and of every page too (all), over
  the seconds to import streamlit and pandas; median of the rounds.
- typed titles: string literals of churnkit and pages that are the title of a column; the eight counted are
  """ + ", ".join(TITLES)


@dataclass(frozen=True)
class Checkout:
    """A folder with the code."""

    folder: Path

    @cached_property
    def package(self) -> list[Path]:
        return sorted((self.folder / "churnkit").rglob("*.py"))

    @cached_property
    def pages(self) -> list[Path]:
        return sorted((self.folder / "pages").glob("*.py"))

    @cached_property
    def scripts(self) -> list[Path]:
        return [self.folder / "app.py", self.folder / "main.py"]

    @property
    def screens(self) -> list[Path]:
        """What draws: pages and what they share."""
        return [*self.pages, *(path for path in self.package if path.parent.name == "ui")]

    @cached_property
    def trees(self) -> dict[Path, ast.Module]:
        return {
            path: ast.parse(path.read_text("utf-8")) for path in [*self.package, *self.pages, *self.scripts]
        }

    def nodes(self, paths: Sequence[Path]) -> Iterator[ast.AST]:
        for path in paths:
            yield from ast.walk(self.trees[path])


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def spread(numbers: Sequence[int], *, with_tail: bool = False) -> str:
    """Median, the 95th percentile where asked for, and maximum."""
    tail = [f"p95 {statistics.quantiles(numbers, n=20)[-1]:.0f}"] if with_tail else []
    return ", ".join([f"median {statistics.median(numbers):.0f}", *tail, f"max {max(numbers)}"])


def open_dictionaries(checkout: Checkout, pattern: re.Pattern[str]) -> list[str]:
    """Files in which some are."""
    files = [*checkout.package, *checkout.pages, *checkout.scripts]
    return [
        str(path.relative_to(checkout.folder)) for path in files if pattern.search(path.read_text("utf-8"))
    ]


# ---------------------------------------------------------------- subscripts


@dataclass(frozen=True)
class Frames:
    """Names of attributes, and of functions that make them, that are annotated as frames and nowhere as mappings."""

    attributes: frozenset[str]
    functions: frozenset[str]

    @classmethod
    def of(cls, checkout: Checkout) -> Frames:
        frames: dict[type[ast.AST], set[str]] = {ast.AnnAssign: set(), ast.FunctionDef: set()}
        mappings: dict[type[ast.AST], set[str]] = {ast.AnnAssign: set(), ast.FunctionDef: set()}
        for node in checkout.nodes([*checkout.package, *checkout.pages]):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name, annotation = node.target.id, ast.unparse(node.annotation)
            elif isinstance(node, ast.FunctionDef) and node.returns is not None:
                name, annotation = node.name, ast.unparse(node.returns)
            else:
                continue
            for pattern, names in ((FRAME, frames), (MAPPING, mappings)):
                if pattern.search(annotation):
                    names[type(node)].add(name)
        return cls(*(frozenset(frames[kind] - mappings[kind]) for kind in frames))

    def holds(self, value: ast.expr, known: frozenset[str]) -> bool:
        """Whether an expression is a frame, or a column of one."""
        if isinstance(value, ast.Name):
            return value.id in known
        if isinstance(value, ast.Attribute):
            # A property is a function by its definition, and an attribute where it is used.
            return value.attr in self.attributes | self.functions or self.holds(value.value, known)
        if isinstance(value, ast.Call):
            return self.is_made_by(value.func, known)
        return isinstance(value, ast.Subscript) and self.holds(value.value, known)

    def is_made_by(self, function: ast.expr, known: frozenset[str]) -> bool:
        if isinstance(function, ast.Name):
            return function.id in self.functions
        if not isinstance(function, ast.Attribute):
            return False
        return function.attr in self.functions | {"DataFrame"} or self.holds(function.value, known)


def is_frame(annotation: ast.expr | None) -> bool:
    return annotation is not None and bool(FRAME.search(ast.unparse(annotation)))


def frames_of(scope: ast.AST, frames: Frames, outer: frozenset[str]) -> frozenset[str]:
    """Names of a function, or of a page, that are frames."""
    known = set(outer)
    if isinstance(scope, ast.FunctionDef):
        arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
        known |= {argument.arg for argument in arguments if is_frame(argument.annotation)}
        known -= {argument.arg for argument in arguments if not is_frame(argument.annotation)}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and frames.holds(node.value, frozenset(known)):
            known |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(known)


def string_subscripts(checkout: Checkout) -> list[str]:
    """Where they are, and what they are."""
    frames = Frames.of(checkout)
    return [
        f"{path.relative_to(checkout.folder)}:{node.lineno} {ast.unparse(node)}"
        for path in checkout.screens
        for node in subscripts_in(checkout.trees[path], frames, frozenset())
    ]


def subscripts_in(scope: ast.AST, frames: Frames, outer: frozenset[str]) -> Iterator[ast.Subscript]:
    """Those of a page or function, its inner functions included."""
    known = frames_of(scope, frames, outer)
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef):
            yield from subscripts_in(node, frames, known)
            continue
        if isinstance(node, ast.Subscript) and counts(node, frames, known):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def counts(node: ast.Subscript, frames: Frames, known: frozenset[str]) -> bool:
    if not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)):
        return False
    base = ast.unparse(node.value)
    if base in ("st.session_state", "st.query_params", "Literal") or base.isupper():
        return False
    return not frames.holds(node.value, known)


def cards(checkout: Checkout) -> int:
    keys = [
        {key.value for key in node.keys if isinstance(key, ast.Constant)}
        for node in checkout.nodes(checkout.screens)
        if isinstance(node, ast.Dict)
    ]
    return sum({"label", "value"} <= one for one in keys)


# ---------------------------------------------------------------- names and lengths


def function_lines(checkout: Checkout) -> list[int]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for node in checkout.nodes([*checkout.package, *checkout.pages])
        if isinstance(node, functions)
    ]


def shared_modules(checkout: Checkout) -> str:
    names = [path.stem for path in [*checkout.package, *checkout.pages] if not path.stem.startswith("__")]
    shared = sum(number for number in Counter(names).values() if number > 1)
    return f"{shared / len(names):.1%} ({shared} of {len(names)})"


def shared_classes(checkout: Checkout) -> str:
    names = Counter(
        node.name
        for path in checkout.package
        for node in checkout.trees[path].body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    shared = sorted(name for name, number in names.items() if number > 1)
    return f"{len(shared)}" + (f" ({', '.join(shared)})" if shared else "")


def typed_titles(checkout: Checkout) -> Counter[str]:
    return Counter(
        node.value
        for node in checkout.nodes([*checkout.package, *checkout.pages])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in TITLES
    )


# ---------------------------------------------------------------- what is installed, types, start-up


def installed(checkout: Checkout) -> str:
    """Megabytes of what requirements.txt asks for, and what of it is not here."""
    texts = (checkout.folder / "requirements.txt").read_text("utf-8").splitlines()
    wanted = [Requirement(text) for text in texts if text.strip() and not text.startswith(("#", "-"))]
    found: dict[str, Distribution] = {}
    lacking: list[str] = []
    seen: set[tuple[str, str]] = set()
    while wanted:
        one = wanted.pop()
        for extra in ("", *one.extras):
            name = re.sub(r"[-_.]+", "-", one.name).lower()
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                lacking.append(name)
                continue
            needed = [Requirement(text) for text in found[name].requires or []]
            wanted.extend(r for r in needed if r.marker is None or r.marker.evaluate({"extra": extra}))
    size = sum(file_bytes(one) for one in found.values())
    return f"{size / 1e6:.0f} MB in {len(found)}" + (f"; not here: {', '.join(lacking)}" if lacking else "")


def file_bytes(one: Distribution) -> int:
    paths = (Path(str(one.locate_file(file))) for file in one.files or [])
    return sum(path.stat().st_size for path in paths if path.is_file() and path.suffix != ".pyc")


def strict_errors(checkout: Checkout) -> str:
    command = [sys.executable, "-m", "mypy", "--strict", "churnkit", "pages", "main.py", "app.py"]
    ended = subprocess.run(command, cwd=checkout.folder, capture_output=True, text=True, check=False)
    found = re.search(r"^Found (\d+) errors?|^Success: no issues", ended.stdout, re.MULTILINE)
    return (found[1] or "0") if found else ended.stderr.strip()[-200:]


def imports_of(checkout: Checkout, paths: Sequence[Path]) -> str:
    """The import statements at the head of files, as a program."""
    statements = [
        ast.unparse(node)
        for path in paths
        for node in checkout.trees[path].body
        if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__"
    ]
    return "\n".join(dict.fromkeys(statements))


def seconds(checkout: Checkout, program: str) -> float:
    timed = f"from time import process_time as _now; _began = _now()\n{program}\nprint(_now() - _began)"
    command = [sys.executable, "-W", "ignore", "-c", timed]
    ended = subprocess.run(command, cwd=checkout.folder, capture_output=True, text=True, check=True)
    return float(ended.stdout.splitlines()[-1])


def start_up(checkouts: Sequence[Checkout], rounds: int) -> list[str]:
    """For each checkout the ratio of the shell's imports and of all pages', measured in turn."""
    shell: list[list[float]] = [[] for _ in checkouts]
    everything: list[list[float]] = [[] for _ in checkouts]
    for checkout in checkouts:
        # Compiles what is not compiled yet.
        seconds(checkout, imports_of(checkout, [*checkout.scripts, *checkout.pages]))
    for _ in range(rounds):
        base = seconds(checkouts[0], "import streamlit, pandas")
        for place, checkout in enumerate(checkouts):
            shell[place].append(seconds(checkout, imports_of(checkout, checkout.scripts)) / base)
            everything[place].append(
                seconds(checkout, imports_of(checkout, [*checkout.scripts, *checkout.pages])) / base
            )
    return [
        f"shell {statistics.median(one):.2f}, all {statistics.median(two):.2f}"
        for one, two in zip(shell, everything, strict=True)
    ]


def measures(checkout: Checkout) -> dict[str, str]:
    """What is read from the files alone."""
    titles = typed_titles(checkout)
    return {
        "files with open dictionaries": f"{len(open_dictionaries(checkout, LOOSE))}"
        f" (in any spelling {len(open_dictionaries(checkout, HARDLY_TIGHTER))})",
        "string subscripts on screens": f"{len(string_subscripts(checkout))}",
        "cards as dictionaries": f"{cards(checkout)}",
        "lines of a page": spread([lines(path) for path in checkout.pages]),
        "lines of a function": spread(function_lines(checkout), with_tail=True),
        "lines of a module": spread([lines(path) for path in [*checkout.package, *checkout.pages]]),
        "shared module names": shared_modules(checkout),
        "shared class names": shared_classes(checkout),
        'times "Churn probability" is typed': f"{titles['Churn probability']} (eight titles {titles.total()})",
        "installed size": installed(checkout),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, default=None, help="another checkout, to compare with")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-slow", action="store_true")
    parser.add_argument("--where", action="store_true", help="list open dictionaries and subscripts instead")
    options = parser.parse_args()
    if options.where:
        here = Checkout(REPOSITORY)
        print("\n".join([*open_dictionaries(here, LOOSE), *string_subscripts(here)]))
        return
    folders = [options.before.resolve(), REPOSITORY] if options.before else [REPOSITORY]
    checkouts = [Checkout(folder) for folder in folders]
    columns = [measures(checkout) for checkout in checkouts]
    if not options.skip_slow:
        for column, checkout, ratio in zip(
            columns, checkouts, start_up(checkouts, options.rounds), strict=True
        ):
            column["strict errors"] = strict_errors(checkout)
            column["start-up"] = ratio
    heads = ["before", "now"] if options.before else ["now"]
    print("| measure | " + " | ".join(heads) + " |\n" + "|---" * (1 + len(heads)) + "|")
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(column[name] for column in columns) + " |")
    print(DEFINITIONS)


if __name__ == "__main__":
    main()
