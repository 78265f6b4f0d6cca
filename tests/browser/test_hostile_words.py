"""Words of others are words, in a real browser: threat 8 of docs/security/threats.md."""

from uuid import uuid4

import pytest
from django.utils import timezone

from gifting import services as gifting
from tests.factories import make_account, make_outreach, make_post, make_score
from tests.sharing.conftest import publish

pytestmark = pytest.mark.django_db(transaction=True)

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:window.ran=1",
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "'\"><details open ontoggle=window.ran=1>",
    "<a href=javascript:window.ran=1 id=x autofocus onfocus=window.ran=1>x</a>",
    "</title><script>window.ran=1</script>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "${window.ran=1}",
    "<base href=https://evil.example/><form action=https://evil.example/>",
)
PAGES = (
    *("/dashboard/", "/networks/", "/score/why/", "/k/received/", "/k/", "/settings/"),
    *("/settings/trail/", "/sonobuoy/", "/@ada/"),
)


@pytest.fixture
def dressed(ada, grace):
    """Ada's life, with a payload wherever somebody else's words are shown."""
    now = timezone.now()
    for number, payload in enumerate(PAYLOADS):
        handle = f"@a{number}{payload}"[:255]
        account = make_account(ada, now, name=payload[:255], handle=handle, on_profile=True)
        make_post(account, now, excerpt=payload[:280], tags=[payload[:50]])
        make_outreach(account, now, target_handle=handle, target_name=payload[:255])
    make_score(ada, now, accounts=list(ada.linked_accounts.all()[:3]))
    make_account(grace, now)
    for member in (ada, grace):
        gifting.accept_from(member, "all")
    grace.name = "<script>window.ran=1</script>"
    grace.save()
    note = gifting.Note(text=" ".join(PAYLOADS)[:280], shares=True)
    gifting.give_k(grace, ada, now, key=uuid4(), note=note)
    publish(ada, now, about=" ".join(PAYLOADS)[:160])
    return ada


def test_no_words_of_others_run_in_a_real_browser(dressed, page, signed_in) -> None:
    """Whatever the policy would stop is a complaint too; see `new_page`."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    signed_in(page, dressed)
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("window.ran") is None, path
        assert page.locator("iframe, object, embed, base, main script").count() == 0, path
    assert not [url for url in asked if "evil.example" in url or url.endswith("/x")]
