"""A small YouTube with Google's sign-in on loopback, true to both where the connector is.

Lists are newest first and paged by tokens. The member's token shows what is theirs; the site's key
shows what everybody can see. Each call takes a unit of the day's quota.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.connectors.fake_http import Asked, FakeServer, Headers, challenge_of

CLIENT = ("klout.apps.example", "shh-google")
KEY = "AIza-klout"
SCOPE = "https://www.googleapis.com/auth/youtube.readonly"
REDIRECT = "http://localhost:8000/networks/callback/youtube/youtube.com/"
API = "/youtube/v3/"


def channel_id(name: str) -> str:
    return f"UC{name:A<22}"


class World:
    """What is on YouTube. Lists are kept newest first. ada is the member."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.channels: dict[str, dict[str, Any]] = {}
        self.uploads: list[dict[str, Any]] = []
        self.videos: dict[str, dict[str, Any]] = {}
        self.threads: list[dict[str, Any]] = []
        self.subscriptions: list[dict[str, Any]] = []
        self._last_id = 100
        self.ada = self.channel("ada", subscribers=4_200, videos=40)

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def at(self, days_ago: float) -> str:
        return (self.now - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def channel(
        self, name: str, days_ago: float = 900, subscribers: int = 3, videos: int = 0
    ) -> str:
        """Somebody's channel; returns its id."""
        number = channel_id(name)
        self.channels[number] = {
            "kind": "youtube#channel",
            "etag": "e",
            "id": number,
            "snippet": {
                "title": name.title(),
                "description": "",
                "customUrl": f"@{name}",
                "publishedAt": self.at(days_ago),
            },
            "contentDetails": {"relatedPlaylists": {"likes": "LL", "uploads": f"UU{number[2:]}"}},
            "statistics": {
                "viewCount": "90000",
                "subscriberCount": str(subscribers),
                "hiddenSubscriberCount": False,
                "videoCount": str(videos),
            },
        }
        return number

    def upload(
        self,
        days_ago: float,
        title: str = "Harbour",
        privacy: str = "public",
        tags: tuple[str, ...] = ("Harbour", "sea"),
    ) -> str:
        """A video of ada's; returns its id."""
        video_id, at = f"video{self.next_id():06}", self.at(days_ago)
        self.videos[video_id] = {
            "kind": "youtube#video",
            "etag": "e",
            "id": video_id,
            "snippet": {"title": title, "publishedAt": at, "tags": list(tags)},
        }
        item = {
            "kind": "youtube#playlistItem",
            "etag": "e",
            "id": f"item-{video_id}",
            "snippet": {
                "publishedAt": at,
                "channelId": self.ada,
                "title": title,
                "description": "By the sea",
                "position": 0,
                "resourceId": {"kind": "youtube#video", "videoId": video_id},
            },
            "contentDetails": {"videoId": video_id, "videoPublishedAt": at},
            "status": {"privacyStatus": privacy},
        }
        self.uploads.append(item)
        self.uploads.sort(key=lambda one: one["snippet"]["publishedAt"], reverse=True)
        return video_id

    def _comment(self, author: str, video_id: str, days_ago: float, above: str) -> dict[str, Any]:
        own = f"Ug{self.next_id()}"
        at, name = self.at(days_ago), self.channels[author]["snippet"]["customUrl"]
        snippet = {
            "authorDisplayName": name,
            "authorChannelUrl": f"http://www.youtube.com/{name}",
            "authorChannelId": {"value": author},
            "channelId": self.ada,
            "textDisplay": "Lovely",
            "textOriginal": "Lovely",
            "canRate": True,
            "viewerRating": "none",
            "likeCount": 0,
            "publishedAt": at,
            "updatedAt": at,
        }
        snippet |= {"videoId": video_id} if video_id else {}
        snippet |= {"parentId": above} if above else {}
        whole_id = f"{above}.{own}" if above else own
        return {"kind": "youtube#comment", "etag": "e", "id": whole_id, "snippet": snippet}

    def comment(self, author: str, video_id: str, days_ago: float) -> dict[str, Any]:
        """A new thread below a video."""
        top = self._comment(author, video_id, days_ago, "")
        thread = {
            "kind": "youtube#commentThread",
            "etag": "e",
            "id": top["id"],
            "snippet": {
                "channelId": self.ada,
                "videoId": video_id,
                "topLevelComment": top,
                "canReply": True,
                "totalReplyCount": 0,
                "isPublic": True,
            },
        }
        self.threads.append(thread)
        self.threads.sort(
            key=lambda one: one["snippet"]["topLevelComment"]["snippet"]["publishedAt"],
            reverse=True,
        )
        return thread

    def reply(self, author: str, thread: dict[str, Any], days_ago: float) -> None:
        snippet = thread["snippet"]
        reply = self._comment(author, snippet["videoId"], days_ago, thread["id"])
        thread.setdefault("replies", {"comments": []})["comments"].insert(0, reply)
        snippet["totalReplyCount"] += 1

    def subscribe(self, target: str, days_ago: float) -> None:
        name = self.channels[target]["snippet"]["title"]
        subscription = {
            "kind": "youtube#subscription",
            "etag": "e",
            "id": f"sub-{target}",
            "snippet": {
                "publishedAt": self.at(days_ago),
                "title": name,
                "description": "",
                "resourceId": {"kind": "youtube#channel", "channelId": target},
                "channelId": self.ada,
            },
        }
        self.subscriptions.append(subscription)
        self.subscriptions.sort(key=lambda one: one["snippet"]["title"])


class FakeYouTube(FakeServer):
    """Sign-in, tokens and API in one place."""

    consent_path = "/o/oauth2/v2/auth"

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.world = World(now)
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.refresh_tokens: set[str] = set()
        self.granted = SCOPE
        self.units = 10_000
        self.most_a_page = 100
        self.comments_disabled = False

    # --- Consent, without the page --------------------------------------------------------------

    def consent(self, url: str) -> str:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["client_id"] == CLIENT[0]
        assert (query["scope"], query["access_type"]) == (SCOPE, "offline")
        assert "consent" in query["prompt"].split()
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return code

    def _token(self, form: dict[str, str]) -> tuple[int, Any, Headers]:
        if (form["client_id"], form["client_secret"]) != CLIENT:
            return 401, {"error": "invalid_client"}, {}
        if form["grant_type"] == "refresh_token":
            is_good = form["refresh_token"] in self.refresh_tokens
            return (200, self._grant(), {}) if is_good else (400, {"error": "invalid_grant"}, {})
        query = self.codes.pop(form["code"], None)
        if query is None or challenge_of(form["code_verifier"]) != query["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "Bad Request"}, {}
        refresh_token = f"1//{secrets.token_urlsafe(24)}"
        self.refresh_tokens.add(refresh_token)
        return 200, self._grant() | {"refresh_token": refresh_token}, {}

    def _grant(self) -> dict[str, Any]:
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self.tokens.add(token)
        return {
            "access_token": token,
            "expires_in": 3599,
            "scope": self.granted,
            "token_type": "Bearer",
        }

    def _revoke(self, form: dict[str, str]) -> tuple[int, Any, Headers]:
        if form["token"] not in self.tokens | self.refresh_tokens:
            return 400, {"error": "invalid_token"}, {}
        self.forget_consent()
        return 200, {}, {}

    def forget_consent(self) -> None:
        self.tokens.clear()
        self.refresh_tokens.clear()

    # --- Answers -------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> tuple[int, Any, Headers]:
        if asked.path == "/token":
            return self._token(asked.form)
        if asked.path == "/revoke":
            return self._revoke(asked.form)
        is_member = asked.token in self.tokens
        if not is_member and asked.headers.get("X-Goog-Api-Key") != KEY:
            return _no(401, "authError")
        if self.units <= 0:
            return _no(403, "quotaExceeded")
        self.units -= 1
        return self._data(asked, is_member=is_member)

    def _data(self, asked: Asked, *, is_member: bool) -> tuple[int, Any, Headers]:
        query, world = asked.query, self.world
        kind = asked.path.removeprefix(API)
        if query.get("mine") == "true" and not is_member:
            return _no(401, "authError")
        if kind == "channels" and "mine" in query:
            return self._paged(asked, "channel", [world.channels[world.ada]])
        if kind == "channels":
            wanted = query["id"].split(",")
            assert len(wanted) <= 50
            shown = [world.channels[i] for i in wanted if i in world.channels]
            return self._paged(asked, "channel", shown)
        if kind == "videos":
            wanted = query["id"].split(",")
            assert len(wanted) <= 50
            shown = [world.videos[i] for i in wanted if i in world.videos]
            return self._paged(asked, "video", shown)
        if kind == "playlistItems" and query["playlistId"] == f"UU{world.ada[2:]}":
            return self._paged(asked, "playlistItem", world.uploads)
        if kind == "subscriptions" and query.get("mine") == "true":
            return self._paged(asked, "subscription", world.subscriptions)
        if kind == "commentThreads":
            # Google asks for youtube.force-ssl, whatever may be seen without any sign-in.
            if is_member:
                return _no(403, "insufficientPermissions")
            if self.comments_disabled:
                return _no(403, "commentsDisabled")
            assert query["allThreadsRelatedToChannelId"] == world.ada
            return self._paged(asked, "commentThread", world.threads)
        return _no(404, "notFound")

    def _paged(self, asked: Asked, kind: str, items: list[Any]) -> tuple[int, Any, Headers]:
        # What is asked for by ids comes all at once.
        usual = 50 if "id" in asked.query else 5
        size = min(int(asked.query.get("maxResults", usual)), self.most_a_page)
        begin = int(asked.query.get("pageToken", "at-0").removeprefix("at-"))
        if begin and begin >= len(items):
            return _no(400, "invalidPageToken")
        value: dict[str, Any] = {
            "kind": f"youtube#{kind}ListResponse",
            "etag": "e",
            "pageInfo": {"totalResults": len(items), "resultsPerPage": size},
            "items": items[begin : begin + size],
        }
        if begin + size < len(items):
            value["nextPageToken"] = f"at-{begin + size}"
        return 200, value, {}


def _no(status: int, reason: str) -> tuple[int, Any, Headers]:
    """Google's way to say no."""
    errors = [{"message": reason, "domain": "youtube.api", "reason": reason}]
    return status, {"error": {"code": status, "message": reason, "errors": errors}}, {}
