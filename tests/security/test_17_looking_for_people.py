"""Threat 17: somebody looks for people, or reads them off one after another.

Figure: no private field through any route, and nothing tells the private from the unknown:
neither status, nor body, nor time (under 5 ms over 10,000 questions: `make look-alike-bench`).
Pages of others are in tests/sharing/test_look_alike.py, and that no page shows anything of
another member's in test_18.
"""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from tests.accounts.conftest import PASSWORD, SIGN_UP, sign_in
from tests.routes import routes
from tests.security.proofs import stands
from tests.test_who_may_open_what import OPEN

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return re.sub(r"[a-z]+@example\.com", "ADDRESS", page)


def test_no_open_address_can_be_counted_up() -> None:
    """What visitors reach is found by a name its owner published, or by 128 bits of chance."""
    for route in routes():
        if route.name in OPEN and not route.space:
            # The API of old begins with its version.
            assert "/1/" not in route.address.removeprefix("/1/"), route.name


def test_no_page_lists_members() -> None:
    listing = {"people"}  # whom one gave to or was given by, and nobody else
    names = {route.name for route in routes() if not route.space}
    assert {name for name in names if re.search(r"member|people|user", name or "")} == {
        *listing,
        *("delete_member", "export_member", "usersessions_list", "v2_user"),
    }


def test_signing_in_says_and_does_the_same_for_the_known_and_the_unknown(
    confirmed_ada, monkeypatch
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, *args: (hashed.append("once"), encode(self, *args))[1],
    )
    answers = []
    for email in (confirmed_ada.email, "nobody@example.com"):
        hashed.clear()
        answer = sign_in(Client(), email, PASSWORD + "?")
        answers.append((answer.status_code, text(answer), len(hashed)))
    assert answers[0] == answers[1]
    assert answers[0][2] == 1


def test_a_sign_up_and_a_reset_say_the_same_for_the_known_and_the_unknown(
    confirmed_ada, mailed
) -> None:
    for path, form in (
        ("/account/signup/", SIGN_UP),
        ("/account/password/reset/", {}),
    ):
        said = []
        for email in (confirmed_ada.email, "nobody@example.com"):
            answer = Client().post(path, form | {"email": email}, follow=True)
            said.append((answer.status_code, [to for to, _ in answer.redirect_chain], text(answer)))
        assert said[0] == said[1], path


def test_the_rest_is_proved_where_it_belongs() -> None:
    stands(
        "tests/sharing/test_look_alike.py",
        "test_profiles",
        "test_share_links",
        "test_badges",
        "test_previews",
        "test_a_question_to_nobody_looks_like_one_without_an_answer",
    )
    stands("tests/benchmarks/test_look_alike.py", "test_every_kind_of_page_is_measured")
