"""The reader of photos in the sandbox: from any bytes to two clean pictures, or to a fault.

What comes out is painted anew from the pixels alone, upright and in sRGB: nothing of the
file that came in survives but what one sees. So the place where it was taken, the camera,
comments, thumbnails and whatever hung behind the picture are gone.
"""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from PIL import (
    Image,
    ImageCms,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

FORMATS = ("JPEG", "PNG", "WEBP")
# Kept in use, so that they are loaded before the locks close.
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
SRGB = ImageCms.createProfile("sRGB")
JPEG_QUALITIES, WEBP_QUALITIES = (84, 76, 68, 58, 48), (76, 66, 56, 44, 32)
SHRINKING = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25)


def prepare(_request: dict[str, Any]) -> None:
    """Have Pillow load all that it loads late: behind the locks it cannot."""
    Image.preinit()
    # How large a picture may be is asked of its header here, with a sentence.
    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("ignore")
    dot = Image.new("RGB", (16, 16))
    for name in FORMATS:
        written = io.BytesIO()
        dot.save(written, name)
        Image.open(io.BytesIO(written.getvalue()), formats=FORMATS).load()
    ImageCms.profileToProfile(dot, SRGB, SRGB)


def answer(
    request: dict[str, Any], file: IO[bytes], _progress: Callable[[Any], None]
) -> dict[str, Any]:
    """Read a photo.

    Parameters
    ----------
    request
        ``most_pixels`` and ``least_side_px`` of what is taken; ``sizes``: for ``large`` and
        ``thumbnail`` the longest side in pixels and the most bytes.

    Returns
    -------
    dict
        ``fault`` with its facts; or ``large`` (JPEG) and ``thumbnail`` (WebP) in base64.
    """
    try:
        image = Image.open(io.BytesIO(file.read()), formats=FORMATS)
    except Exception:  # noqa: BLE001 Pillow raises whatever a broken file makes it
        return {"fault": "damaged"}
    width, height = image.size
    if width * height > request["most_pixels"]:
        return {"fault": "too_many_pixels", "width": width, "height": height}
    if min(width, height) < request["least_side_px"]:
        return {"fault": "too_small", "width": width, "height": height}
    # Telephones hide a second picture behind a JPEG; a PNG or WebP of several moves.
    n_frames = getattr(image, "n_frames", 1)
    if n_frames > 1 and image.format in {"PNG", "WEBP"}:
        return {"fault": "animated", "n": n_frames}
    try:
        clean = _painted_anew(image, request["sizes"]["large"]["side_px"])
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 the same
        return {"fault": "damaged"}
    sizes = request["sizes"]
    return {
        "large": _text(_fitting(clean, "JPEG", JPEG_QUALITIES, **sizes["large"])),
        "thumbnail": _text(_fitting(clean, "WEBP", WEBP_QUALITIES, **sizes["thumbnail"])),
    }


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _painted_anew(image: Image.Image, side_px: int) -> Image.Image:
    """The pixels upright, in sRGB on white, with nothing else of the file."""
    # A JPEG is decoded at half or a quarter of its size where that is large enough.
    image.draft("RGB", (side_px, side_px))
    image.load()
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):
        # 16 bits of grey: the upper eight.
        image = image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    if has_alpha:
        image = image.convert("RGBA")
    image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", image.size, "white")
    if has_alpha:
        clean.paste(image, mask=image.getchannel("A"))
        return clean
    if profile and image.mode in {"RGB", "CMYK"}:
        # A broken profile is no reason to refuse a photo.
        with suppress(Exception):
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, given, SRGB, outputMode="RGB") or image
    clean.paste(image.convert("RGB"))
    return clean


def _fitting(
    image: Image.Image, name: str, qualities: tuple[int, ...], *, side_px: int, most_bytes: int
) -> bytes:
    """The best picture that is light enough: rather of lower quality than smaller."""
    content = b""
    for share in SHRINKING:
        side = max(round(side_px * share), 16)
        smaller = image.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in qualities:
            written = io.BytesIO()
            smaller.save(written, name, quality=quality, **_options(name))
            content = written.getvalue()
            if len(content) <= most_bytes:
                return content
    return content


def _options(name: str) -> dict[str, Any]:
    return {"optimize": True, "progressive": True} if name == "JPEG" else {"method": 4}
