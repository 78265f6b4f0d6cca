"""Whom a confirmed gift is for: the database's function finds whom the page found, nobody else."""

import pytest

from accounts.models import Member
from gifting.selectors.people import findable_account, named_by
from tests.factories import make_account


@pytest.fixture
def everybody(ada, grace, mallory, now) -> None:
    """With two accounts, one not findable; with a site; gone from the network; not active."""
    make_account(ada, now, handle="@Ada@Known.example")
    make_account(ada, now, handle="@second@known.example", findable=False)
    make_account(grace, now, handle="grace.example")
    make_account(mallory, now, handle="@mallory@known.example", state="needs_consent")
    gone = Member.objects.create_user("gone@example.com", name="Gone", is_active=False)
    make_account(gone, now, handle="@gone@known.example")
    umlaut = Member.objects.create_user("jorg@example.com", name="Jörg Straße")
    make_account(umlaut, now, handle="@jörg@straße.example")


@pytest.mark.parametrize(
    "asked",
    [
        *["@ada@known.example", "ADA@KNOWN.EXAMPLE", " @ada@known.example/ ", "@ada@other.example"],
        *["grace.example", "https://grace.example/", "@grace.example"],
        *["@second@known.example", "@mallory@known.example", "@gone@known.example"],
        *["@jörg@straße.example", "@JÖRG@STRASSE.EXAMPLE", "@JÖRG@STRAßE.EXAMPLE"],
        *["", " ", "@", "nobody", "%", "@%@known.example", "_" * 300],
    ],
)
def test_a_handle(everybody, asked):
    assert (named_by(asked).pk or 0) == member_found(asked)


@pytest.mark.parametrize("name", ["Ada Lind", "Grace Oduya", "Mallory Vex", "Gone", "Jörg Straße"])
def test_a_members_address(everybody, name):
    member = Member.objects.get(name=name)
    found = member_found(member.address)
    assert named_by(member.address).pk == found
    assert named_by(f" {member.address} ").name == (name if found else "")


def member_found(asked: str) -> int:
    account = findable_account(asked)
    return account.member_id if account else 0
