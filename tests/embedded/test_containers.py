"""docker-compose.yml, the Dockerfile and .env.example fit the schema and the settings."""

import base64
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from klout import container_check, heartbeat

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SCHEMA = "vendor.compose-spec"
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
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
    assert set(services) == {"database", "broker", "caddy", "migrate", *OURS}
    for name in OURS:
        after = services[name]["depends_on"]
        assert after["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "no"


def test_only_what_speaks_https_has_a_door(compose: dict[str, Any]) -> None:
    doors = {name: service.get("ports") for name, service in compose["services"].items()}
    assert doors.pop("caddy") == ["80:80", "443:443", "443:443/udp"]
    assert set(doors.values()) == {None}


def test_our_parts_can_write_only_where_they_must(compose: dict[str, Any]) -> None:
    for name in ("migrate", *OURS):
        service = compose["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["data:/data"]


def test_secrets_are_files_that_one_command_makes(compose: dict[str, Any], tmp_path: Path) -> None:
    made = place_of_secrets(tmp_path)
    assert {Path(one["file"]).name for one in compose["secrets"].values()} == set(made)
    assert place_of_secrets(tmp_path) == made, "those that are there stay"
    assert made["postgres_password"] in made["database_url"]
    assert len(base64.urlsafe_b64decode(made["credential_keys"])) == 32
    assert min(map(len, made.values())) > 40

    given = compose["x-klout"]["environment"]
    assert {
        value.removeprefix("/run/secrets/") for value in given.values() if "/run/" in value
    } == (set(made) - {"postgres_password"})
    assert not any(re.search("KEY|PASSWORD|SECRET", name) for name in example())
    assert ":-" not in COMPOSE.read_text()


def place_of_secrets(folder: Path) -> dict[str, str]:
    """Runs the command for a checkout in `folder`."""
    (folder / "deploy").mkdir(exist_ok=True)
    shutil.copy(ROOT / "deploy/make-secrets", folder / "deploy")
    subprocess.run([folder / "deploy/make-secrets"], check=True, capture_output=True)
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700
    return {path.name: path.read_text() for path in (folder / "secrets").iterdir()}


def test_every_variable_of_the_example_is_one_of_the_settings(compose: dict[str, Any]) -> None:
    files = [ROOT / "klout/settings.py", ROOT / "klout/platform_settings.py"]
    read = "".join(file.read_text() for file in files)
    known = set(re.findall(r'env\.\w+\(\s*"(\w+)"', read))
    assert set(example()) <= known
    given = {name.removesuffix("_FILE") for name in compose["x-klout"]["environment"]}
    assert given <= known


def test_the_image_runs_as_nobody_in_particular_and_is_checked() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    assert "--require-hashes" in text
    assert (ROOT / ".dockerignore").read_text().splitlines().count(".env") == 1


def test_hadolint_has_nothing_to_say() -> None:
    said = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_of_systemd_are_understood_and_shut_in(unit: Path) -> None:
    """Without systemd on the machine only their words are looked at."""
    text = unit.read_text()
    assert "\nUser=klout\n" in text
    assert "\nProtectSystem=strict\n" in text
    if shutil.which("systemd-analyze"):
        said = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True
        )
        # Where the tests run nothing is installed in /opt/klout.
        missing = re.compile(r"^\S+: Command /opt/klout/\S+ is not executable: .*$")
        assert [line for line in said.stderr.splitlines() if not missing.match(line)] == []


def test_units_name_the_settings_that_the_containers_have(compose: dict[str, Any]) -> None:
    named = {name for name in compose["x-klout"]["environment"] if name.endswith("_FILE")}
    for unit in UNITS:
        assert set(re.findall(r"\b([A-Z_]+_FILE)=", unit.read_text())) == named, unit.name


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
