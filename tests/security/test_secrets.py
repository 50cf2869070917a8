"""Secrets come from the environment alone, and reach no process that opens a user's file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from churnkit.jobs.processes import worker_environment

REPOSITORY = Path(__file__).resolve().parents[2]
SECRETS = (
    "CHURNKIT_SECRET_KEY",
    "CHURNKIT_LLM_KEY",
    "CHURNKIT_OIDC_CLIENT_SECRET",
    "CHURNKIT_SMTP_PASSWORD",
    "AWS_SECRET_ACCESS_KEY",
)
# Files that may ask the environment for one.
READERS = {
    "churnkit/config/engines.py",
    "churnkit/config/outgoing.py",
    "churnkit/config/federation.py",
    "churnkit/config/mail.py",
    "churnkit/services/campaign/language_model.py",
}
_NAME = re.compile(r"CHURNKIT_[A-Z_]*(?:KEY|SECRET|PASSWORD|TOKEN)[A-Z_]*")


def constants() -> Iterator[tuple[str, str]]:
    """Every text in the product's code, with its file."""
    for path in [*REPOSITORY.glob("churnkit/**/*.py"), *REPOSITORY.glob("pages/*.py")]:
        name = path.relative_to(REPOSITORY).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield name, node.value


def test_who_reads_a_secret_is_known() -> None:
    found = {name for name, text in constants() if _NAME.fullmatch(text)}
    assert found == READERS


def test_no_secret_is_asked_for_by_an_option_of_a_command() -> None:
    """It would stand in the list of processes and in the shell's history."""
    options = {
        text for name, text in constants() if name.startswith("churnkit/commands/") and text.startswith("--")
    }
    assert options and not [one for one in options if re.search("secret|password|token|api-key", one)]


def test_a_process_that_opens_files_has_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "s3cret-" * 8)
    monkeypatch.setenv("CHURNKIT_READ_SECONDS", "77")
    environment = worker_environment()
    assert "s3cret" not in repr(environment)
    assert environment["CHURNKIT_READ_SECONDS"] == "77" and environment["PATH"]
