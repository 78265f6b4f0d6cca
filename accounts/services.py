"""Stories about a member that touch several rows or several apps."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Member
from accounts.personal_data_contract import providers


def register(*, email: str, name: str, password: str, now: datetime) -> Member:
    """Create a member whose address counts as confirmed, e.g. from a command."""
    with transaction.atomic():
        member = Member.objects.create_user(
            email, password, name=name, joined_at=now, age_stated_at=now
        )
        EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    return member


def export_member(member: Member, now: datetime) -> dict[str, object]:
    """Everything every app holds about the member, keyed by the app's part."""
    parts = {provider.name: provider.export(member) for provider in providers()}
    return {"exported_at": now, **parts}


def erase_member(member: Member, now: datetime) -> None:
    """Forget the member in every app, the account itself last.

    Not one transaction: apps revoke tokens at other servers. If one fails, the account is still
    there and the member can ask again.
    """
    for provider in reversed(providers()):
        provider.erase(member, now)
