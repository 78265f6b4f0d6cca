"""Pages to look at: the newest posts, a person, a post with its answers, a tag."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe

from playground import clock, here, settings
from playground.api.entities import Entities
from playground.characters import CHARACTERS
from playground.life import Status
from playground.paging import Window, page
from playground.people import Person
from playground.snowflake import moment_of, read_id
from playground.web.context import me
from playground.writing import tags_in, words

_PAGE = 30


@dataclass(frozen=True)
class Shown:
    """A status as a page shows it."""

    id: int
    author: Person
    html: SafeString
    written_at: datetime
    url: str
    boosted_by: Person | None
    answers_to: Person | None
    counts: dict[str, int]
    mine: dict[str, bool]


def _entities(request: HttpRequest) -> Entities:
    now = clock.now()
    return Entities(here.world(now), settings.BASE_URL, now, me(request))


def _shown(entities: Entities, status: Status) -> Shown:
    person = entities.world.population.person
    body = entities.status(status)
    original = status.boost_of or status
    entity = body["reblog"] or body
    return Shown(
        id=original.id,
        author=person(original.author),
        # Made by our own `to_html`, which escapes what people wrote.
        html=mark_safe(entity["content"]),  # noqa: S308
        written_at=moment_of(original.id),
        url=entity["url"],
        boosted_by=person(status.author) if status.boost_of else None,
        answers_to=person(original.reply_to.author) if original.reply_to else None,
        counts={
            "answers": entity["replies_count"],
            "boosts": entity["reblogs_count"],
            "favourites": entity["favourites_count"],
        },
        mine={name: entity.get(name, False) for name in ("favourited", "reblogged")},
    )


def home(request: HttpRequest) -> HttpResponse:
    entities = _entities(request)
    newest = entities.world.local_public(entities.horizon, _PAGE)
    shown = {"characters": CHARACTERS} | _list(entities, newest)
    return render(request, "home.html", shown)


def tag(request: HttpRequest, tag: str) -> HttpResponse:
    entities = _entities(request)
    population = entities.world.population
    newest = [
        status
        for status in entities.world.local_public(entities.horizon, 40 * _PAGE)
        if tag.lower() in tags_in(words(status, population))
    ]
    return render(request, "tag.html", {"tag": tag} | _list(entities, newest[:_PAGE]))


def profile(request: HttpRequest, acct: str) -> HttpResponse:
    entities = _entities(request)
    person = entities.world.population.by_acct(acct)
    if not person:
        raise Http404
    window = Window(limit=_PAGE, max_id=read_id(request.GET.get("before", "")))
    written = entities.world.statuses_of(person.number)
    found = page(written, window, entities.horizon, lambda status: status.is_public)
    older = found[-1].id if len(found) == _PAGE else None
    account = entities.account(person)
    shown = {"person": person, "account": account, "older": older}
    return render(request, "profile.html", shown | _list(entities, found))


def status(request: HttpRequest, acct: str, status_id: int) -> HttpResponse:
    entities = _entities(request)
    found = entities.world.status(status_id, entities.horizon)
    if not found or not found.is_public or _author(entities, found).acct != acct:
        raise Http404
    found = found.boost_of or found
    above: list[Status] = []
    parent = found.reply_to
    while parent:
        above.insert(0, parent)
        parent = parent.reply_to
    answers = [each for each in entities.world.replies_to(found) if each.id < entities.horizon]
    shown = {
        "above": [_shown(entities, each) for each in above],
        "status": _shown(entities, found),
        "answers": [_shown(entities, each) for each in answers],
    }
    return render(request, "status.html", shown)


def _author(entities: Entities, status: Status) -> Person:
    return entities.world.population.person(status.author)


def to_profile(_request: HttpRequest, username: str) -> HttpResponse:
    """From the address that other servers know somebody by (`uri`) to the page."""
    return redirect("profile", username)


def to_status(request: HttpRequest, username: str, status_id: int) -> HttpResponse:
    """From the address that other servers know a status by; a boost leads to what it boosts."""
    entities = _entities(request)
    found = entities.world.status(status_id, entities.horizon)
    if not found or _author(entities, found).username != username:
        raise Http404
    shown = found.boost_of or found
    return redirect("status", _author(entities, shown).acct, shown.id)


def not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "not_found.html", status=404)


def _list(entities: Entities, statuses: list[Status]) -> dict[str, Any]:
    return {"statuses": [_shown(entities, each) for each in statuses]}
