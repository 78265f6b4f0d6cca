"""Posts that people responded to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Member
from networks.models import LinkedAccount, Post
from tests.factories import make_account, make_post, make_reaction

Answered = Callable[..., Post]


@pytest.fixture
def at_ada(ada: Member, now: datetime) -> LinkedAccount:
    return make_account(ada, now)


@pytest.fixture
def answered(at_ada: LinkedAccount, now: datetime) -> Answered:
    """A post of ada's from yesterday to which each of `people` responded once."""

    def make(*people: int, account: LinkedAccount | None = None, **fields: Any) -> Post:
        yesterday = now - timedelta(days=1)
        post = make_post(account or at_ada, yesterday, **fields)
        for person in people:
            make_reaction(post.account, yesterday, post=post, responder_hash=person)
        return post

    return make
