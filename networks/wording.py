"""Sentences about accounts and people. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

# What is done to a post; the first one in a sentence says "of their posts".
_ON_POSTS = {
    "reshare": "boosted",
    "reply": "replied to",
    "quote": "quoted",
    "favourite": "favourited",
}

_ON_WORK = {
    "issue": (
        "opened 1 issue or pull request for them",
        "opened {} issues or pull requests for them",
    ),
    "review": ("reviewed 1 change of theirs", "reviewed {} changes of theirs"),
    "star": ("starred 1 thing they made", "starred {} things they made"),
}


def ago(then: datetime, now: datetime) -> str:
    """`5 minutes ago`, coarse on purpose; the future counts as now."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{count(seconds // size, unit)} ago"
    return "a moment ago"


def clock(moment: datetime, now: datetime) -> str:
    """`14:30 UTC`, with the day where it is another one."""
    moment = moment.astimezone(UTC)
    text = f"{moment:%H:%M} UTC"
    return text if moment.date() == now.astimezone(UTC).date() else f"{text} on {day(moment)}"


def day(moment: date) -> str:
    return f"{moment.day} {moment:%B}"


def count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def what_you_did(acts: Mapping[str, int], since: datetime) -> str:
    """`Since 5 October you boosted 6 of their posts and replied to 4.`

    `acts` counts the member's acts towards one person by kind of outreach.
    """
    parts: list[str] = []
    for kind, did in _ON_POSTS.items():
        if acts.get(kind):
            parts.append(f"{did} {acts[kind]}" if parts else f"{did} {acts[kind]} of their posts")
    for kind, (one, many) in _ON_WORK.items():
        if acts.get(kind):
            parts.append(one if acts[kind] == 1 else many.format(acts[kind]))
    if acts.get("mention"):
        times = {1: "once", 2: "twice"}.get(acts["mention"], f"{acts['mention']} times")
        parts.append(f"mentioned them {times}")
    if acts.get("follow"):
        parts.append("followed them")
    return f"Since {day(since)} you {in_words(parts)}." if parts else ""


def in_words(parts: list[str]) -> str:
    """`one, two and three`."""
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


def next_try(next_poll_at: datetime | None, now: datetime) -> str:
    if next_poll_at is None:
        return ""
    if next_poll_at - now < timedelta(minutes=1):
        return "The next try is about to begin."
    return f"The next try is at {clock(next_poll_at, now)}."
