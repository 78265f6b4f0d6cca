from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django.utils.module_loading import import_string

from accounts.models import Member
from accounts.services import erase_member, export_member
from gifting import services as gifting
from tests.factories import make_account, make_outreach

pytestmark = pytest.mark.django_db


def test_every_app_that_knows_members_has_a_provider() -> None:
    promised = {path.partition(".")[0] for path in settings.PERSONAL_DATA_PROVIDERS}
    assert {model._meta.app_label for model in _tied_to_members()} <= promised


def test_providers_have_names_of_their_own(ada: Member, now: datetime) -> None:
    names = [import_string(path).name for path in settings.PERSONAL_DATA_PROVIDERS]
    assert len(set(names)) == len(names)
    assert set(export_member(ada, now)) == {"exported_at", *names}


def _tied_to_members() -> Iterator[type[Model]]:
    """Models of ours with a relation to Member; allauth's go with the row and are exported."""
    for model in apps.get_models():
        related = {field.related_model for field in model._meta.get_fields()}
        if Member in related and not model.__module__.startswith(("allauth.", "django.")):
            yield model


def test_a_member_without_anything_can_be_erased_everywhere(ada: Member, now: datetime) -> None:
    erase_member(ada, now)
    assert not Member.objects.exists()


def test_nothing_written_by_or_about_the_member_is_left_in_any_table(
    ada: Member, grace: Member, now: datetime
) -> None:
    for member in (ada, grace):
        make_account(member, now, handle=f"@{member.email}")
        gifting.accept_from(member, "all")
    make_outreach(ada.linked_accounts.get(), now, target_handle="@whom-ada-answered@known.example")
    words = gifting.Note(text="from ada, with thanks")
    gifting.give_k(ada, grace, now, key=uuid4(), note=words)
    assert _tables_that_say("ada")
    erase_member(ada, now)
    assert _tables_that_say("ada") == []
    assert _tables_that_say("grace")


def _tables_that_say(word: str) -> list[str]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return [table for table in tables if _says(cursor, table, word)]


def _says(cursor: CursorWrapper, table: str, word: str) -> bool:
    """Whether any row, read as text, holds the word."""
    cursor.execute(
        f'SELECT EXISTS (SELECT FROM "{table}" AS r WHERE r::text ILIKE %s)', [f"%{word}%"]
    )
    return bool(cursor.fetchone()[0])
