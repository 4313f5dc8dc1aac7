"""Files people send: taken for what they are by decoding them, within limits, and refused in words."""

import contextlib
import io
import struct
import warnings
import zipfile
import zlib

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from conference.lib import media, pictures
from conference.lib.uploads import InMemory, PersonalFileField, Unwanted, check
from tests.factories import pdf, picture, upload

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ZIP = io.BytesIO()
zipfile.ZipFile(ZIP, "w").close()


def png_of(width: int, height: int) -> bytes:
    """A PNG of one colour whose pixels were never in memory: a bomb of a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj()
    row = b"\x00" * (width // 8 + 1)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("a.jpg", picture(), "a.jpg"),
        ("a.png", picture(format="PNG"), "a.jpg"),
        ("a.webp", picture(format="WEBP"), "a.jpg"),
        ("a.exe", picture(format="PNG", mode="RGBA", colour=(0, 0, 0, 0)), "a.jpg"),
        ("grey.png", picture(format="PNG", mode="I;16", colour=65535), "grey.jpg"),
        ("palette.png", picture(format="PNG", mode="P", colour=0), "palette.jpg"),
        ("print.jpg", picture(mode="CMYK", colour=(0, 0, 0, 0)), "print.jpg"),
        ("note.pdf", pdf(), "note.pdf"),
        ("../../etc/passwd\x00.pdf", pdf(), "passwd.pdf"),
        ("Ł" * 300 + ".pdf", pdf(), "Ł" * 150 + ".pdf"),
    ],
)
def test_a_file_is_taken_for_what_it_is(name, content, kept):
    file = upload("x", content)
    file._name = name  # as a hostile sender writes it
    checked = check(file)
    assert checked.name == kept
    assert checked.media_type == (media.PDF if kept.endswith(".pdf") else media.JPEG)


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        HTML,
        b"MZ\x90\x00",
        picture(format="GIF"),
        picture(format="BMP"),
        picture(format="TIFF"),
        picture()[:500],
        picture(format="PNG")[:60],
        b"\xff\xd8\xff" + HTML,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + SVG,
        HTML + pdf(),
        ZIP.getvalue(),
    ],
)
def test_other_kinds_are_refused_in_words(content):
    with pytest.raises(Unwanted, match="This is neither a whole PDF file nor a whole JPEG, PNG or WebP picture"):
        check(upload("photo.jpg", content))


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + HTML,
        b"%PDF-1.7\n%%EOF",
        pdf()[:-30],
        pdf() + HTML,
        pdf() + ZIP.getvalue(),
        pdf().replace(b"startxref\n", b"startxref\n9"),
        pdf().replace(b"%PDF-1.7", b"%PDF-x.7"),
        b"%PDF-" + picture(),
    ],
)
def test_a_pdf_that_is_none_is_refused_in_words(content):
    with pytest.raises(Unwanted, match="This is not a whole PDF file"):
        check(upload("note.pdf", content))


def test_a_pdf_is_refused_where_a_picture_is_asked():
    with pytest.raises(Unwanted, match="This is not a complete JPEG, PNG or WebP file"):
        check(upload("photo.jpg", pdf()), pictures_only=True)


def test_a_bomb_is_refused_before_it_is_decoded():
    bomb = png_of(30_000, 30_000)
    assert len(bomb) < 200_000
    with pytest.raises(Unwanted, match="more than 50 megapixels"):
        check(upload("photo.png", bomb))


def test_a_picture_just_above_the_limit_is_refused_whatever_warnings_do():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(Unwanted, match="more than 50 megapixels"):
            check(upload("photo.png", png_of(10_000, 5_001)))


def test_a_large_picture_is_made_smaller():
    with Image.open(io.BytesIO(check(upload("photo.jpg", picture((6000, 8000)))).content)) as kept:
        assert kept.size == (3000, 4000)


def test_a_moving_picture_is_refused():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    for format in ("PNG", "WEBP"):
        target = io.BytesIO()
        frames[0].save(target, format, save_all=True, append_images=frames[1:])
        with pytest.raises(Unwanted, match="animated"):
            check(upload("photo", target.getvalue()))


def test_nothing_but_the_pixels_is_kept_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    exif[0x010E] = "ZqWhereItWasTaken"
    sent = picture((40, 20), exif=exif, comment=b"ZqComment") + b"ZqTrailer<script>"
    kept = check(upload("photo.jpg", sent)).content
    assert b"Zq" not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.size == (20, 40)
        assert not shown.getexif()


def test_colours_of_a_profile_are_brought_to_the_standard():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = check(upload("photo.jpg", picture(colour=(200, 100, 50), icc_profile=profile))).content
    with Image.open(io.BytesIO(kept)) as shown:
        assert "icc_profile" not in shown.info
        assert all(abs(found - meant) < 6 for found, meant in zip(shown.getpixel((9, 9)), (200, 100, 50), strict=True))
    assert check(upload("photo.jpg", picture(icc_profile=b"no profile"))).media_type == media.JPEG


def test_what_is_transparent_becomes_white():
    kept = check(upload("photo.png", picture(format="PNG", mode="RGBA", colour=(0, 0, 0, 0)))).content
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.getpixel((5, 5)) == (255, 255, 255)


@given(place=st.integers(0, 400), junk=st.binary(min_size=1, max_size=40), format=st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_a_spoilt_picture_is_taken_or_refused_and_never_breaks(place, junk, format):
    content = picture((30, 40), format=format)
    with contextlib.suppress(pictures.NotAPicture):
        pictures.rewritten(io.BytesIO(content[:place] + junk + content[place + len(junk) :]))


def test_a_file_that_is_too_large_or_empty_is_refused_in_words(settings):
    settings.MAX_UPLOAD_BYTES = 1024**2
    with pytest.raises(Unwanted, match="larger than 1 MB"):
        check(upload("a.pdf", b"x" * (1024**2 + 1)))
    with pytest.raises(Unwanted, match="empty"):
        check(upload("a.pdf", b""))


def sent(*contents: bytes) -> list[SimpleUploadedFile]:
    request = RequestFactory().post("/", {f"file{number}": upload("a.bin", content) for number, content in enumerate(contents)})
    return [request.FILES[f"file{number}"] for number in range(len(contents))]


def test_what_is_sent_never_lies_on_disk_and_what_is_too_much_is_let_go(settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    first, second, third = sent(b"a" * 70_000, b"b" * 70_000, b"c" * 10_000)
    assert (first.size, first.read()) == (70_000, b"a" * 70_000)
    assert (second.size, second.read()) == (100_001, b"")
    assert third.read() == b"c" * 10_000
    assert [f"{InMemory.__module__}.{InMemory.__name__}"] == settings.FILE_UPLOAD_HANDLERS


class Form(forms.Form):
    file = PersonalFileField(label="File")
    photo = PersonalFileField(label="Photo", pictures_only=True, required=False)


def test_the_field_gives_what_is_kept_and_refuses_beside_itself():
    form = Form({}, {"file": upload("a.pdf", pdf()), "photo": upload("a.jpg", HTML)})
    assert not form.is_valid()
    assert form.errors == {"photo": ["This is not a complete JPEG, PNG or WebP file."]}
    assert form.cleaned_data["file"].content == pdf()
    assert Form({}, {"file": upload("a.pdf", b"")}).errors == {"file": ["This file is empty."]}
    assert Form({}, {}).errors == {"file": ["This field is required."]}
    shown = str(Form())
    assert "PDF, JPEG, PNG or WebP, at most 20 MB." in shown
    assert 'accept="image/jpeg,image/png,image/webp"' in shown
