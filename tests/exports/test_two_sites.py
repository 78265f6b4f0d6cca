"""From one site to another: two databases, two processes, one ZIP file between them."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.models import Member
from gifting import services as gifting
from scoring.offline import main as recompute
from scoring.services import rescore
from tests.factories import make_account, make_reaction, make_reading

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_here_is_history_there(
    ada: Member, grace: Member, now: datetime, export_of: Any, tmp_path: Path
) -> None:
    account = make_account(ada, now, linked_at=now - timedelta(days=100))
    make_account(grace, now)
    make_reading(account, now)
    for number in range(20):
        make_reaction(account, now - timedelta(days=number, hours=2), responder_hash=number % 7)
    rescore([ada.pk], now)
    gifting.accept_from(grace, "all")
    gifting.give_k(ada, grace, now, key=uuid4(), note=gifting.Note(text="von Herzen ♥"))
    file = tmp_path / "ada.zip"
    file.write_bytes(export_of(ada))
    assert recompute([str(file)]) == 0

    told = at_another_database(file, tmp_path)
    here = ada.scores.order_by("pk").values_list("on", "hundredths")
    assert sorted(told["scores"]) == sorted([str(on), score] for on, score in here)
    assert [words for _k, words in told["moves"]] == ["von Herzen ♥"]
    assert told["ours"] == [0, 0]


def at_another_database(file: Path, folder: Path) -> Any:
    """What the other site has afterwards."""
    name = f"other_{uuid4().hex[:12]}"
    url = os.environ["DATABASE_URL"]
    head, _, tail = url.rpartition("/")
    query = f"?{tail.partition('?')[2]}" if "?" in tail else ""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.exports.other_site", str(file)],
            cwd=ROOT,
            env=os.environ
            | {
                "DATABASE_URL": f"{head}/{name}{query}",
                "BASE_URL": "https://another.example",
                "EXPORT_DIR": str(folder / "there"),
                "DJANGO_SETTINGS_MODULE": "klout.settings",
                "SECRET_KEY": django_settings.SECRET_KEY,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
