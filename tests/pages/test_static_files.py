"""Stylesheets and fonts: plain names before collecting, hashed and kept for ever after."""

import re

import pytest
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client


@pytest.fixture
def collected(db, tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.DEBUG = False
    call_command("collectstatic", interactive=False, verbosity=0)


def test_before_collecting_the_names_are_plain():
    assert static("css/base.css") == "/static/css/base.css"


def test_after_collecting_the_name_changes_with_the_content(collected):
    assert re.fullmatch(r"/static/css/base\.[0-9a-f]{12}\.css", static("css/base.css"))


def test_a_font_is_kept_for_ever(collected):
    response = Client().get(static("fonts/newsreader-latin-wght-normal.woff2"))

    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    response.close()


def test_a_stylesheet_names_the_hashed_font(collected):
    response = Client().get(static("css/tokens.css"))
    sheet = b"".join(response).decode()
    response.close()

    assert static("fonts/newsreader-latin-wght-normal.woff2").rpartition("/")[2] in sheet
