"""Every export is as its published shape says, and everything tied to a member is in it."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings as django_settings
from django.db.models import ForeignKey, Model
from jsonschema import Draft202012Validator, FormatChecker

from accounts import announcing, staff
from accounts.audit import Event, record
from accounts.export_models import Import
from accounts.models import Member
from gifting import services as gifting
from gifting.brought_models import BroughtMove
from gifting.services.keeping import Remembered, keep_handle
from networks.consent_models import Consent
from networks.models import Poll, ProvenSite, Webmention
from networks.topic_models import Topic
from scoring.brought_models import BroughtScore
from scoring.dispute_models import Dispute
from tests.exports.conftest import opened, read_json
from tests.factories import (
    make_account,
    make_application,
    make_outreach,
    make_post,
    make_reaction,
    make_reading,
    make_score,
    make_webhook,
)

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "export.md").read_text()


def schema_of(part: str) -> Any:
    return json.loads((DOCS / f"export-{part}.schema.json").read_text())


PARTS = ("account", "networks", "scores", "gifting", "exports")


@pytest.fixture
def rich(ada: Member, grace: Member, now: datetime, export_of: Any) -> bytes:
    """An export of somebody who has something of everything."""
    account = make_account(ada, now)
    make_account(grace, now)
    make_post(account, now, tags=["sea"])
    make_outreach(account, now)
    make_reaction(account, now)
    make_reading(account, now)
    Poll.objects.create(account=account, started_at=now)
    ProvenSite.objects.create(account=account, endpoint="e", seen_at=now)
    Webmention.objects.create(
        account=account, mention_hash=1, responder_hash=2, outcome="counted", received_at=now
    )
    Topic.objects.create(
        member=ada, key="sea", name="sea", people=2, posts=1, from_words=False, counted_at=now
    )
    Consent.objects.create(
        member=ada, account=account, platform="mastodon", handle="@ada", findable=True, given_at=now
    )
    score = make_score(ada, now, [account])
    Dispute.objects.create(member=ada, score=score, said="Too low.", opened_at=now)
    brought = {"member": ada, "site": "other.example"}
    BroughtScore.objects.create(
        **brought, on=now.date(), rule="1", hundredths=200, low_hundredths=100, high_hundredths=300
    )
    BroughtMove.objects.create(
        **brought, k=1, step=1, direction="given", other="Eva", words="x", made_at=now
    )
    Import.objects.create(**brought, exported_at=now, digest="d", uploaded_at=now, taken_at=now)
    gifting.accept_from(grace, "all")
    gift = gifting.give_k(ada, grace, now, key=uuid4(), note=gifting.Note(text="thanks"))
    gifting.open_way(ada, gift.k.address, now) if hasattr(gifting, "open_way") else None
    gifting.accept_from(ada, "all")
    gifting.give_k(grace, ada, now, key=uuid4(), note=gifting.Note(text="back"))
    keep_handle(ada, Remembered("mastodon", "@dora@known.example", "Dora", "letters"), now)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    Authenticator.objects.create(user=ada, type="totp", data={})
    record(ada, Event.SIGNED_IN, now)
    make_application(ada, now)
    make_webhook(ada, now)
    staff.note(grace, staff.StaffAct.What.UNLINKED, now, on=ada, reason="because")
    told = announcing.announce(grace, "A", "B", now + timedelta(days=3), now)
    announcing.dismiss(ada, told.pk, now)
    found: bytes = export_of(ada)
    return found


@pytest.mark.parametrize("part", PARTS)
def test_an_export_is_as_its_schema_says(rich: bytes, part: str) -> None:
    schema = schema_of(part)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(
        read_json(rich, f"{part}.json")
    )


@pytest.mark.parametrize("part", PARTS)
def test_an_export_of_somebody_new_is_as_well(mallory: Member, export_of: Any, part: str) -> None:
    Draft202012Validator(schema_of(part)).validate(read_json(export_of(mallory), f"{part}.json"))


def test_every_part_has_a_schema_and_every_list_stands_in_the_docs(rich: bytes) -> None:
    names = opened(rich).namelist()
    assert {name.removesuffix(".json") for name in names if "/" not in name} == {
        *PARTS,
        "manifest",
        "README.txt",
    }
    for name in names:
        if name.startswith("csv/"):
            assert f"`{name}`" in PAGE, name


def test_every_field_has_its_words() -> None:
    for part in set(PARTS) - {"scores"}:
        for path, field in _fields(schema_of(part), part):
            assert field.get("description") or "$ref" in field or field.get("format"), path


def _fields(schema: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for name, field in schema.get("properties", {}).items():
            yield f"{path}.{name}", field
        for name, value in schema.items():
            yield from _fields(value, f"{path}.{name}")


# --- Nothing is left out without a reason -------------------------------------------------------


def _tied(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> bool:
    """Whether a row of this model leads to a member, by whatever way."""
    if model is Member:
        return True
    for field in model._meta.fields:
        if isinstance(field, ForeignKey):
            other: Any = field.related_model
            if other not in seen and _tied(other, seen | {model}):
                return True
    return False


def _ours() -> list[str]:
    apps_of_ours = {path.partition(".")[0] for path in django_settings.PERSONAL_DATA_PROVIDERS}
    theirs = {"account", "mfa", "usersessions", "admin"}
    return sorted(
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in apps_of_ours | theirs and _tied(model)
    )


def test_every_model_that_leads_to_a_member_is_in_it_or_has_a_reason() -> None:
    table = PAGE.partition("## Where every table is")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+\.\w+)` \| (.+?) \|$", table, re.M))
    assert sorted(rows) == _ours()
    for model, told in rows.items():
        is_reason = told.startswith("Not in it: ")
        assert is_reason or re.match(r"`(account|networks|scores|gifting|exports)\.", told), model
