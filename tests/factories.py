"""Plain functions that put rows into the database with sensible defaults."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.applications.models import Application, Grant
from accounts.models import Member
from accounts.webhooks.models import Webhook, WebhookMessage
from networks.models import LinkedAccount, Outreach, Post, Reaction, Reading
from scoring.models import Contribution, Score
from scoring.rule import ONE, RULE_VERSION

_numbers = itertools.count(1)


def make_account(member: Member, now: datetime, **fields: Any) -> LinkedAccount:
    number = next(_numbers)
    values: dict[str, Any] = {
        "platform": "mastodon",
        "host": "known.example",
        "remote_id": f"made-{number}",
        "handle": f"@{member.name.split()[0].lower()}{number}@known.example",
        "person_hash": 1_000_000 + number,
        "findable": True,
        "linked_at": now,
        "last_read_at": now,
        "first_read_done_at": now,
    }
    values |= fields
    values.setdefault("served_by", values["host"])
    return LinkedAccount.objects.create(member=member, **values)


def make_reaction(account: LinkedAccount, happened_at: datetime, **fields: Any) -> Reaction:
    number = next(_numbers)
    values: dict[str, Any] = {
        "act_hash": number,
        "responder_hash": number,
        "kind": "reply",
        "standing": 1000,
        "recorded_at": happened_at,
    }
    return Reaction.objects.create(account=account, happened_at=happened_at, **(values | fields))


def make_reading(account: LinkedAccount, read_at: datetime, **fields: Any) -> Reading:
    return Reading.objects.create(
        account=account, read_on=read_at.date(), read_at=read_at, **({"followers": 100} | fields)
    )


def make_outreach(account: LinkedAccount, happened_at: datetime, **fields: Any) -> Outreach:
    number = next(_numbers)
    values: dict[str, Any] = {
        "act_key": str(number),
        "target_hash": number,
        "target_handle": f"@somebody{number}@known.example",
        "target_host": "known.example",
        "kind": "reply",
        "recorded_at": happened_at,
    }
    return Outreach.objects.create(account=account, happened_at=happened_at, **(values | fields))


def make_post(account: LinkedAccount, posted_at: datetime, **fields: Any) -> Post:
    return Post.objects.create(
        account=account, posted_at=posted_at, **({"remote_id": str(next(_numbers))} | fields)
    )


def make_score(
    member: Member, now: datetime, accounts: Sequence[LinkedAccount] = (), **fields: Any
) -> Score:
    """A score of today (31.0) to which each of `accounts` added the same."""
    values: dict[str, Any] = {
        "on": now.date(),
        "rule": RULE_VERSION,
        "hundredths": 3100,
        "low_hundredths": 2900,
        "high_hundredths": 3300,
        "reach": 265 * ONE,
        "cut_off_at": now,
        "computed_at": now,
        "days_of_data": 90,
    }
    score = Score.objects.create(member=member, **(values | fields))
    for place, account in enumerate(accounts):
        _make_contribution(score, account, tenths=(300 + place) // len(accounts))
    return score


def _make_contribution(score: Score, account: LinkedAccount, tenths: int) -> Contribution:
    return Contribution.objects.create(
        score=score,
        account=account,
        platform=account.platform,
        handle=account.handle,
        state=Contribution.State.COUNTED,
        tenths=tenths,
        reach=score.reach * tenths // 300,
        audience=400,
        response=ONE,
        response_squares=ONE,
        everyone=ONE,
        granted=False,
        acts=9,
        people=4,
        by_weight=[0, 2, 2, 0, 0],
        effective_on=score.on,
    )


def make_application(member: Member, now: datetime) -> Grant:
    """An application that the member made, and let in herself."""
    application = Application.objects.create(
        owner=member,
        name="Tide Table",
        home_page="https://app.example/",
        redirect_uris=["https://app.example/back"],
        made_at=now,
    )
    return Grant.objects.create(
        member=member,
        application=application,
        scopes=["score:read", "k:read"],
        given_at=now,
        code_digest=f"code-{next(_numbers)}",
        code_expires_at=now,
        code_challenge="c" * 43,
        redirect_uri="https://app.example/back",
        exchanged_at=now,
    )


def make_webhook(member: Member, now: datetime, **fields: Any) -> Webhook:
    """A webhook with a message that waits."""
    values: dict[str, Any] = {"url": "https://hooks.example/", "happenings": ["k.received"]}
    webhook = Webhook.objects.create(
        member=member, made_at=now, secret="sealed", **(values | fields)
    )
    WebhookMessage.objects.create(
        webhook=webhook,
        happening="k.received",
        about="move 1",
        data={"k": "an-address", "number": 1, "step": 1},
        happened_at=now,
        due_at=now,
    )
    return webhook
