"""Photos and documents drawn by code, good ones and bad ones."""

import io
import struct
import zlib

import pypdf
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

SIZE = (640, 480)
SECRET = b"RAHASIA-2024"
# Rotated a quarter to the right: what a telephone held upright writes.
ORIENTATION, GPS, CAMERA, TURNED = 0x0112, 0x8825, 0x0110, 6


def scene(size=SIZE, mode="RGB") -> Image.Image:
    """Red above, blue below, in a gradient that no two rows share."""
    image = Image.linear_gradient("L").resize(size)
    red, blue = Image.new("RGB", size, "#c02020"), Image.new("RGB", size, "#2020c0")
    return Image.composite(blue, red, image).convert(mode)


def written(image: Image.Image, name="JPEG", **options) -> bytes:
    output = io.BytesIO()
    image.save(output, name, **options)
    return output.getvalue()


def photo(**options) -> bytes:
    return written(scene(), **options)


def telephone_photo() -> bytes:
    """Turned by EXIF, with a place, a camera, a comment and something hung behind it."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = TURNED, SECRET.decode()
    exif.get_ifd(GPS).update({1: "S", 2: (2.0, 50.0, 0.0), 3: "E", 4: (104.0, 40.0, 0.0)})
    return written(scene(), exif=exif, comment=SECRET) + b"<script>" + SECRET + b"</script>"


def grey_of_16_bits() -> bytes:
    rows = b"".join(b"\0" + struct.pack(">H", y * 65535 // 299) * 300 for y in range(300))
    return _png(300, 300, 16, 0, rows)


def bomb(side=60_000) -> bytes:
    """A PNG whose header asks for 3.6 thousand million pixels; a few kB."""
    return _png(side, side, 1, 0, b"\0" * 100_000)


def _png(width, height, depth, colour, rows) -> bytes:
    def chunk(name, content):
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def moving(name: str) -> bytes:
    others = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    return written(scene(), name, save_all=True, append_images=others)


def document(n_pages=2, *, action="", is_apart=False, password="", files=False, n_more=0) -> bytes:
    """``action``: what happens when it is opened, such as /JavaScript or /Launch.

    ``is_apart`` names it in an object of its own; ``n_more`` objects mean nothing.
    """
    writer = pypdf.PdfWriter()
    for _page in range(n_pages):
        writer.add_blank_page(200, 200)
    if action:
        name = NameObject(action)
        does = {
            "/S": writer._add_object(name) if is_apart else name,
            "/F": TextStringObject("cmd.exe"),
        }
        opening = DictionaryObject({NameObject(key): value for key, value in does.items()})
        writer.root_object[NameObject("/OpenAction")] = opening
    for _object in range(n_more):
        writer._add_object(DictionaryObject())
    if files:
        writer.add_attachment("lain.exe", b"MZ")
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
