"""A stranger's picture made into one of ours: decoded within bounds, and encoded anew. Pure.

Nothing of the file that came is kept but its pixels: no metadata, no second frame, no profile.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

# Kinds whose decoders are tried; SVG and everything else is refused.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ACCEPT = "image/webp,image/png,image/jpeg,image/gif"
# 4,000 by 4,000: far more than any platform shows, and 64 MB when it is decoded.
MOST_PIXELS = 16_000_000
LARGE, SMALL = 192, 72
WITHOUT_HOLES = ("RGB", "L", "CMYK", "YCbCr", "I", "F", "1", "LAB", "HSV")
# What is seen through a picture that has holes.
GROUND = (255, 255, 255)


class NotAPicture(ValueError):
    """It cannot be read, is no kind we take, or is too large."""


@dataclass(frozen=True)
class Made:
    """WebP, square: `large` has a side of 192, `small` one of 72 pixels."""

    large: bytes
    small: bytes


def remade(body: bytes) -> Made:
    """The picture in two sizes. Raises NotAPicture."""
    picture = _decoded(body)
    return Made(_encoded(picture, LARGE), _encoded(picture, SMALL))


def _decoded(body: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow only warns where a picture is up to twice too large.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(body), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotAPicture("too large")
                opened.draft("RGB", (LARGE * 2, LARGE * 2))
                turned = ImageOps.exif_transpose(opened)
                return _on_ground(turned)
    except NotAPicture:
        raise
    # Decoders of hostile files raise whatever they meet: all of it means the same here.
    except Exception as error:
        raise NotAPicture(type(error).__name__) from error


def _on_ground(picture: Image.Image) -> Image.Image:
    """In RGB: palettes, greys, CMYK and holes are gone."""
    if picture.mode in WITHOUT_HOLES and "transparency" not in picture.info:
        return picture.convert("RGB")
    with_holes = picture.convert("RGBA")
    ground = Image.new("RGBA", picture.size, GROUND)
    return Image.alpha_composite(ground, with_holes).convert("RGB")


def _encoded(picture: Image.Image, side: int) -> bytes:
    square = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    out = BytesIO()
    # A new picture: what came along in `info` is not written.
    fresh = Image.new("RGB", square.size)
    fresh.paste(square)
    fresh.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()
