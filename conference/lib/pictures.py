"""Pictures people send: decoded within limits, turned upright, and written anew, so that nothing but what one sees is kept."""

import dataclasses
import io
import struct
import threading
import zlib
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from conference.lib.media import JPEG

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000  # of a picture as sent: 150 MB once decoded
LONGEST = 4000  # pixels of the longer side of a picture as kept
MAX_ZOOM = 4.0
_STEP, _ZOOM_STEP = 0.05, 1.15  # of one press of an arrow, of plus or minus; `photo.js` has the same
_QUALITY = 88
# What Pillow raises on files that are broken, or made to break it.
_BROKEN = (OSError, SyntaxError, ValueError, LookupError, TypeError, ArithmeticError, struct.error, zlib.error, MemoryError)
_one_at_a_time = threading.Lock()  # bounds the memory of a process to one decoded picture
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class NotAPicture(ValueError):
    """The file cannot be taken as a picture; the message says why, in the reader's language."""


class Unreadable(NotAPicture):
    """The file is no picture of a kind that is taken, or only a part of one."""


def upright(file: IO[bytes], *, longest: int = LONGEST) -> Image.Image:
    """Decode a JPEG, PNG or WebP picture, turned as its camera was held, in plain colours, its longer side at most `longest` pixels.

    Raise `NotAPicture` for anything else, for what is broken, moves, or has more than `MAX_PIXELS` pixels.
    """
    with _one_at_a_time:
        try:
            return _decoded(file, longest)
        except NotAPicture:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels() from error
        except _BROKEN as error:
            raise Unreadable(_("This is not a complete JPEG, PNG or WebP file.")) from error


def written(picture: Image.Image) -> bytes:
    """Write a picture as JPEG, with nothing beside the pixels."""
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return target.getvalue()


def rewritten(file: IO[bytes], *, longest: int = LONGEST) -> tuple[str, bytes]:
    """Decode a picture and write it anew; give its media type and content. Raise `NotAPicture` as `upright` does."""
    return JPEG, written(upright(file, longest=longest))


def _decoded(file: IO[bytes], longest: int) -> Image.Image:
    file.seek(0)
    with Image.open(file, formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise _too_many_pixels()
        # A JPEG may carry further pictures, as telephones add them; the first is the one taken.
        if getattr(picture, "is_animated", False) and picture.format in ("PNG", "WEBP"):
            raise NotAPicture(_("This picture is animated. Send a still picture."))
        profile = picture.info.get("icc_profile")
        picture.draft("RGB", (longest, longest))  # a large JPEG is decoded at a half, a quarter or an eighth
        turned = ImageOps.exif_transpose(picture)
        turned.thumbnail((longest, longest))
        return _plain(turned, profile)


def _plain(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The same picture in standard colours, on white where it was transparent, without metadata."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    picture = _in_standard_colours(picture, profile).convert("RGB")
    picture.info = {}
    return picture


def _in_standard_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return picture
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, found, ImageCms.createProfile("sRGB"), outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):
        return picture  # a profile that does not fit the picture: colours as they are


def _too_many_pixels() -> NotAPicture:
    limit = MAX_PIXELS // 1_000_000
    return NotAPicture(_("This picture has more than %(limit)d megapixels. Send a smaller one.") % {"limit": limit})


@dataclasses.dataclass(frozen=True)
class Frame:
    """What is cut out of a picture for a passport-like photo: the middle of the cut as parts of width and height, and how near."""

    x: float = 0.5
    y: float = 0.45  # a face stands a little above the middle
    zoom: float = 1.0  # 1 is the largest cut there is

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Give the cut in pixels of a picture of this size: left, top, right, bottom; always three to four, always inside."""
        wide = min(width, height * 3 / 4) / min(max(self.zoom, 1.0), MAX_ZOOM)
        high = wide * 4 / 3
        left = min(max(self.x * width - wide / 2, 0), width - wide)
        top = min(max(self.y * height - high / 2, 0), height - high)
        return round(left), round(top), round(left + wide), round(top + high)

    def nudged(self, how: str) -> "Frame":
        """Give the frame moved or zoomed one step: `left`, `right`, `up`, `down`, `nearer` or `wider`; unchanged for another word."""
        step = _STEP / self.zoom
        across = {"left": -step, "right": step}.get(how, 0.0)
        down = {"up": -step, "down": step}.get(how, 0.0)
        factor = {"nearer": _ZOOM_STEP, "wider": 1 / _ZOOM_STEP}.get(how, 1.0)
        zoom = min(max(self.zoom * factor, 1.0), MAX_ZOOM)
        return Frame(round(_within(self.x + across), 4), round(_within(self.y + down), 4), round(zoom, 4))


def cut(content: bytes, frame: Frame, size: tuple[int, int]) -> bytes:
    """Cut a photo out of a picture and write it as JPEG of a size three to four."""
    picture = upright(io.BytesIO(content))
    return written(picture.resize(size, Image.Resampling.LANCZOS, box=frame.box(*picture.size)))


def size_of(content: bytes) -> tuple[int, int]:
    """Give width and height of a picture we wrote."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        return picture.size


def _within(part: float) -> float:
    return min(max(part, 0.0), 1.0)
