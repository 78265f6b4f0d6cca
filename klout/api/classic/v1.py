"""Version 1, by screen names: up to five at once, in JSON or XML."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from klout.api.classic import lookups, wire
from klout.api.classic.views import Asked, answered

USERS_AT_MOST = 5


@dataclass(frozen=True)
class Person:
    """Somebody who was asked for by `name` and is here."""

    name: str
    found: lookups.Found
    figures: wire.Figures
    asked: Asked


Entry = Callable[[Person], dict[str, Any]]


def klout(request: HttpRequest, kind: str) -> HttpResponse:
    return _users(request, kind, lambda person: wire.v1_pair(person.name, person.figures))


def show(request: HttpRequest, kind: str) -> HttpResponse:
    return _users(
        request,
        kind,
        lambda person: wire.v1_profile(person.name, person.found.network_id, person.figures),
    )


def topics(request: HttpRequest, kind: str) -> HttpResponse:
    def entry(person: Person) -> dict[str, Any]:
        subjects = lookups.subjects(person.found.member_id, person.asked.now)
        return wire.v1_topics(person.name, subjects)

    return _users(request, kind, entry)


def influenced_by(request: HttpRequest, kind: str) -> HttpResponse:
    def entry(person: Person) -> dict[str, Any]:
        circle = lookups.influencers(person.found.member_id, person.asked.now)
        return wire.v1_people(person.name, "influencers", _pairs(circle, person.asked))

    return _users(request, kind, entry)


def influencer_of(request: HttpRequest, kind: str) -> HttpResponse:
    def entry(person: Person) -> dict[str, Any]:
        circle = lookups.influencees(person.found.member_id, person.asked.now)
        return wire.v1_people(person.name, "influencees", _pairs(circle, person.asked))

    return _users(request, kind, entry)


def _users(request: HttpRequest, kind: str, entry: Entry) -> HttpResponse:
    """One entry for each name that is somebody's who lets the API speak of them."""

    def answer(asked: Asked) -> dict[str, Any]:
        names = [name.strip() for name in asked.get.get("users", "").split(",")]
        found = [
            (name, lookups.by_handle("tw", name, asked.now))
            for name in names[:USERS_AT_MOST]
            if name
        ]
        there = [(name, one) for name, one in found if one is not None]
        allowed = asked.may_see([one.kloutid for _, one in there])
        figures = lookups.figures_of(
            (one.member_id for _, one in there if one.kloutid in allowed), asked.now
        )
        return wire.v1(
            [
                entry(Person(name, one, figures[one.member_id], asked))
                for name, one in there
                if one.member_id in figures
            ]
        )

    response = answered(request, answer)
    return response if kind == "json" else _as_xml(response)


def _as_xml(response: HttpResponse) -> HttpResponse:
    response.content = wire.as_xml(json.loads(response.content))
    response["Content-Type"] = "text/xml; charset=utf-8"
    return response


def _pairs(circle: wire.Circle, asked: Asked) -> list[dict[str, Any]]:
    """By the names on X, where there is one that people may find them by."""
    allowed = asked.may_see([one.kloutid for one in circle.shown])
    names = lookups.screen_names([one.kloutid for one in circle.shown])
    return [
        wire.v1_pair(names[one.kloutid], one)
        for one in circle.shown
        if one.kloutid in allowed and one.kloutid in names
    ]
