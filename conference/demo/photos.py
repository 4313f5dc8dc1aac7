"""Photos of invented people: a drawn figure, given and cut as a person gives and cuts theirs."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from conference.lib.pictures import Frame
from conference.lib.uploads import check
from conference.lib.viewer import SYSTEM
from delegates.actions import start_photo, take_photo
from delegates.models import Registration

SIZE = (360, 480)
BACKGROUNDS = ["#dfe3e6", "#e6e1d8", "#d9e2dc", "#e4dde2"]
SKINS = ["#e8c4a8", "#c99873", "#8d5d3f", "#f0d3bd", "#a97250"]
HAIR = ["#2f2722", "#6b4a2e", "#a9824f", "#8b8b88", "#1d1d22", "#7a3b22"]
CLOTHES = ["#26364d", "#3b3f45", "#4d2f3a", "#2f4a44"]


def give_photo(registration: Registration, number: int) -> None:
    """Let a person give a photo; the same number draws the same figure."""
    upload = SimpleUploadedFile("photo.png", figure(number), "image/png")
    start_photo(registration, check(upload, pictures_only=True), by=SYSTEM)
    take_photo(registration, Frame(), by=SYSTEM)


def figure(number: int) -> bytes:
    """Draw head and shoulders without a face, as PNG."""
    skin, hair = SKINS[number % len(SKINS)], HAIR[number % len(HAIR)]
    picture = Image.new("RGB", SIZE, BACKGROUNDS[number % len(BACKGROUNDS)])
    draw = ImageDraw.Draw(picture)
    long_hair = number % 2
    if long_hair:
        draw.rounded_rectangle((100, 110, 260, 330), 70, fill=hair)
    draw.ellipse((40, 340, 320, 640), fill=CLOTHES[number % len(CLOTHES)])
    draw.rectangle((150, 280, 210, 370), fill=skin)
    draw.ellipse((150, 335, 210, 390), fill=skin)
    draw.ellipse((110, 100, 250, 310), fill=skin)
    draw.pieslice((106, 84, 254, 300), 180, 360, fill=hair)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
