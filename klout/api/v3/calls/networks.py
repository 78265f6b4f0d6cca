"""Linked accounts, what one is answered on there, and what the sonobuoy hears of them."""

from django.http import HttpRequest
from ninja import Router

from accounts.scopes import Scope
from accounts.sharing import shows_topics
from klout.api.v3.operations import asked_by
from klout.api.v3.registry import Call, reads
from klout.api.v3.shapes import networks as shapes
from klout.api.v3.shapes import topics as shapes_of_topics
from networks.selectors import account_cards
from networks.sonobuoy.selectors import buoys
from networks.topics.selectors import own_topics

router = Router(tags=["Networks"])


@reads(router, Call("/networks", Scope.NETWORKS_READ, {200: shapes.Networks}))
def networks(request: HttpRequest) -> shapes.Networks:
    """Your linked accounts.

    How each of them is read, and how much of it is kept. All of them at once: a person has a few.
    """
    asked = asked_by(request)
    cards = account_cards(asked.member, asked.now)
    return shapes.Networks(items=[shapes.Network.of(card) for card in cards])


@reads(router, Call("/topics", Scope.TOPICS_READ, {200: shapes_of_topics.Topics}))
def topics(request: HttpRequest) -> shapes_of_topics.Topics:
    """What you are answered on.

    The tags and recurring words of your posts, by how many people responded under them. They are
    counted every night and never go into a score.
    """
    member = asked_by(request).member
    return shapes_of_topics.Topics.of(own_topics(member), on_profile=shows_topics(member))


@reads(router, Call("/sonobuoy", Scope.SONOBUOY_READ, {200: shapes.Sonobuoy}))
def sonobuoy(request: HttpRequest) -> shapes.Sonobuoy:
    """What the sonobuoy hears.

    Whether you are quiet on a network, by your own rhythm there. A read that failed is never
    called silence.
    """
    asked = asked_by(request)
    heard = buoys(asked.member, asked.now)
    return shapes.Sonobuoy(
        resting_since=asked.member.resting_since, items=[shapes.Heard.of(buoy) for buoy in heard]
    )
