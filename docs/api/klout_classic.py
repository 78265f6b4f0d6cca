"""Ask a Klout site by the classic API: a score, its changes, topics, and who influences whom.

    KLOUT=http://localhost:8000 KLOUT_KEY=... python3 klout_classic.py grace

Python's standard library is all it takes. `grace` is a name on X; for another network say which,
as in `ma/grace@example.org`, `bs/did:plc:...`, `gh/583231` or `yt/UC...`.
"""

import json
import os
import sys
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import urlopen


class Refused(Exception):
    """The site does not answer this; the message says why."""


class Klout:
    """A site that speaks the classic API, asked with one key."""

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address.rstrip("/"), key

    def find(self, who: str) -> str:
        """The number of a member. It never changes: keep it."""
        if "/" in who:
            network, _, name = who.partition("/")
            return str(self._ask(f"identity.json/{quote(network)}/{quote(name)}")["id"])
        return str(self._ask("identity.json/twitter", screenName=who)["id"])

    def score(self, kloutid: str) -> dict[str, Any]:
        """`score` (two decimals), `scoreDelta` of a day, a week and a month, `bucket`."""
        return dict(self._ask(f"user.json/{kloutid}/score"))

    def topics(self, kloutid: str) -> list[str]:
        """What the member is answered on, as far as they show it; five at most."""
        return [str(topic["name"]) for topic in self._ask(f"user.json/{kloutid}/topics")]

    def influence(self, kloutid: str) -> dict[str, list[str]]:
        """Names of those whom the member reaches out to most, and who respond to them most."""
        told = self._ask(f"user.json/{kloutid}/influence")
        return {
            which: [one["entity"]["payload"]["nick"] for one in told[which]]
            for which in ("myInfluencers", "myInfluencees")
        }

    def _ask(self, path: str, **query: str) -> Any:
        """The answer. One that came too fast for this key is asked for once more."""
        address = f"{self._address}/v2/{path}?{urlencode(query | {'key': self._key})}"
        for is_last in (False, True):
            try:
                with urlopen(address, timeout=20) as answer:
                    return json.load(answer)
            except HTTPError as error:
                wait = int(error.headers.get("Retry-After", 0))
                if is_last or not 0 < wait <= 2:
                    raise Refused(json.load(error)["description"]) from None
                time.sleep(wait)
        raise AssertionError


def main() -> None:
    klout = Klout(os.environ["KLOUT"], os.environ["KLOUT_KEY"])
    try:
        kloutid = klout.find(sys.argv[1])
        score = klout.score(kloutid)
        print(
            f"{sys.argv[1]}: {score['score']:.2f}, a week ago "
            f"{score['score'] - score['scoreDelta']['weekChange']:.2f}"
        )
        print("Answered on:", ", ".join(klout.topics(kloutid)) or "nothing that is shown")
        for which, names in klout.influence(kloutid).items():
            print(f"{which}:", ", ".join(names) or "nobody who lets the API say so")
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
