"""https://docs.joinmastodon.org/methods/instance/ and https://nodeinfo.diaspora.software/"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from playground import settings
from playground.api.answers import Call, api
from playground.api.statuses import MAX_CHARACTERS

Json = dict[str, Any]
VERSION = "4.5.0"
TITLE = "Harbour, a pretend network"
DESCRIPTION = "A pretend network for trying things. Nobody here is real."
_CONTACT = "nobody@playground.example"
_CONFIGURATION: Json = {
    "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
    "statuses": {
        "max_characters": MAX_CHARACTERS,
        "max_media_attachments": 0,
        "characters_reserved_per_url": 23,
    },
    "media_attachments": {
        "supported_mime_types": [],
        "image_size_limit": 0,
        "image_matrix_limit": 0,
        "video_size_limit": 0,
        "video_frame_rate_limit": 0,
        "video_matrix_limit": 0,
    },
    "polls": {
        "max_options": 4,
        "max_characters_per_option": 50,
        "min_expiration": 300,
        "max_expiration": 2629746,
    },
    "translation": {"enabled": False},
}
_RULES = [{"id": "1", "text": "Be kind, even to people who are not real.", "hint": ""}]


def _counts(call: Call) -> tuple[int, int]:
    """People who live here, and what they have written."""
    locals_ = [person for person in call.world.population.people if not person.host]
    accounts = (call.entities.account(person) for person in locals_)
    return len(locals_), sum(account["statuses_count"] for account in accounts)


@api(token=False)
def v1(call: Call) -> Json:
    people, statuses = _counts(call)
    return {
        "uri": settings.DOMAIN,
        "title": TITLE,
        "short_description": DESCRIPTION,
        "description": DESCRIPTION,
        "email": _CONTACT,
        "version": VERSION,
        "urls": {"streaming_api": settings.BASE_URL.replace("http", "ws", 1)},
        "stats": {"user_count": people, "status_count": statuses, "domain_count": 4},
        "thumbnail": f"{settings.BASE_URL}/icon.svg",
        "languages": ["en"],
        "registrations": False,
        "approval_required": False,
        "invites_enabled": False,
        "configuration": _CONFIGURATION,
        "contact_account": None,
        "rules": _RULES,
    }


@api(token=False)
def v2(call: Call) -> Json:
    people, _ = _counts(call)
    icon = f"{settings.BASE_URL}/icon.svg"
    return {
        "domain": settings.DOMAIN,
        "title": TITLE,
        "version": VERSION,
        "source_url": "https://github.com/mastodon/mastodon",
        "description": DESCRIPTION,
        "usage": {"users": {"active_month": people}},
        "thumbnail": {"url": icon},
        "icon": [{"src": icon, "size": "48x48"}],
        "languages": ["en"],
        "configuration": _CONFIGURATION
        | {"urls": {"streaming": settings.BASE_URL.replace("http", "ws", 1)}},
        "registrations": {"enabled": False, "approval_required": False, "message": None},
        "api_versions": {"mastodon": 7},
        "contact": {"email": _CONTACT, "account": None},
        "rules": _RULES,
    }


def nodeinfo_links(_request: HttpRequest) -> HttpResponse:
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    return JsonResponse({"links": [{"rel": rel, "href": f"{settings.BASE_URL}/nodeinfo/2.0"}]})


@api(token=False)
def nodeinfo(call: Call) -> Json:
    people, statuses = _counts(call)
    return {
        "version": "2.0",
        "software": {"name": "mastodon", "version": VERSION},
        "protocols": ["activitypub"],
        "services": {"outbound": [], "inbound": []},
        "usage": {"users": {"total": people}, "localPosts": statuses},
        "openRegistrations": False,
        "metadata": {"nodeName": TITLE, "nodeDescription": DESCRIPTION},
    }
