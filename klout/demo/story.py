"""What happens at the first start, by the same services that serve everybody.

Every step may be taken twice: an interrupted story goes on where it stopped.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone

from accounts.models import Member
from accounts.services import register
from gifting.models import Hand
from gifting.refusals import Refusal
from gifting.selectors import purse
from gifting.services import Note, give_k
from klout.demo.consent import walk
from klout.demo.people import ADA, GRACE, GUESTS, Guest
from networks.models import LinkedAccount, Poll
from networks.services import finish_link, start_link
from networks.services.linking import redirect_uri
from scoring.models import Score
from scoring.selectors import ScoreView, latest_score

PLATFORM = "mastodon"
PATIENCE_SECONDS = 240.0
LOOK_EVERY_SECONDS = 0.5
# Names the one gift of the story, so that telling it twice gives it once.
STORY = UUID("8f2b3f5e-6a0e-4b57-9c39-0f5d8c1f7b11")

Say = Callable[[str], None]


class DemoError(Exception):
    """The story could not be told to its end; the text says what to do."""


@dataclass(frozen=True)
class Line:
    """One line of the table that ends the story."""

    name: str
    email: str
    score: ScoreView | None
    to_give: int


def password_of_the_demo(data_dir: Path) -> str:
    """One password for the three, made for this installation and kept in its DATA_DIR."""
    place = data_dir / "secrets" / "demo-password"
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(f"pretend-{secrets.token_hex(4)}")
    return place.read_text()


def tell(say: Say) -> list[Line]:
    """Sign up, link, read, score and give a K; returns the table. Raises DemoError."""
    members = [_signed_up(guest) for guest in GUESTS]
    for guest, member in zip(GUESTS, members, strict=True):
        _linked(guest, member, say)
    said: set[str] = set()
    _wait(lambda: _is_read(members, say, said), "the playground was not read in time")
    say("Scoring the last 90 days")
    _wait(lambda: _is_scored(members), "the scores did not come in time")
    _give_a_k(members, timezone.now())
    now = timezone.now()
    return [_line(member, now) for member in members]


def _signed_up(guest: Guest) -> Member:
    member = Member.objects.filter(email=guest.email).first()
    if member is None:
        password = password_of_the_demo(settings.DATA_DIR)
        member = register(email=guest.email, name=guest.name, password=password, now=timezone.now())
    return member


def _linked(guest: Guest, member: Member, say: Say) -> None:
    """Through the real consent page: registration there, sign-in, yes, and back with a code."""
    if LinkedAccount.objects.filter(member=member).exists():
        return
    host = playground_host()
    say(f"{guest.name} links @{guest.username}@{host}")
    session_key = secrets.token_urlsafe(16)
    url = start_link(member, session_key, PLATFORM, host, True, timezone.now())
    back = walk(url, guest.username, redirect_uri(PLATFORM, host))
    answer = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    finish_link(
        member,
        session_key,
        answer.get("state", ""),
        answer.get("code", ""),
        timezone.now(),
        answer.get("error", ""),
        platform=PLATFORM,
        host=host,
        issuer=answer.get("iss", ""),
    )


def playground_host() -> str:
    """The pretend network's host and port. Raises DemoError where there is none."""
    if not settings.DEVELOPMENT_HOSTS:
        raise DemoError(
            "There is no playground to link: DEVELOPMENT_HOSTS is empty. Nothing was changed. "
            "Start with `make run`, which brings one."
        )
    return str(settings.DEVELOPMENT_HOSTS[0])


def _wait(is_done: Callable[[], bool], problem: str) -> None:
    """Look until it is done: the worker does the work, this only watches."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        if time.monotonic() > until:
            raise DemoError(
                f"The examples are not complete: {problem}. What was done is kept. "
                "Look into logs/worker.log in DATA_DIR; the next start goes on from here."
            )
        time.sleep(LOOK_EVERY_SECONDS)


def _is_read(members: list[Member], say: Say, said: set[str]) -> bool:
    """Also says what is being read, each thing once."""
    accounts = LinkedAccount.objects.filter(member__in=members)
    for poll in Poll.objects.filter(account__in=accounts).select_related("account"):
        line = f"{poll.account.handle}: {poll.progress}"
        if poll.progress and line not in said:
            said.add(line)
            say(line)
    return not accounts.filter(first_read_done_at=None).exists()


def _is_scored(members: list[Member]) -> bool:
    return Score.objects.filter(member__in=members).values("member").distinct().count() == len(
        members
    )


def _give_a_k(members: list[Member], now: datetime) -> None:
    """Grace gives Ada one of her K, so that there is a journey to look at."""
    by_email = {member.email: member for member in members}
    grace, ada = by_email[GRACE.email], by_email[ADA.email]
    note = Note(text="For the essay on bridges. I read it twice and then to my mother.")
    if Hand.objects.filter(member=grace, moves_out__isnull=False).exists():
        return
    try:
        give_k(grace, ada, now, key=uuid5(STORY, "grace to ada"), note=note)
    except Refusal as refusal:
        raise DemoError(f"Grace could not give Ada a K: {refusal}") from refusal


def _line(member: Member, now: datetime) -> Line:
    return Line(member.name, member.email, latest_score(member), purse(member, now).total)
