"""Many small Mastodons on loopback addresses that answer after a while, and count who asks.

    python -m benchmarks.slow_mastodon HOSTS LATENCY_MS

Prints its `address:port` pairs as one JSON line, then serves until its standard input ends. Each
account is the one whose number is its token; nothing new ever happened to it.
"""

import asyncio
import json
import sys
import time
from collections import Counter, defaultdict
from typing import Any


class Mastodons:
    """`most_at_once` is over all hosts; `most_in_a_second` over any second at one host."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self.forget()

    def forget(self) -> None:
        self._there = self._most = self._asked = 0
        self._seconds: dict[str, Counter[int]] = defaultdict(Counter)

    def seen(self) -> dict[str, int]:
        busiest = max((max(times.values()) for times in self._seconds.values()), default=0)
        return {"asked": self._asked, "most_at_once": self._most, "most_in_a_second": busiest}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            if path == "/seen":
                body: Any = self.seen()
                self.forget()
            else:
                body = await self._answer(path, head, writer.get_extra_info("sockname"))
            data = json.dumps(body).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(data) + data
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, head: str, address: tuple[str, int]) -> Any:
        self._asked += 1
        self._seconds[address[0]][int(time.time())] += 1
        self._there += 1
        self._most = max(self._most, self._there)
        try:
            await asyncio.sleep(self._latency)
        finally:
            self._there -= 1
        if "verify_credentials" not in path:
            return []
        token = head.lower().split("authorization: bearer ", 1)[1].split("\r\n", 1)[0]
        return {
            "id": token,
            "acct": f"member{token}",
            "username": f"member{token}",
            "display_name": "Member",
            "url": f"http://{address[0]}:{address[1]}/@member{token}",
            "created_at": "2020-01-01T00:00:00.000Z",
            "followers_count": 120,
            "following_count": 80,
            "statuses_count": 900,
            "bot": False,
        }


async def main(hosts: int, latency: float) -> None:
    mastodons = Mastodons(latency)
    addresses = [f"127.0.0.{number}" for number in range(2, 2 + hosts)]
    servers = [
        await asyncio.start_server(mastodons.serve, address, 0, backlog=1024)
        for address in addresses
    ]
    pairs = [f"{s.sockets[0].getsockname()[0]}:{s.sockets[0].getsockname()[1]}" for s in servers]
    print(json.dumps(pairs), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) / 1000))
