"""Every page, on a telephone and on a desk, light and dark: in order, and the same everywhere."""

import pytest

VISITOR_PAGES = {
    "landing": "/",
    "how": "/how/",
    "nothing": "/nothing-here/",
    "sign-in": "/account/login/",
    "sign-up": "/account/signup/",
    "sign-up-passkey": "/account/signup/passkey/",
    "reset": "/account/password/reset/",
}
MEMBER_PAGES = {
    "settings": "/settings/",
    "export": "/settings/export/",
    "delete": "/settings/delete/",
    "email": "/account/email/",
    "password": "/account/password/change/",
    "second-factor": "/account/2fa/",
    "sign-out": "/account/logout/",
}
SIZES = pytest.mark.parametrize("width", [390, 1280])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture
def is_in_order(axe, snapshot):
    """axe finds nothing, nothing sticks out sideways; a picture is kept to look at."""

    def check(page, name, width, scheme):
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").count() == 1
        snapshot(page, f"{name}-{width}-{scheme}")

    return check


@SIZES
@SCHEMES
@pytest.mark.parametrize("name", VISITOR_PAGES)
def test_a_page_for_visitors(db, new_page, is_in_order, name, width, scheme):
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)

    page.goto(VISITOR_PAGES[name])

    is_in_order(page, name, width, scheme)


@SIZES
@SCHEMES
@pytest.mark.parametrize("name", MEMBER_PAGES)
def test_a_page_for_members(ada, new_page, signed_in, is_in_order, name, width, scheme):
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)

    signed_in(page, ada).goto(MEMBER_PAGES[name])

    is_in_order(page, name, width, scheme)
