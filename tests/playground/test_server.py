"""The server as its neighbours meet it: limits, trouble on purpose, the clock, the memory."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from tests.playground_server import ROOT, START, start_playground

VERIFY = "/api/v1/accounts/verify_credentials"


def test_three_hundred_calls_in_five_minutes_are_allowed_and_no_more(playground):
    token = playground.sign_in("noor")
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        answers = [session.get(playground.base_url + VERIFY, timeout=10) for _ in range(301)]
    remaining = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert remaining == [*range(299, -1, -1), 0]
    assert {answer.status_code for answer in answers[:300]} == {200}
    last = answers[300]
    assert (last.status_code, last.json()) == (429, {"error": "Too many requests"})
    assert last.headers["X-RateLimit-Limit"] == "300"
    reset_at = datetime.fromisoformat(last.headers["X-RateLimit-Reset"])
    assert START < reset_at <= START + timedelta(minutes=5)
    playground.set_now(reset_at)
    assert playground.get(VERIFY, token).status_code == 200


def test_one_token_does_not_use_up_the_calls_of_another(playground):
    one, other = playground.sign_in("ada"), playground.sign_in("ada")
    playground.get(VERIFY, one)
    assert playground.get(VERIFY, other).headers["X-RateLimit-Remaining"] == "299"


@pytest.mark.parametrize(("mode", "status"), [("down", 503), ("limited", 429), ("garbage", 200)])
def test_trouble_can_be_made_and_ends_again(playground, mode, status):
    token = playground.sign_in("ada")
    playground.trouble(mode=mode, seconds=7)
    answer = playground.get(VERIFY, token)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("7" if mode == "limited" else None)
    playground.trouble(mode="")
    assert playground.get(VERIFY, token).status_code == 200


def test_all_tokens_of_somebody_can_be_revoked(playground):
    ada, grace = playground.sign_in("ada"), playground.sign_in("grace")
    playground.trouble(revoke="ada")
    assert playground.get(VERIFY, ada).status_code == 401
    assert playground.get(VERIFY, grace).status_code == 200


def test_the_future_is_not_shown(playground):
    token = playground.sign_in("ada")
    until = f"{START:%Y-%m-%dT%H:%M}:00.999Z"
    newest = playground.get("/api/v1/notifications", token, max_id=str(1 << 62)).json()[0]
    assert newest["created_at"] <= until
    playground.set_now(START + timedelta(days=2))
    later = playground.get("/api/v1/notifications", token).json()[0]
    assert until < later["created_at"]


def test_without_the_switch_there_is_no_trouble_and_a_running_clock(tmp_path):
    server = start_playground(tmp_path, now=None, trouble=False)
    try:
        answer = requests.post(f"{server.base_url}/trouble/", json={"mode": "down"}, timeout=10)
        assert answer.status_code == 404
        token = server.sign_in("grace")
        assert server.get(VERIFY, token).json()["acct"] == "grace"
        pid = server.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert sum(_resident_mb(int(each)) for each in children) < 150
    finally:
        server.stop()


def _resident_mb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kilobytes = next(line for line in lines if line.startswith("VmRSS"))
    return int(kilobytes.split()[1]) // 1024


def test_unknown_addresses_and_methods_are_not_found(playground):
    for answer in (
        playground.get("/api/v1/nothing"),
        playground.post(VERIFY),
        playground.get("/oauth/token"),
        playground.get("/api/v1/accounts/abc"),
        playground.get("/api/v1/statuses/-1"),
        playground.get("/api/v1/accounts/lookup", acct="nobody"),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"] in ("Not Found", "Record not found")


def test_people_are_looked_up_with_or_without_the_host(playground):
    for acct in ("ada", "@ada", f"ada@{playground.host}", "ADA"):
        assert playground.get("/api/v1/accounts/lookup", acct=acct).json()["acct"] == "ada"
    remote = playground.get("/api/v1/accounts/lookup", acct="ines@tidepool.example").json()
    assert remote["url"] == "https://tidepool.example/@ines"


def test_nodeinfo_leads_to_what_runs_here(playground):
    links = playground.get("/.well-known/nodeinfo").json()["links"]
    told = playground.get(links[0]["href"]).json()
    assert told["software"]["name"] == "mastodon"
    assert told["usage"]["users"]["total"] > 200


def test_pictures_are_drawn_here(playground):
    account = playground.get("/api/v1/accounts/lookup", acct="ada").json()
    for address in (account["header"], f"{playground.base_url}/icon.svg"):
        answer = playground.get(address)
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.text.startswith("<svg")
    answer = playground.get(account["avatar"])
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_no_migration_is_missing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "playground", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        env=os.environ | {"PLAYGROUND_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_seed_and_start_day_are_kept_and_the_secret_is_its_owners_alone(tmp_path):
    server = start_playground(tmp_path)
    server.stop()
    again = start_playground(tmp_path, now=START + timedelta(days=30))
    again.stop()
    kept = json.loads((tmp_path / "world.json").read_text())
    assert kept == {"seed": "harbour", "start_day": "2026-11-02"}
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} >= {"playground.sqlite3"}


def test_a_killed_server_starts_again_with_what_it_was_told(tmp_path):
    server = start_playground(tmp_path)
    token = server.sign_in("tomas")
    post = server.post("/api/v1/statuses", token, status="before the end").json()
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait(timeout=20)
    again = start_playground(tmp_path)
    try:
        assert again.get(f"/api/v1/statuses/{post['id']}").json()["content"] == post["content"]
        assert again.get(VERIFY, token).json()["acct"] == "tomas"
    finally:
        again.stop()
