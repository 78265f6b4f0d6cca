"""Bringing an export: kept for a day, looked at, taken over in one transaction, once."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.audit import Event, record
from accounts.export_models import Import
from accounts.imports.archive import UPLOAD_MAX, Archive, opened
from accounts.imports.contract import Found, importers
from accounts.imports.fields import NotAnExport
from accounts.models import Member

WAITS_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Looked:
    """A file that waits, and what would become of what is in it."""

    brought: Import
    found: tuple[Found, ...]


def bring(member: Member, upload: "File[bytes]", now: datetime) -> Import:
    """Keep an uploaded export for a day. The same file again is the same row. Raises NotAnExport.

    Whatever else waited of this member goes.
    """
    name = f"import-{secrets.token_hex(16)}.zip"
    path = settings.EXPORT_DIR / name
    try:
        digest = _store(path, upload.chunks())
        with opened(path) as archive:
            _look(archive)
            site, exported_at = archive.site, archive.exported_at
        if site == urlsplit(settings.BASE_URL).netloc:
            raise NotAnExport(_("It was made here, so everything in it is here."))
        return _noted(
            member,
            Import(
                member=member,
                site=site,
                exported_at=exported_at,
                digest=digest,
                file_name=name,
                uploaded_at=now,
            ),
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _store(path: Path, chunks: Iterable[bytes]) -> str:
    """Write it, readable by us alone; returns its SHA-256."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > UPLOAD_MAX:
                raise NotAnExport(_("It is larger than 50 MB."))
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _noted(member: Member, brought: Import) -> Import:
    for other in member.imports.filter(taken_at=None).exclude(digest=brought.digest):
        forget(other)
    try:
        with transaction.atomic():
            brought.save()
            return brought
    except IntegrityError:
        earlier = Import.objects.get(member=member, digest=brought.digest)
    # Brought before: the file that is there already will do.
    (settings.EXPORT_DIR / brought.file_name).unlink(missing_ok=True)
    return earlier


def look(brought: Import) -> Looked:
    """What would be taken over, and what not. Raises NotAnExport."""
    with opened(settings.EXPORT_DIR / brought.file_name) as archive:
        return Looked(brought, _look(archive))


def _look(archive: Archive) -> tuple[Found, ...]:
    return tuple(importer.look(archive) for importer in importers())


def take_over(
    member: Member, import_id: int, now: datetime, request: HttpRequest | None = None
) -> Import | None:
    """Take it over, all or nothing; again, or by two at once, it changes nothing more.

    None where this member has brought no such file. Raises NotAnExport.
    """
    with transaction.atomic():
        brought = member.imports.select_for_update().filter(pk=import_id).first()
        if brought is None or brought.taken_at:
            return brought
        path: Path = settings.EXPORT_DIR / brought.file_name
        with opened(path) as archive:
            brought.taken = {one.name: one.take_over(member, archive, now) for one in importers()}
        brought.taken_at, brought.file_name = now, ""
        brought.save()
        record(member, Event.IMPORTED, now, detail=brought.site, request=request)
    path.unlink(missing_ok=True)
    return brought


def forget(brought: Import) -> None:
    """Remove a file that was not taken over, and its row."""
    if brought.file_name:
        (settings.EXPORT_DIR / brought.file_name).unlink(missing_ok=True)
    brought.delete()


def forget_old(now: datetime) -> None:
    """Files that waited for a day."""
    for brought in Import.objects.filter(taken_at=None, uploaded_at__lte=now - WAITS_FOR):
        forget(brought)
