import pytest

PUBLIC = {"landing": "/", "how": "/how/", "nothing": "/nothing-here/"}


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_public_page_is_in_order(db, new_page, axe, snapshot, name, width, scheme):
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)

    page.goto(PUBLIC[name])

    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    snapshot(page, f"{name}-{width}-{scheme}")


def test_a_member_is_known_by_the_session(ada, page, signed_in, axe):
    signed_in(page, ada).goto("/dashboard/")

    assert page.get_by_text("Your account").count() == 1
    axe(page)
