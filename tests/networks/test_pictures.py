"""A stranger's picture made into one of ours, whatever it is."""

import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from networks.connectors.bluesky import parsing as bluesky
from networks.connectors.github import parsing as github
from networks.connectors.mastodon import parsing as mastodon
from networks.connectors.reddit import parsing as reddit
from networks.connectors.stackexchange import parsing as stackexchange
from networks.connectors.x import parsing as x
from networks.connectors.youtube import parsing as youtube
from networks.picture_models import AccountPicture
from networks.pictures import LARGE, MOST_PIXELS, SMALL, NotAPicture, remade
from tests.factories import make_account

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ADDRESS = "https://pictures.example/ada.png"


def saved(picture: Image.Image, kind: str, **options) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    return Image.open(BytesIO(body))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"])
def test_every_kind_and_mode_comes_out_as_two_squares(kind, mode):
    picture = Image.new("RGB", (300, 200), "#a06040").convert(mode if mode != "LA" else "LA")
    try:
        body = saved(picture, kind)
    except (OSError, ValueError):
        return  # There is no such file.
    made = remade(body)

    for side, one in ((LARGE, made.large), (SMALL, made.small)):
        assert opened(one).size == (side, side)
        assert (opened(one).format, opened(one).mode) == ("WEBP", "RGB")


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (3, 4000)])
def test_odd_sizes_are_filled(size):
    assert opened(remade(saved(Image.new("RGB", size, "#a06040"), "PNG")).large).size == (192, 192)


def test_of_many_frames_the_first_one_is_taken():
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("#ff0000", "#0000ff")]
    for kind in ("GIF", "WEBP", "PNG"):
        body = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        made = opened(remade(body).large)
        assert getattr(made, "n_frames", 1) == 1
        red, _green, blue = made.convert("RGB").getpixel((50, 50))
        assert red > 200 > 50 > blue


def test_what_else_is_in_the_file_is_not_taken_along():
    exif = Image.Exif()
    exif[0x010E] = "where ada lives"
    body = saved(
        Image.new("RGB", (100, 100)), "JPEG", exif=exif, comment=b"a secret", icc_profile=b"x" * 99
    )
    assert b"where ada lives" in body
    made = remade(body)

    for one in (made.large, made.small):
        assert b"ada" not in one
        assert b"secret" not in one
        assert not opened(one).getexif()
        assert "icc_profile" not in opened(one).info


def test_a_picture_that_says_how_it_is_turned_is_turned():
    picture = Image.new("RGB", (200, 200), "#ffffff")
    picture.paste("#000000", (0, 0, 200, 100))
    exif = Image.Exif()
    exif[0x0112] = 3
    made = opened(remade(saved(picture, "JPEG", exif=exif)).large).convert("L")

    assert made.getpixel((96, 20)) > 200
    assert made.getpixel((96, 170)) < 50


def test_holes_are_seen_through_to_white():
    made = opened(remade(saved(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG")).large)

    assert min(made.convert("RGB").getpixel((96, 96))) > 250


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is that large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(4001, 4000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused_before_they_are_decoded(size):
    assert size[0] * size[1] > MOST_PIXELS
    with pytest.raises(NotAPicture):
        remade(bomb(*size))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PDF", "EPS"])
def test_other_kinds_are_refused(kind):
    with pytest.raises(NotAPicture):
        remade(saved(Image.new("RGB", (64, 64)), kind))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
    ],
)
def test_what_is_no_picture_is_refused(body):
    with pytest.raises(NotAPicture):
        remade(body)


SOUND = [saved(Image.effect_noise((48, 48), 80).convert("RGB"), k) for k in ("PNG", "JPEG", "WEBP")]


@given(st.sampled_from(SOUND), st.data())
def test_bent_pictures_are_made_or_refused_and_never_a_surprise(body, data):
    bent = bytearray(body[: data.draw(st.integers(0, len(body)))])
    for place in data.draw(st.lists(st.integers(0, max(0, len(bent) - 1)), max_size=8)):
        if bent:
            bent[place] = data.draw(st.integers(0, 255))
    try:
        made = remade(bytes(bent))
    except NotAPicture:
        return
    assert opened(made.large).size == (LARGE, LARGE)


def test_the_same_picture_is_made_into_the_same_bytes():
    assert remade(SOUND[0]) == remade(SOUND[0])


@pytest.mark.parametrize(
    "fields",
    [{"digest": "x" * 32}, {"large": b"x"}, {"digest": "x" * 32, "large": b"x", "small": b"x"}],
)
def test_the_database_keeps_pictures_whole(ada, now, fields):
    with pytest.raises(IntegrityError, match="picture_is_whole"), transaction.atomic():
        AccountPicture.objects.create(account=make_account(ada, now), address=ADDRESS, **fields)


# --- What each platform says about it -----------------------------------------------------------


def on_mastodon(address):
    view = mastodon.Viewpoint("known.example", "1", NOW)
    account = {
        "id": "1",
        "acct": "ada",
        "avatar": "https://moving.example/",
        "avatar_static": address,
    }
    return mastodon.parse_identity(account, view)[0].person


def on_x(address):
    user = {"id": "12", "username": "ada", "name": "Ada", "profile_image_url": address}
    return x.parse_identity(user, NOW)[0].person


def on_youtube(address):
    snippet = {"title": "Ada", "thumbnails": {"medium": {"url": address}}}
    channel = {"id": f"UC{'a' * 22}", "snippet": snippet}
    return youtube.parse_channel(channel, NOW).person


def on_bluesky(address):
    profile = {"did": f"did:plc:{'a' * 24}", "handle": "ada.example", "avatar": address}
    return bluesky.parse_person(profile, NOW)


def on_github(address):
    user = {"id": 1, "login": "ada", "type": "User", "avatar_url": address}
    return github.parse_identity(user, github.View("github.com", "https://github.com", NOW))[
        0
    ].person


def on_reddit(address):
    account = {"id": "abc12", "name": "ada_lind", "icon_img": address}
    return reddit.parse_identity(account, reddit.View("reddit.com", "https://reddit.com", NOW))[
        0
    ].person


def on_stackexchange(address):
    user = {"account_id": 12, "display_name": "Ada", "profile_image": address}
    return stackexchange.parse_person(user, stackexchange.View("stackexchange.com", "so", NOW))


PLATFORMS = [
    on_mastodon,
    on_x,
    on_youtube,
    on_bluesky,
    on_github,
    on_reddit,
    on_stackexchange,
]


@pytest.mark.parametrize("parsed", PLATFORMS)
def test_each_platform_tells_where_the_picture_is(parsed):
    assert parsed(ADDRESS).picture == ADDRESS


@pytest.mark.parametrize("parsed", PLATFORMS)
@pytest.mark.parametrize(
    "address", [None, 7, [], {}, "javascript:alert(1)", "http://plain.example/a.png", "x" * 600]
)
def test_what_is_no_address_is_none(parsed, address):
    assert parsed(address).picture == ""


def test_the_ampersands_of_reddit_are_read():
    found = on_reddit("https://styles.example/a.png?width=256&amp;s=1")

    assert found.picture == "https://styles.example/a.png?width=256&s=1"
