"""Which files are read right: python tests/benchmarks/cases.py FOLDER [--only NAME] [--json FILE]

FOLDER holds one folder a case: an export and ``case.json`` with its right figures (``expected``: customers, orders,
revenue, first, last, rows; a list is a choice of right ones) or the words ``refuse: why``. Each export goes through
``python -m churnkit read``. Where it asks, each choice is given as an answer in turn, to see whether the right one is among
them. Prints a line a case, then counts: right unaided, asked with the right choice, refused clearly, refused unclearly
(also: asked without the right choice), wrong in silence. Ends with 1 if a file was read wrong in silence.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from churnkit.cli import main as churnkit  # noqa: E402
from churnkit.ingest import answer_tree  # noqa: E402

RIGHT, ASKED, CLEAR, UNCLEAR, SILENT = (
    "right",
    "asked",
    "refused clearly",
    "refused unclearly",
    "wrong in silence",
)
VERDICTS = (RIGHT, ASKED, CLEAR, UNCLEAR, SILENT)
# A person answers a handful of questions, and looks at some choices of each.
MAX_READINGS = 60
MAX_QUESTIONS = 6
_FIGURES = {
    "customers": "customers",
    "orders": "orders",
    "revenue": "revenue",
    "rows": "rows_kept",
    "first": "first_date",
    "last": "last_date",
}


@dataclass(frozen=True)
class Verdict:
    case: str
    verdict: str
    words: str
    answers: dict[str, Any] | None = None


def read(files: list[Path], answers: dict[str, Any], folder: Path) -> dict[str, Any]:
    """``reading.json`` of the command."""
    arguments = ["read", *map(str, files), "--output", str(folder / "out")]
    if answers:
        (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
        arguments += ["--answers", str(folder / "answers.json")]
    (folder / "out" / "reading.json").unlink(missing_ok=True)
    silent = io.StringIO()
    with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        code = churnkit(arguments)
    document: dict[str, Any] = json.loads((folder / "out" / "reading.json").read_text(encoding="utf-8"))
    assert code == (0 if document["status"] == "read" else 2), (code, document["status"])
    return document


def differences(expected: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """Figures that are none of the right ones."""
    found = []
    for key, wanted in expected.items():
        choices = wanted if isinstance(wanted, list) else [wanted]
        value = document[_FIGURES[key]]
        if not any(same(value, choice) for choice in choices):
            found.append(f"{key} {value} for {' or '.join(map(str, choices))}")
    return found


def same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return str(value).startswith(wanted)
    return value is not None and abs(value - wanted) <= max(0.02, 1e-6 * abs(wanted))


def combinations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Answers to all the questions of a reading: the likeliest of each, then one changed at a time."""
    questions = document["questions"]
    first = [question["choices"][0]["answer"] for question in questions]
    yield answer_tree(first)
    for place, question in enumerate(questions):
        for choice in question["choices"][1:]:
            changed = [*first[:place], choice["answer"], *first[place + 1 :]]
            yield answer_tree(changed)


def right_answers(
    files: list[Path], expected: dict[str, Any], document: dict[str, Any], folder: Path
) -> dict[str, Any] | None:
    """Answers that lead to the right figures, None if no choice does."""
    readings = 0
    waiting: list[tuple[dict[str, Any], dict[str, Any], int]] = [(document, {}, 0)]
    while waiting and readings < MAX_READINGS:
        asked, answers, depth = waiting.pop(0)
        if depth > MAX_QUESTIONS or not all(question["choices"] for question in asked["questions"]):
            continue
        for given in islice(combinations(asked), MAX_READINGS):
            tried = answer_tree((answers, given))
            result = read(files, tried, folder)
            readings += 1
            if result["status"] == "read" and not differences(expected, result):
                return tried
            if result["status"] == "question":
                waiting.append((result, tried, depth + 1))
            if readings >= MAX_READINGS:
                break
    return None


def judge(case: Path) -> Verdict:
    facts = json.loads((case / "case.json").read_text(encoding="utf-8"))
    names = facts["files"] if "files" in facts else [facts["file"]]
    files = [case / name for name in names]
    expected = facts["expected"]
    with TemporaryDirectory(prefix="churnkit-case-") as name:
        folder = Path(name)
        document = read(files, {}, folder)
        status, words = document["status"], document["message"]
        if isinstance(expected, str):
            if status == "read":
                words = (
                    f"{document['customers']} customers, {document['orders']} orders, {document['revenue']}"
                )
                return Verdict(case.name, SILENT, words)
            return Verdict(case.name, CLEAR if document["refusal"] else UNCLEAR, words)
        if status == "read":
            wrong = differences(expected, document)
            return Verdict(case.name, SILENT if wrong else RIGHT, "; ".join(wrong))
        if status == "refused":
            return Verdict(case.name, CLEAR if document["refusal"] else UNCLEAR, words)
        answers = right_answers(files, expected, document, folder)
        return Verdict(case.name, UNCLEAR if answers is None else ASKED, words, answers)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", metavar="NAME", help="cases whose name contains this")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the verdicts here too")
    options = parser.parse_args()
    cases = sorted(path.parent for path in options.folder.glob("*/case.json"))
    verdicts = []
    for case in cases:
        if options.only and options.only not in case.name:
            continue
        found = judge(case)
        verdicts.append(found)
        print(f"{found.verdict:18} {found.case:34} {found.words[:240]}", flush=True)
        if found.answers:
            print(
                f"{'':18} {'':34} answered {json.dumps(found.answers, ensure_ascii=False)[:240]}", flush=True
            )
    counts = Counter(found.verdict for found in verdicts)
    print(f"\n{len(verdicts)} cases: " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS))
    readable = counts[RIGHT] + counts[ASKED] + counts[SILENT]
    if readable:
        print(
            f"Right unaided: {counts[RIGHT]} of {readable} that can be read ({counts[RIGHT] / readable:.0%})"
        )
    if options.json:
        options.json.write_text(json.dumps([vars(found) for found in verdicts], ensure_ascii=False, indent=1))
    return 1 if counts[SILENT] else 0


if __name__ == "__main__":
    sys.exit(main())
