"""Members with something behind them, so that pages have something to show."""

from datetime import datetime, timedelta
from uuid import uuid4

from accounts.models import Member
from gifting import services as gifting
from networks.models import LinkedAccount, Post, Reaction
from scoring.services import rescore
from tests.factories import make_account, make_outreach, make_reading

LONG_NAME = "Wilhelmina-Alexandrina Featherstonehaugh Cholmondeley von Lindenbergerhausen XVII"
RIGHT_TO_LEFT = "\u0634\u0647\u0631\u0632\u0627\u062f \u0628\u0646\u062a \u0639\u0644\u064a"
EMOJI = "\U0001f30a\U0001f469\u200d\U0001f680 Wave \U0001f41a"
EXCERPTS = (
    "Maintenance is care: what a lighthouse keeper's logbook taught me about software.",
    "",
    f"{EMOJI} What the tide left on the beach this morning",
    "a" * 280,
)
NAMES = ("Amara Kone", LONG_NAME[:80], RIGHT_TO_LEFT, EMOJI, "Jonas Thiel")


def talked_for_half_a_year(
    account: LinkedAccount, now: datetime, *, people: int, followers: int
) -> None:
    """Posts, responses that swell and ebb, readings, and people the member reached out to."""
    make_reading(account, now, followers=followers)
    posts = [
        Post(
            account=account,
            remote_id=f"{day}-{post}",
            url=f"https://{account.host}/@ada/{day}-{post}",
            excerpt=EXCERPTS[(day + post) % len(EXCERPTS)],
            posted_at=now - timedelta(days=day, hours=post),
        )
        for day in range(180)
        for post in range((day * 5 + account.pk) % 7 // 2)
    ]
    Post.objects.bulk_create(posts)
    reactions = [
        Reaction(
            account=account,
            act_hash=day * 100 + one,
            kind="reply",
            responder_hash=10_000 * account.pk + (day * 3 + one * 11) % people,
            standing=(1000, 600, 300)[one % 3],
            post=posts[(day * 7 // 5 + one) % len(posts)],
            happened_at=now - timedelta(days=day, hours=3),
            recorded_at=now - timedelta(days=day, hours=3),
        )
        for day in range(180)
        for one in range((day * 7) % 4 + (2 if 12 < day < 50 else 0) + (3 if day < 8 else 0))
    ]
    Reaction.objects.bulk_create(reactions)


def reached_out(account: LinkedAccount, now: datetime) -> None:
    for place, name in enumerate(NAMES):
        for time in range(len(NAMES) - place):
            make_outreach(
                account,
                now - timedelta(days=2 + time),
                target_hash=place + 1,
                target_name=name,
                target_handle=f"@{'a' * (4 + 40 * (place == 1))}{place}@known.example",
                kind=("reply", "reshare", "favourite")[time % 3],
            )


def scored(member: Member, now: datetime) -> None:
    """Write the score of today and of the last 90 days, as right after the first read."""
    rescore([member.pk], now)


def open_to_all(member: Member, now: datetime, **fields: object) -> LinkedAccount:
    account = make_account(member, now, **fields)
    gifting.accept_from(member, "all")
    return account


def give(giver: Member, receiver: Member, at: datetime, text: str = "", k: str = "") -> str:
    """Give or pass on a K with words; its address."""
    note = gifting.Note(text=text, link="https://known.example/@ada/1", shares=True)
    if k:
        return gifting.pass_on(giver, receiver, k, at, key=uuid4(), note=note).k.address
    return gifting.give_k(giver, receiver, at, key=uuid4(), note=note).k.address


def full_life(ada: Member, grace: Member, mallory: Member, now: datetime) -> str:
    """Ada talks on three accounts, was scored, and holds a K that came a long way (its address)."""
    linked = now - timedelta(days=100)
    first = open_to_all(
        ada, now, handle="@ada@known.example", linked_at=linked, host="mastodon.social"
    )
    second = make_account(ada, now, platform="bluesky", handle="@ada.example", linked_at=linked)
    third = make_account(
        ada, now, handle=f"@{'long' * 18}@other.example", linked_at=linked, last_problem="too_slow"
    )
    for account, people, followers in ((first, 60, 4_200), (second, 25, 900), (third, 5, 70)):
        talked_for_half_a_year(account, now, people=people, followers=followers)
    reached_out(first, now)
    for friend in (grace, mallory):
        theirs = open_to_all(friend, now)
        make_outreach(
            first, now - timedelta(days=1), target_hash=theirs.person_hash, target_name=friend.name
        )
    scored(ada, now)
    k = give(
        grace, mallory, now - timedelta(minutes=50), "For explaining it twice and not sighing."
    )
    give(
        mallory,
        ada,
        now - timedelta(minutes=40),
        "Your thread made me rewrite the whole chapter.",
        k,
    )
    give(ada, grace, now - timedelta(minutes=5), "The essay on maintenance as care.")
    return k
