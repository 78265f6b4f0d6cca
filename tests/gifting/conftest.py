"""Members who can give to one another, and short ways to do so."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest

from accounts.models import Member
from gifting import services
from gifting.models import Hand, Move
from tests.factories import make_account
from tests.networks.conftest import server  # noqa: F401


def open_to_all(member: Member, now: datetime) -> Hand:
    """Link an account that may be found, and take K from all members."""
    handle = f"@{member.name.split()[0].lower()}@known.example"
    make_account(member, now, handle=handle)
    services.accept_from(member, "all")
    return services.hand_for(member)


@pytest.fixture
def everybody(ada, grace, mallory, now) -> list[Hand]:
    return [open_to_all(member, now) for member in (ada, grace, mallory)]


@pytest.fixture
def give(everybody, now) -> Callable[..., Move]:
    def give(giver: Member, receiver: Member, at: datetime = now, **note: object) -> Move:
        written = services.Note(**note)
        return services.give_k(giver, receiver, at, key=uuid4(), note=written)

    return give


@pytest.fixture
def pass_on(everybody, now) -> Callable[..., Move]:
    def pass_on(giver: Member, receiver: Member, k, at: datetime = now, **note: object) -> Move:
        written = services.Note(**note)
        return services.pass_on(giver, receiver, k.address, at, key=uuid4(), note=written)

    return pass_on


def without_tokens(html: str) -> str:
    """The page without what differs between any two answers: CSRF tokens and keys of forms."""
    return re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", html)
