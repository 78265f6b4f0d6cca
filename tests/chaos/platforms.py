"""Mastodons with several people each, which can be in trouble and see who asks too early."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import RLock

from tests.connectors.fake_http import Handler
from tests.connectors.fake_mastodon import ME, FakeMastodon, World, account

RETRY_AFTER = 15
# What was on its way when we began to refuse.
UNDER_WAY = 1.0


class Resident:
    """One person there: what they wrote, and the fans who liked it, in order."""

    def __init__(self, number: int, host: str, now: datetime) -> None:
        self.number = number
        self.world = World(now)
        self.world.me |= account(number, f"member{number}") | {"followers_count": 321}
        self.host = host
        self.fans: list[str] = []
        self.post = self.world.write(1, "By the sea")

    @property
    def handle(self) -> str:
        return f"@member{self.number}@{self.host}"

    def liked(self, now: datetime) -> None:
        """One more fan, whom nobody else has."""
        fan = f"fan{len(self.fans)}of{self.number}@fans.example"
        self.world.now = now
        self.world.notify(
            "favourite", account(f"{self.number}{len(self.fans)}", fan), 0, status=self.post
        )
        self.fans.append(fan)


class Platform(FakeMastodon):
    """`trouble` is "", "limited", "down", "garbage" or "slow", for all that is asked there."""

    def __init__(self, people: int, first_number: int, now: datetime) -> None:
        self._lock = RLock()
        self._of_token: dict[str, Resident] = {}
        self._consenting: Resident | None = None
        self.trouble = ""
        self.closed_until = self._refused_since = 0.0
        self.waits: list[tuple[datetime, datetime]] = []
        self.asked_too_early: list[float] = []
        super().__init__(now)
        numbers = range(first_number, first_number + people)
        self.residents = [Resident(number, self.host, now) for number in numbers]

    def consent_of(self, resident: Resident, url: str) -> str:
        """This person says yes on the page at `url`; returns the code that goes back."""
        with self._lock:
            code = self.consent(url)
            self.codes[code]["person"] = str(resident.number)
            return code

    def token_of(self, resident: Resident) -> str:
        with self._lock:
            self._consenting = resident
            return self.token()

    def token(self) -> str:
        token = super().token()
        assert self._consenting
        self._of_token[token] = self._consenting
        return token

    def new_fan(self, resident: Resident, now: datetime) -> None:
        with self._lock:
            resident.liked(now)

    # --- Trouble ------------------------------------------------------------------------------

    def _in_trouble(self, to: Handler) -> bool:
        """Answers as a server in trouble does; False where there is none."""
        now, trouble = time.monotonic(), self.trouble
        if self._refused_since + UNDER_WAY < now < self.closed_until:
            self.asked_too_early.append(self.closed_until - now)
        if trouble == "limited" or now < self.closed_until:
            if now >= self.closed_until:
                self.closed_until, self._refused_since = now + RETRY_AFTER, now
                told_at = datetime.now(UTC)
                self.waits.append((told_at, told_at + timedelta(seconds=RETRY_AFTER)))
            # Rounded up, or whoever waits for exactly this long comes a moment too early.
            left = {"Retry-After": str(int(self.closed_until - now) + 1)}
            to.send_whole(429, left, b"")
        elif trouble == "down":
            to.send_whole(500, {}, b"<h1>Something went wrong</h1>")
        elif trouble == "garbage":
            kind = {"Content-Type": "application/json"}
            to.send_whole(200, kind, b'{"id": "1", "acct": NaN, "acct": [[[')
        else:
            if trouble == "slow":
                time.sleep(4)
            return False
        return True

    def _get(self, to: Handler) -> None:
        if self._in_trouble(to):
            return
        token = to.headers.get("Authorization", "").removeprefix("Bearer ")
        with self._lock:
            if resident := self._of_token.get(token):
                self.world = resident.world
                to.path = to.path.replace(f"/accounts/{resident.number}/", f"/accounts/{ME}/")
            super()._get(to)

    def _post(self, to: Handler) -> None:
        if self._in_trouble(to):
            return
        with self._lock:
            super()._post(to)

    def _grant(self, to: Handler, form: dict[str, str]) -> None:
        known = self.codes.get(form.get("code", ""), {}).get("person")
        self._consenting = next((r for r in self.residents if str(r.number) == known), None)
        super()._grant(to, form)


@contextmanager
def in_trouble(platforms: list[Platform], trouble: str) -> Iterator[None]:
    for platform in platforms:
        platform.trouble = trouble
    try:
        yield
    finally:
        for platform in platforms:
            platform.trouble = ""
