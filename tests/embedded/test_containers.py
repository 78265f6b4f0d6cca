"""docker-compose.yml, the Dockerfile and .env.example fit the schema and the settings."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from klout import container_check, heartbeat

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SCHEMA = "vendor.compose-spec"
OURS = ("web", "worker", "urgent-worker", "beat")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    from ruamel.yaml import YAML

    loaded: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return loaded


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_compose_file_fits_the_published_schema() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMA, COMPOSE],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_part_is_there_and_starts_after_the_migrations(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"database", "broker", "migrate", *OURS}
    for name in OURS:
        after = services[name]["depends_on"]
        assert after["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "no"


def test_only_the_web_server_has_a_door_and_only_to_this_machine(compose: dict[str, Any]) -> None:
    doors = {name: service.get("ports") for name, service in compose["services"].items()}
    assert doors.pop("web") == ["127.0.0.1:8000:8000"]
    assert set(doors.values()) == {None}


def test_no_secret_has_a_default_or_a_value() -> None:
    values = example()
    for name in ("SECRET_KEY", "RESPONDER_KEY", "CREDENTIAL_KEYS", "POSTGRES_PASSWORD"):
        assert values[name] == ""
    assert ":-" not in COMPOSE.read_text()


def test_every_variable_of_the_example_is_one_of_the_settings(compose: dict[str, Any]) -> None:
    files = [ROOT / "klout/settings.py", ROOT / "klout/platform_settings.py"]
    read = "".join(file.read_text() for file in files)
    known = set(re.findall(r'env\.\w+\(\s*"(\w+)"', read))
    assert set(example()) - {"POSTGRES_PASSWORD"} <= known
    assert set(compose["x-klout"]["environment"]) <= known


def test_the_image_runs_as_nobody_in_particular_and_is_checked() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER klout$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    assert "--require-hashes" in text
    assert (ROOT / ".dockerignore").read_text().splitlines().count(".env") == 1


@pytest.mark.xdist_group("heartbeats")
def test_worker_and_clock_answer_for_themselves() -> None:
    heartbeat.beat("worker")
    assert container_check.main("worker") == 0
    assert container_check.main("somebody-else") == 1


def test_a_web_server_that_is_not_there_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container_check, "ADDRESS", "http://127.0.0.1:9/healthz")
    assert container_check.main("web") == 1


def test_a_web_server_that_complains_of_others_is_healthy(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container_check, "ADDRESS", f"{live_server.url}/healthz")
    assert container_check.main("web") == 0
