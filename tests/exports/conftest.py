"""Exports are written into a folder of the test's own."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.export_models import Export
from accounts.exports import making, services
from accounts.models import Member


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORT_DIR = tmp_path / "exports"
    return settings.EXPORT_DIR


@pytest.fixture
def export_of(now: datetime, export_dir: Path) -> Callable[[Member], bytes]:
    """Ask for an export, make it, and hand out the bytes of the ZIP."""

    def make(member: Member, at: datetime = now) -> bytes:
        export = services.ask(member, at)
        making.make_due(at)
        export.refresh_from_db()
        assert export.ready_at, Export.objects.values()
        return (export_dir / export.file_name).read_bytes()

    return make


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def read_json(content: bytes, name: str) -> Any:
    return json.loads(opened(content).read(name))
