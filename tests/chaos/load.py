"""The load: people who give, link and read, fans who like, and time that makes polls due."""

import http.client
import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Mod
from django.utils import timezone

from benchmarks.crowd import Couple, session_of
from networks.models import LinkedAccount
from scoring.models import Score
from tests.chaos.ledger import Gift, Ledger
from tests.chaos.platforms import Platform, Resident

CSRF = "c" * 32
WORDS = "What you wrote about maintenance as care."
# Answers that acknowledge nothing: somebody tries again.
PATIENCE = 0.3
# A member may begin ten links an hour.
LINKS_EVERY = 1.5
# A poll that is further away than this waits for its regular time, or for a failure to pass.
_SOON = timedelta(minutes=2)
_BACKING_OFF = ("server_error", "garbage", "unreachable", "too_slow", "interrupted", "busy")


class NotAnswered(Exception):
    """Nothing came back that says that it was done."""


class Browser:
    """One member's browser. A request that fails raises NotAnswered."""

    def __init__(self, port: int, session: str) -> None:
        self._port = port
        self._cookie = f"session={session}; csrf={CSRF}"

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """The status, where it leads, and the page."""
        wire = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        headers = {"Cookie": self._cookie}
        body = None
        if fields is not None:
            body = urlencode({"csrfmiddlewaretoken": CSRF} | fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            wire.request(method, path, body, headers)
            answer = wire.getresponse()
            page = answer.read().decode(errors="replace")
            return answer.status, answer.headers.get("Location", ""), page
        except (OSError, http.client.HTTPException) as error:
            raise NotAnswered(type(error).__name__) from error
        finally:
            wire.close()


class Load:
    """Threads that go on until `stop`; `ledger` has what was acknowledged."""

    def __init__(
        self, port: int, platforms: list[Platform], ledger: Ledger, chance: random.Random
    ) -> None:
        self.port, self.platforms, self.ledger, self.chance = port, platforms, ledger, chance
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.broken: list[str] = []

    def start(
        self, couples: list[Couple], linkers: list[tuple[int, str, Resident, Platform]]
    ) -> None:
        halves = couples[::2], couples[1::2]
        givers = {couple.giver.pk: couple.giver for couple in couples}
        sessions = {pk: session_of(giver) for pk, giver in givers.items()}
        readers = list(sessions.values())[:4]
        self._run(*(lambda half=half: self._give(half, sessions) for half in halves))
        self._run(lambda: self._link(linkers))
        self._run(lambda: self._read(readers), self._like, self._make_due, self._look_at_scores)

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads), "the load does not end"

    def _run(self, *works: Callable[[], None]) -> None:
        for work in works:
            thread = threading.Thread(target=self._guarded, args=(work,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self.broken.append(f"{type(error).__name__}: {error}")
            raise
        finally:
            connection.close()

    # --- What members do ----------------------------------------------------------------------

    def _give(self, couples: list[Couple], sessions: dict[int, str]) -> None:
        for couple in couples:
            browser = Browser(self.port, sessions[couple.giver.pk])
            gift = Gift(couple.giver.pk, couple.receiver.pk, uuid4())
            fields = {
                "act": "give",
                "to": couple.handle,
                "key": str(gift.key),
                "words": WORDS,
                "k": "",
            }
            if self._until_acknowledged(lambda b=browser, f=fields: self._gave(b, f)):
                self.ledger.gifts.append(gift)
            else:
                self.ledger.unanswered.append(gift)
            if self._over.wait(0.1):
                return

    def _gave(self, browser: Browser, fields: dict[str, str]) -> bool:
        status, leads_to, page = browser.ask("POST", "/k/give/", fields)
        self.ledger.count(f"gift {status}")
        if status == 200:
            refusal = re.search(r'class="errorlist[^>]*>(.*?)</ul>', page, re.DOTALL)
            raise AssertionError(f"refused: {refusal[1] if refusal else page[:500]}")
        return status == 302 and leads_to == "/k/"

    def _link(self, linkers: list[tuple[int, str, Resident, Platform]]) -> None:
        """One after the other; whom it fails for tries again when all others had their turn."""
        waiting = deque(linkers)
        while waiting and not self._over.wait(LINKS_EVERY):
            linker = waiting.popleft()
            member_id, session, resident, platform = linker
            try:
                done = self._linked(Browser(self.port, session), resident, platform)
            except NotAnswered as error:
                self.ledger.count(f"not answered: {error}")
                done = False
            if done:
                self.ledger.links.append((member_id, resident))
            else:
                waiting.append(linker)

    def _linked(self, browser: Browser, resident: Resident, platform: Platform) -> bool:
        fields = {"typed": platform.host, "findable": "yes"}
        status, _, page = browser.ask("POST", "/networks/link/mastodon/", fields)
        self.ledger.count(f"link {status}")
        found = re.search(r'href="(http://[^"]+/oauth/authorize[^"]*)"', page)
        if status != 200 or not found:
            return False
        url = unescape(found[1])
        code = platform.consent_of(resident, url)
        (state,) = parse_qs(urlsplit(url).query)["state"]
        said = urlencode({"code": code, "state": state})
        back = f"/networks/callback/mastodon/{platform.host}/?{said}"
        status, leads_to, _ = browser.ask("GET", back)
        self.ledger.count(f"linked {status}")
        return status == 302 and leads_to.endswith("/reading/")

    def _read(self, sessions: list[str]) -> None:
        pages = ["/dashboard/", "/k/", "/networks/", "/how/", "/"]
        while not self._over.wait(0.2):
            try:
                status, _, _ = Browser(self.port, sessions[0]).ask("GET", self.chance.choice(pages))
                self.ledger.count(f"page {status}")
            except NotAnswered as error:
                self.ledger.count(f"page {error}")

    def _until_acknowledged(self, send: Callable[[], bool]) -> bool:
        while not self._over.is_set():
            try:
                if send():
                    return True
            except NotAnswered as error:
                self.ledger.count(f"not answered: {error}")
            self._over.wait(PATIENCE)
        return False

    # --- What happens by itself ---------------------------------------------------------------

    def _like(self) -> None:
        while not self._over.wait(0.05):
            platform = self.chance.choice(self.platforms)
            platform.new_fan(self.chance.choice(platform.residents), timezone.now())

    def _make_due(self) -> None:
        while not self._over.wait(1.0):
            patiently(lambda: make_due(self.chance.randrange(4)))

    def _look_at_scores(self) -> None:
        while not self._over.wait(2.0):
            for row in patiently(shown_scores):
                self.ledger.saw_score(*row)


def make_due(part: int = -1, *, also_failed: bool = False) -> int:
    """Let time pass for accounts that rest until their next regular poll.

    Whoever was told to wait waits; what is claimed or being read is left alone.
    """
    now = timezone.now()
    which = Q(last_problem="", next_poll_at__gt=now + _SOON)
    if also_failed:
        which |= Q(last_problem__in=_BACKING_OFF, next_poll_at__gt=now)
    resting = LinkedAccount.objects.filter(which, polling_until=None, host__startswith="127.")
    if part >= 0:
        resting = resting.alias(part=Mod("pk", 4)).filter(part=part)
    return resting.update(next_poll_at=now)


def shown_scores() -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Scores of days that are over, each with what makes it up."""
    rows = Score.objects.filter(on__lt=timezone.now().date()).values_list(
        "member_id", "on", "rule", "hundredths", "low_hundredths", "high_hundredths", "reach"
    )
    return [(tuple(row[:3]), tuple(row[3:])) for row in rows]


def patiently(ask: Callable[[], Any], seconds: float = 120) -> Any:
    """Ask the database until it is there."""
    give_up_at = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except DatabaseError:
            connection.close()
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.3)
