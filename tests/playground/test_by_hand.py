"""What is done by hand, over the API and on the pages, becomes part of the network."""

from datetime import timedelta

import pytest
import requests

from tests.playground_server import START, fields, start_playground


def _newest(playground, token, kind=""):
    params = {"types[]": kind} if kind else {}
    return playground.get("/api/v1/notifications", token, limit=1, **params).json()[0]


def _post_of(playground, acct):
    account = playground.get("/api/v1/accounts/lookup", acct=acct).json()
    return playground.get(f"/api/v1/accounts/{account['id']}/statuses", limit=1).json()[0]


def test_an_answer_written_by_hand_reaches_whom_it_answers(playground):
    ada, grace = playground.sign_in("ada"), playground.sign_in("grace")
    before = _newest(playground, ada)
    post = _post_of(playground, "ada")
    reply = playground.post(
        "/api/v1/statuses", grace, status="@ada well said #bridges", in_reply_to_id=post["id"]
    ).json()
    told = playground.get("/api/v1/notifications", ada, min_id=before["id"]).json()
    assert [each["status"]["id"] for each in told] == [reply["id"]]
    assert told[0]["type"] == "mention"
    assert told[0]["account"]["acct"] == "grace"
    context = playground.get(f"/api/v1/statuses/{post['id']}/context").json()
    assert reply["id"] in [each["id"] for each in context["descendants"]]


def test_a_favourite_is_told_once_and_can_be_taken_back(playground):
    ada, noor = playground.sign_in("ada"), playground.sign_in("mallory")
    post = playground.post("/api/v1/statuses", ada, status="One thing more.").json()
    for _ in range(2):
        liked = playground.post(f"/api/v1/statuses/{post['id']}/favourite", noor).json()
        assert (liked["favourited"], liked["favourites_count"]) == (True, 1)
    assert _newest(playground, ada, "favourite")["account"]["acct"] == "mallory"
    people = playground.get(f"/api/v1/statuses/{post['id']}/favourited_by").json()
    assert [person["acct"] for person in people] == ["mallory"]
    left = playground.post(f"/api/v1/statuses/{post['id']}/unfavourite", noor).json()
    assert (left["favourited"], left["favourites_count"]) == (False, 0)
    newest = _newest(playground, ada, "favourite")
    assert newest["status"]["id"] != post["id"]


def test_a_boost_is_told_and_can_be_taken_back(playground):
    ada, tomas = playground.sign_in("ada"), playground.sign_in("tomas")
    post = playground.post("/api/v1/statuses", ada, status="Another thing.").json()
    boost = playground.post(f"/api/v1/statuses/{post['id']}/reblog", tomas).json()
    assert boost["reblog"]["id"] == post["id"]
    again = playground.post(f"/api/v1/statuses/{post['id']}/reblog", tomas).json()
    assert again["id"] == boost["id"]
    assert _newest(playground, ada, "reblog")["status"]["id"] == post["id"]
    people = playground.get(f"/api/v1/statuses/{post['id']}/reblogged_by").json()
    assert [person["acct"] for person in people] == ["tomas"]
    playground.post(f"/api/v1/statuses/{post['id']}/unreblog", tomas)
    assert playground.get(f"/api/v1/statuses/{post['id']}").json()["reblogs_count"] == 0
    assert playground.get(f"/api/v1/statuses/{boost['id']}").status_code == 404


def test_following_and_unfollowing_move_the_counts(playground):
    lena = playground.sign_in("lena")
    mallory = playground.get("/api/v1/accounts/lookup", acct="mallory").json()
    for act, follows, change in (("follow", True, 1), ("follow", True, 1), ("unfollow", False, 0)):
        answer = playground.post(f"/api/v1/accounts/{mallory['id']}/{act}", lena)
        assert answer.json()["following"] is follows
        now = playground.get(f"/api/v1/accounts/{mallory['id']}").json()
        assert now["followers_count"] == mallory["followers_count"] + change


def test_a_private_post_is_seen_by_those_it_names_only(playground):
    ada, grace = playground.sign_in("ada"), playground.sign_in("grace")
    post = playground.post(
        "/api/v1/statuses", ada, status="@grace between us", visibility="direct"
    ).json()
    path = f"/api/v1/statuses/{post['id']}"
    assert playground.get(path, grace).status_code == 200
    for token in ("", playground.sign_in("tomas")):
        assert playground.get(path, token).status_code == 404
    assert requests.get(post["url"], timeout=10).status_code == 404


def test_a_deleted_post_is_gone_with_its_notifications(playground):
    ada, grace = playground.sign_in("ada"), playground.sign_in("grace")
    post = playground.post("/api/v1/statuses", grace, status="@ada too early").json()
    assert _newest(playground, ada)["status"]["id"] == post["id"]
    path = f"/api/v1/statuses/{post['id']}"
    assert playground.delete(path, ada).status_code == 404
    assert playground.delete(path, grace).json()["text"] == "@ada too early"
    assert playground.get(path).status_code == 404
    assert _newest(playground, ada, "mention")["status"]["id"] != post["id"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"status": "   "}, "Text can't be blank"),
        ({"status": "x" * 501}, "character limit of 500 exceeded"),
        ({"status": "x", "visibility": "everywhere"}, "Visibility"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_reason(playground, data, words):
    answer = playground.post("/api/v1/statuses", playground.sign_in("ada"), **data)
    assert answer.status_code == 422
    assert words in answer.json()["error"]


def test_answering_what_is_not_there_is_not_found(playground):
    token = playground.sign_in("ada")
    answer = playground.post("/api/v1/statuses", token, status="hm", in_reply_to_id="12345")
    assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


def test_time_goes_on_and_people_answer_what_was_written_by_hand(playground):
    ada = playground.sign_in("ada")
    # Who answers follows from the id of a post, and that from what other tests wrote before:
    # one post may find nobody, all of them never do.
    posts = [
        playground.post("/api/v1/statuses", ada, status=f"What holds bridge {n} up?").json()
        for n in range(12)
    ]
    assert sum(post["replies_count"] + post["favourites_count"] for post in posts) == 0
    playground.set_now(START + timedelta(days=4))
    later = [playground.get(f"/api/v1/statuses/{post['id']}").json() for post in posts]
    assert sum(post["replies_count"] + post["favourites_count"] for post in later) > 0


def test_what_was_done_by_hand_is_kept_over_a_restart(tmp_path):
    server = start_playground(tmp_path)
    try:
        grace = server.sign_in("grace")
        post = server.post("/api/v1/statuses", grace, status="@noor welcome").json()
        server.post(f"/api/v1/statuses/{post['id']}/favourite", server.sign_in("ada"))
    finally:
        server.stop()
    again = start_playground(tmp_path, port=int(server.host.partition(":")[2]))
    try:
        assert again.get("/api/v1/accounts/verify_credentials", grace).status_code == 200
        kept = again.get(f"/api/v1/statuses/{post['id']}").json()
        assert (kept["content"], kept["favourites_count"]) == (post["content"], 1)
        assert _newest(again, again.sign_in("noor"))["status"]["id"] == post["id"]
    finally:
        again.stop()


def test_a_visitor_signs_in_writes_answers_and_favourites_on_the_pages(playground):
    browser = requests.Session()
    base = playground.base_url
    form = fields(browser.get(f"{base}/sign-in", timeout=10).text) | {"person": "grace"}
    home = browser.post(f"{base}/sign-in", data=form, timeout=10)
    assert "You are Grace Oduya" in home.text
    form = _form(home.text, "/write") | {"text": "Hello <b>there</b> @ada"}
    page = browser.post(f"{base}/write", data=form, timeout=10)
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in page.text
    form = _form(page.text, "/write") | {"text": "and one more"}
    page = browser.post(f"{base}/write", data=form, timeout=10)
    assert "Answer to Grace Oduya" in page.text
    act = page.url.replace("/@grace/", "/acts/") + "/favourite"
    page = browser.post(act, data=_form(page.text, "/favourite"), timeout=10)
    assert "Take the favourite back" in page.text


def _form(page: str, action: str) -> dict[str, str]:
    start = page.index("<form", page.index(action) - 60)
    return fields(page[start : page.index("</form>", start)])


def test_pages_are_there_for_people_posts_and_tags(playground):
    post = _post_of(playground, "ada")
    for path in ("/", "/@ada", "/@ines@tidepool.example", f"/@ada/{post['id']}", "/tags/bridges"):
        page = playground.get(path)
        assert page.status_code == 200
        assert "Nobody here is real." in page.text
        assert " style=" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for path in ("/@nobody", "/@ada/1", f"/@grace/{post['id']}", "/nothing"):
        assert playground.get(path).status_code == 404


def test_nobody_can_be_signed_in_who_does_not_live_here(playground):
    browser = requests.Session()
    form = fields(browser.get(f"{playground.base_url}/sign-in", timeout=10).text)
    for name in ("nobody", "ines@tidepool.example", ""):
        page = browser.post(
            f"{playground.base_url}/sign-in", data=form | {"other": name}, timeout=10
        )
        assert page.status_code == 422


def test_after_signing_in_one_is_not_sent_elsewhere(playground):
    browser = requests.Session()
    page = browser.get(f"{playground.base_url}/sign-in?next=https://evil.example/", timeout=10)
    form = fields(page.text) | {"person": "ada"}
    page = browser.post(f"{playground.base_url}/sign-in", data=form, timeout=10)
    assert page.url == f"{playground.base_url}/"
