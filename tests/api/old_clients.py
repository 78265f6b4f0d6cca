"""Two clients as they were written when the API was there. Only the host is not Klout's.

The first is of 2011: HTTP/1.0, names that are not escaped, XML. The second is of 2013: JSON,
strict about types. Neither follows a redirect.
"""

import http.client
import json
from typing import Any
from urllib.parse import urlencode
from xml.dom import minidom


class KloutError(Exception):
    pass


class KloutV1:
    """GET /1/<method>.xml?key=...&users=a,b"""

    def __init__(self, host: str, key: str) -> None:
        self.host, self.key = host, key

    def klout(self, *names: str) -> dict[str, float]:
        users = self._get("klout", names).getElementsByTagName("user")
        return {_text(user, "twitter_screen_name"): float(_text(user, "kscore")) for user in users}

    def show(self, name: str) -> dict[str, str]:
        (user,) = self._get("users/show", [name]).getElementsByTagName("user")
        fields = ("twitter_id", "kscore", "slope", "true_reach", "delta_1day", "delta_5day")
        return {field: _text(user, field) for field in fields}

    def topics(self, name: str) -> list[str]:
        found = self._get("users/topics", [name]).getElementsByTagName("topic")
        return [topic.firstChild.data for topic in found]

    def influenced_by(self, name: str) -> list[str]:
        found = self._get("soi/influenced_by", [name]).getElementsByTagName("influencer")
        return [_text(one, "twitter_screen_name") for one in found]

    def _get(self, method: str, names: Any) -> Any:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        path = f"/1/{method}.xml?users={','.join(names)}&key={self.key}"
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise KloutError(answer.status)
        return minidom.parseString(body)


def _text(node: Any, name: str) -> str:
    return str(node.getElementsByTagName(name)[0].firstChild.data)


class KloutV2:
    """The nine calls, with a slash at the end as the SDK for PHP had it."""

    def __init__(self, host: str, key: str) -> None:
        self.host, self.key = host, key

    def identity(self, name: str) -> str:
        kloutid = self._get("identity.json/twitter/", screenName=name)["id"]
        if not kloutid.isdigit():
            raise KloutError("a kloutId is made of digits")
        return str(kloutid)

    def from_twitter_id(self, number: str) -> str:
        return str(self._get(f"identity.json/tw/{number}/")["id"])

    def twitter_id(self, kloutid: str) -> str:
        return str(self._get(f"identity.json/klout/{kloutid}/tw/")["id"])

    def user(self, kloutid: str) -> tuple[str, float, float]:
        told = self._get(f"user.json/{kloutid}/")
        return told["nick"], told["score"]["score"], told["scoreDeltas"]["weekChange"]

    def score(self, kloutid: str) -> tuple[float, float, str]:
        told = self._get(f"user.json/{kloutid}/score/")
        return told["score"] + 0.0, told["scoreDelta"]["dayChange"] + 0.0, told["bucket"]

    def topics(self, kloutid: str) -> list[str]:
        fields = ("id", "displayName", "name", "slug", "imageUrl", "topicType", "displayType")
        told = self._get(f"user.json/{kloutid}/topics/")
        for topic in told:
            for field in fields:
                if not isinstance(topic[field], str):
                    raise KloutError(f"{field} is a string")
        return [topic["displayName"] for topic in told]

    def influence(self, kloutid: str) -> tuple[list[str], int]:
        told = self._get(f"user.json/{kloutid}/influence/")
        people = [one["entity"]["payload"]["nick"] for one in told["myInfluencers"]]
        return people, told["myInfluencersCount"]

    def _get(self, path: str, **query: str) -> Any:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        connection.request(
            "GET", f"/v2/{path}?{urlencode(query)}&key={self.key}", headers={"Accept": "*/*"}
        )
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if "json" not in answer.getheader("Content-Type", ""):
            raise KloutError("Unsupported format.")
        told = json.loads(body)
        if answer.status != 200:
            raise KloutError(told["error"], told["description"])
        return told
