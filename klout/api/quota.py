"""How much one key may ask, counted in Redis by one script, so that no two requests both get the
last one. Postgres is asked about a key once a minute at most.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from accounts import limits
from accounts.api_keys import KeyHolder, digest_of, holder_of
from accounts.limits import Away, Counted, asked, client

__all__ = ["Away", "Counted"]

# As the API of old allowed an ordinary key.
PER_SECOND = 10
PER_DAY = 20_000
# How many different members one key sees in a day: enough for a tool, too few for a list.
MEMBERS_PER_DAY = 200

# For how long what Postgres said may be repeated, in seconds.
REPEATED_FOR = 60
DAY_SECONDS = 24 * 60 * 60

# KEYS: who holds the key, requests of this second, of this day, members seen today, the answer.
# Returns (verdict, holder, answer); nothing is counted unless the verdict is "ok".
ADMIT = """
local holder = redis.call('GET', KEYS[1])
if not holder then return {'unheard', '', ''} end
if holder == '' then return {'unknown', '', ''} end
if tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(ARGV[1]) then
    return {'too fast', '', ''}
end
if tonumber(redis.call('GET', KEYS[3]) or '0') >= tonumber(ARGV[2]) then
    return {'used up', '', ''}
end
redis.call('INCR', KEYS[2]); redis.call('EXPIRE', KEYS[2], 10)
redis.call('INCR', KEYS[3]); redis.call('EXPIRE', KEYS[3], ARGV[5])
local answer = redis.call('GET', KEYS[5])
if not answer then return {'ok', holder, ''} end
if ARGV[4] ~= '' and redis.call('SISMEMBER', KEYS[4], ARGV[4]) == 0 then
    if redis.call('SCARD', KEYS[4]) >= tonumber(ARGV[3]) then
        return {'seen enough', '', ''}
    end
    redis.call('SADD', KEYS[4], ARGV[4]); redis.call('EXPIRE', KEYS[4], ARGV[5])
end
return {'ok', holder, answer}
"""
# KEYS: members seen today. Returns how many of ARGV (from the third on) may be seen, in order.
SEE = """
local allowed = {}
for place = 3, #ARGV do
    if redis.call('SISMEMBER', KEYS[1], ARGV[place]) == 1 then
        allowed[#allowed + 1] = ARGV[place]
    elseif redis.call('SCARD', KEYS[1]) < tonumber(ARGV[1]) then
        redis.call('SADD', KEYS[1], ARGV[place]); redis.call('EXPIRE', KEYS[1], ARGV[2])
        allowed[#allowed + 1] = ARGV[place]
    end
end
return allowed
"""


class Refused(Exception):
    """The key opens nothing now. `reason` is one of the words below."""

    UNKNOWN, TOO_FAST, USED_UP, SEEN_ENOUGH = "unknown", "too fast", "used up", "seen enough"

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


def seen_enough(now: datetime) -> Refused:
    """The key has seen as many members today as it may; others are told after midnight UTC."""
    return Refused(Refused.SEEN_ENOUGH, _seconds_left(now))


@dataclass(frozen=True)
class Admitted:
    """A request that counts. `answer` is what was said to the same question within a minute."""

    holder: KeyHolder
    answer: bytes


@dataclass(frozen=True)
class Question:
    """What is asked with which key. An answer to `path` is told again where it was kept, and
    counts as having seen `about`; without a path nothing is told again.
    """

    key: str
    path: str = ""
    about: str = ""


def admit(question: Question, now: datetime) -> Admitted:
    """Count the request. Raises Refused where the key may not ask now, Away without Redis."""
    digest = digest_of(question.key)
    names = _Names(digest, now)
    for _ in range(2):
        verdict, holder, answer = asked(lambda: _ask_to_admit(question, names))
        if verdict != b"unheard":
            break
        _introduce(digest, names, now)
    if verdict == b"ok":
        return Admitted(_holder(holder), answer)
    reason = verdict.decode()
    wait = {Refused.TOO_FAST: 1, Refused.UNKNOWN: 0}.get(reason, _seconds_left(now))
    raise Refused(reason if reason != "unheard" else Refused.UNKNOWN, wait)


def count(counted_as: str, now: datetime) -> Counted:
    """Count a request of whoever is counted under this name. Raises Away without Redis."""
    names = _Names(counted_as, now)
    second, day = _allowed()
    left = _seconds_left(now)
    return limits.count(
        [limits.Window(second, names.second, 1), limits.Window(day, names.day, left)]
    )


def _allowed() -> tuple[limits.Limit, limits.Limit]:
    return limits.Limit("second", PER_SECOND, 1), limits.Limit("day", PER_DAY, DAY_SECONDS)


POLICY = limits.policy(_allowed())


def may_see(counted_as: str, members: list[str], now: datetime) -> list[str]:
    """Of these members, in their order, those whom the holder of the key may see today.

    A key is counted by its digest. Raises Away without Redis.
    """
    if not members:
        return []
    names = _Names(counted_as, now)
    arguments = [MEMBERS_PER_DAY, 2 * DAY_SECONDS, *members]
    seen = asked(lambda: _scripts()[1](keys=[names.members], args=arguments))
    return [member.decode() for member in seen]


def keep_answer(path: str, answer: bytes) -> None:
    """Repeat this answer to everybody for a minute."""
    asked(lambda: client().set(_answer_name(path), answer, ex=REPEATED_FOR))


def _ask_to_admit(question: Question, names: "_Names") -> Any:
    return _scripts()[0](
        keys=[
            names.holder,
            names.second,
            names.day,
            names.members,
            _answer_name(question.path),
        ],
        args=[PER_SECOND, PER_DAY, MEMBERS_PER_DAY, question.about, 2 * DAY_SECONDS],
    )


def _introduce(digest: str, names: "_Names", now: datetime) -> None:
    """Tell Redis whose key it is; of unknown keys as well, so that they do not ask Postgres."""
    holder = holder_of(digest, now.astimezone(UTC).date())
    said = "" if holder is None else json.dumps([holder.key_id, holder.member_id, holder.scopes])
    asked(lambda: client().set(names.holder, said, ex=REPEATED_FOR))


def _holder(said: bytes) -> KeyHolder:
    key_id, member_id, scopes = json.loads(said)
    return KeyHolder(key_id, member_id, tuple(scopes))


@dataclass(frozen=True)
class _Names:
    """Under which names one key is counted in Redis, in the classic API and in today's alike."""

    digest: str
    now: datetime

    @property
    def holder(self) -> str:
        return f"klout:api:{self.digest}:holder"

    @property
    def second(self) -> str:
        return f"klout:api:{self.digest}:second:{int(self.now.timestamp())}"

    @property
    def day(self) -> str:
        return f"klout:api:{self.digest}:day:{self.now.astimezone(UTC).date()}"

    @property
    def members(self) -> str:
        return f"klout:api:{self.digest}:members:{self.now.astimezone(UTC).date()}"


def _answer_name(path: str) -> str:
    return f"klout:api:answer:{path}"


def _seconds_left(now: datetime) -> int:
    """Until the next day begins in UTC."""
    return DAY_SECONDS - int(now.timestamp()) % DAY_SECONDS


@cache
def _scripts() -> tuple[Any, Any]:
    return client().register_script(ADMIT), client().register_script(SEE)
