"""The twelve faults. Each is done with when it returns, and has left the product as it would be."""

import contextlib
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.db import transaction
from django.utils import timezone

from klout.celery import app
from networks.models import LinkedAccount
from networks.services import vault
from scoring.models import Night
from tests.chaos.house import House, Kept, wait_for
from tests.chaos.load import make_due, patiently
from tests.chaos.platforms import RETRY_AFTER, Platform, in_trouble


class NotPossibleHere(Exception):
    """Its text says what this machine lacks."""


@dataclass
class Scene:
    """All that faults are made of; `patience` scales how long they last, in seconds."""

    house: House
    platforms: list[Platform]
    chance: random.Random
    kills: int
    patience: float

    def a_moment(self, most: float = 1.0) -> None:
        time.sleep(self.chance.uniform(0, most * self.patience))


def kill_every_process(scene: Scene) -> None:
    """kill -9, many times at random moments: whole services, single workers, both servers."""
    house = scene.house
    victims: dict[str, Callable[[], None]] = {
        "web": house.kept["web"].kill,
        "a worker of web": house.kept["web"].kill_a_child,
        "worker": house.kept["worker"].kill,
        "a process of worker": house.kept["worker"].kill_a_child,
        "beat": house.kept["beat"].kill,
        "postgres": house.kept["postgres"].kill,
        "valkey": house.kept["valkey"].kill,
    }
    for _ in range(scene.kills):
        for name in scene.chance.sample(sorted(victims), len(victims)):
            scene.a_moment(1.5)
            victims[name]()


def three_beats(scene: Scene) -> None:
    others: list[Kept] = [scene.house.another_beat(number) for number in (2, 3)]
    time.sleep(15 * scene.patience)
    for other in others:
        other.let_go()


def redis_emptied(scene: Scene) -> None:
    for _ in range(5):
        scene.a_moment(2)
        redis.Redis.from_url(scene.house.environment["REDIS_URL"]).flushall()


def redis_gone(scene: Scene) -> None:
    valkey = scene.house.kept["valkey"]
    valkey.stop()
    time.sleep(10 * scene.patience)
    assert scene.house.answers(), "no page without Redis"
    valkey.start()


def postgres_restarted(scene: Scene) -> None:
    postgres = scene.house.kept["postgres"]
    for seconds in (0.0, 5 * scene.patience):
        postgres.stop()
        time.sleep(seconds)
        postgres.start()
        time.sleep(5 * scene.patience)


def disk_full(scene: Scene) -> None:
    if not scene.house.has_small_disk:
        raise NotPossibleHere("this user may not mount a small disk for PostgreSQL")
    with scene.house.full_disk():
        time.sleep(10 * scene.patience)


def clock_jumps(scene: Scene) -> None:
    """The clock of web, worker and beat, a day ahead and a day back; PostgreSQL's stays right."""
    for days in (1, -1):
        scene.house.set_clock(days)
        time.sleep(15 * scene.patience)
        scene.house.set_clock(0)
        time.sleep(5 * scene.patience)


def dns_dead(scene: Scene) -> None:
    """Accounts are at names that no resolver knows (RFC 6761); then the names are known again."""
    some = list(LinkedAccount.objects.filter(host__startswith="127.").values_list("pk", "host")[:5])
    for pk, host in some:
        gone = f"{host.replace('.', '-').replace(':', '-')}.invalid"
        patiently(lambda pk=pk, gone=gone: _move(pk, gone, due=True))
    time.sleep(10 * scene.patience)
    for pk, host in some:
        patiently(lambda pk=pk, host=host: _move(pk, host, due=False))


def _move(pk: int, host: str, *, due: bool) -> None:
    """With its credentials, which are sealed for the host."""
    with transaction.atomic():
        account = LinkedAccount.objects.select_for_update().get(pk=pk)
        credentials = vault.credentials_of(account)
        account.host = account.served_by = host
        account.credentials = vault.seal_credentials(account, credentials)
        account.save(update_fields=["host", "served_by", "credentials"])
    if due:
        LinkedAccount.objects.filter(pk=pk, polling_until=None, last_problem="").update(
            next_poll_at=timezone.now()
        )


def platforms_limit(scene: Scene) -> None:
    """429 with Retry-After; whoever asks sooner is written down.

    One account is told, then Valkey loses all it knows in the middle of the wait, and the others
    at the same hosts become due.
    """
    half = scene.platforms[::2]
    wait_for(lambda: all(_accounts_at(platform) >= 2 for platform in half), 240, "two links each")
    with in_trouble(half, "limited"):
        for part in range(4):
            patiently(lambda part=part: make_due(part))
            with contextlib.suppress(TimeoutError):
                wait_for(lambda: all(platform.waits for platform in half), 8, "who is asked")
                break
        redis.Redis.from_url(scene.house.environment["REDIS_URL"]).flushall()
        patiently(make_due)
        time.sleep(8 * scene.patience)


def _accounts_at(platform: Platform) -> int:
    return int(patiently(LinkedAccount.objects.filter(host=platform.host).count))


def platforms_break(scene: Scene) -> None:
    for trouble in ("down", "garbage", "slow"):
        with in_trouble(scene.platforms[1::2], trouble):
            patiently(make_due)
            time.sleep(5 * scene.patience)


def deploy_in_the_night(scene: Scene) -> None:
    """A night is begun; in the middle of it all processes are replaced, as a deployment does."""
    patiently(lambda: Night.objects.update(finished_at=None, problem=""))
    app.send_task("scoring.tasks.night_due")
    scene.a_moment(3)
    names = ("beat", "worker", "web")
    for name in names:
        scene.house.kept[name].stop()
    scene.house.prepare()
    for name in names:
        scene.house.kept[name].start()


FAULTS: tuple[Callable[[Scene], None], ...] = (
    platforms_limit,
    kill_every_process,
    three_beats,
    redis_emptied,
    redis_gone,
    postgres_restarted,
    disk_full,
    clock_jumps,
    dns_dead,
    platforms_break,
    deploy_in_the_night,
)
SHORT: tuple[Callable[[Scene], None], ...] = (
    platforms_limit,
    kill_every_process,
    redis_emptied,
    deploy_in_the_night,
)
STARTED_WITHIN = 240.0
RECOVERED_WITHIN = 60.0


def recovered(scene: Scene, is_caught_up: Callable[[], bool]) -> tuple[float, float]:
    """Seconds until everything runs again, and from there until no due work is left.

    How long a process takes to start is the machine's affair. Raises TimeoutError.
    """
    up = scene.house.runs_again(STARTED_WITHIN)
    return up, wait_for(lambda: bool(patiently(is_caught_up)), RECOVERED_WITHIN, "due work")


def all_waits_over() -> timedelta:
    """How long whoever was told to wait may be left alone after the last 429."""
    return timedelta(seconds=2 * max(60, RETRY_AFTER) + 10)


def names(faults: Iterable[Callable[[Scene], None]]) -> str:
    return ", ".join(fault.__name__.replace("_", " ") for fault in faults)
