"""What the door sends besides a plain request, and how it stands in line."""

import pytest

from networks.connectors.base import ConnectorError, RateLimited
from networks.http import OwnBudget, basic
from tests.networks.edge.servers import reply


def failure(call, *args, **options) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        call(*args, **options)
    return caught.value


class Paced(OwnBudget):
    """Says what it is told to, then that it is one's turn."""

    def __init__(self, *waits: float) -> None:
        super().__init__()
        self.waits = list(waits)

    def turn(self, host: str) -> float:
        return self.waits.pop(0) if self.waits else 0.0


def test_a_request_waits_for_its_turn(serve, door_to):
    server, slept = serve(reply()), []
    door = door_to(server, budget=Paced(0.5, 0.25), sleep=slept.append)
    assert door.get(server.url()).status == 200
    assert slept == [0.5, 0.25]


def test_a_request_that_would_wait_long_is_left_for_later(serve, door_to):
    server, slept = serve(reply()), []
    door = door_to(server, budget=Paced(*[1.0] * 9), sleep=slept.append)
    error = failure(door.get, server.url())
    assert (type(error), error.code) == (RateLimited, "busy")
    assert len(slept) == 5
    assert not server.requests


def test_json_is_sent_and_a_redirect_of_it_is_not_followed(serve, door_to):
    server = serve(reply())
    door_to(server).post(server.url(), json={"a": "ö"}, headers={"X-Own": "1"})
    assert server.requests[0].endswith(b'{"a": "\\u00f6"}')
    assert b"Content-Type: application/json\r\n" in server.requests[0]
    assert b"X-Own: 1\r\n" in server.requests[0]
    away = serve(reply(status="307 Elsewhere", Location="/there"))
    assert failure(door_to(away).post, away.url(), json={}).code == "redirected_away"


def test_something_is_taken_away_with_the_name_of_the_application(serve, door_to):
    server = serve(reply(b"", status="204 No Content"))
    answer = door_to(server).delete(server.url(), json={"t": "1"}, headers=basic("us", "s: p"))
    assert answer.status == 204
    assert server.requests[0].startswith(b"DELETE ")
    assert b"Authorization: Basic dXM6cyUzQSUyMHA=\r\n" in server.requests[0]


def test_a_secret_in_a_header_of_ours_goes_to_no_other_server(serve, door_to):
    server = serve(reply(status="302 Found", Location="https://elsewhere.example/"))
    error = failure(door_to(server).get, server.url(), headers={"Authorization": "DPoP secret"})
    assert error.code == "redirected_away"
    assert "secret" not in str(error)
