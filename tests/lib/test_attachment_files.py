"""What is taken of photos and documents, what comes of it, and what is refused."""

import io

import pytest
from django.utils import translation
from PIL import Image

from geo.attachments.rules import fault_sentence
from geo.lib.attachments import checking
from geo.lib.attachments.checking import DOCUMENT, PHOTO, check, sniff
from tests.attachments import pictures

HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def checked(tmp_path):
    def look(content: bytes):
        path = tmp_path / "anything.jpg"
        path.write_bytes(content)
        return check(path)

    return look


def opened(picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


# --- what is taken --------------------------------------------------------------------------


def test_a_photo_becomes_two_pictures(checked):
    found = checked(pictures.written(pictures.scene((4000, 3000))))
    assert (found.kind, found.fault) == (PHOTO, "")
    assert (found.large.width, found.large.height) == (1600, 1200)
    assert (found.thumbnail.width, found.thumbnail.height) == (480, 360)
    assert opened(found.large).format == "JPEG"
    assert opened(found.thumbnail).format == "WEBP"
    assert opened(found.large).size == (1600, 1200)


def test_a_photo_full_of_detail_stays_within_its_weight(checked):
    noise = Image.effect_noise((3000, 2000), 120).convert("RGB")
    found = checked(pictures.written(noise, quality=70))
    assert len(found.large.content) <= checking.LARGE_BYTES
    assert len(found.thumbnail.content) <= checking.THUMBNAIL_BYTES


def test_a_small_photo_is_not_blown_up(checked):
    assert checked(pictures.photo()).large.width == 640


def test_a_turned_photo_comes_out_upright(checked):
    found = checked(pictures.telephone_photo())
    assert (found.large.width, found.large.height) == (480, 640)
    # A quarter to the right brings what was above, red, to the right.
    for picture in (found.large, found.thumbnail):
        image = opened(picture).convert("RGB")
        width, height = image.size
        left, right = (image.getpixel((x, height // 2)) for x in (8, width - 8))
        assert left[2] > 150 > left[0]
        assert right[0] > 150 > right[2]


def test_nothing_of_the_file_survives_but_what_one_sees(checked):
    content = pictures.telephone_photo()
    assert content.count(pictures.SECRET) == 3
    found = checked(content)
    for picture in (found.large, found.thumbnail):
        image = opened(picture)
        assert dict(image.getexif()) == {}
        assert image.getexif().get_ifd(pictures.GPS) == {}
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
        for leak in (pictures.SECRET, b"Exif", b"<script"):
            assert leak not in picture.content


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_photos_of_other_colours_become_rgb(checked, mode):
    found = checked(pictures.written(pictures.scene(mode=mode)))
    assert opened(found.large).mode == "RGB"


def test_cmyk_keeps_its_colours(checked):
    image = opened(checked(pictures.written(pictures.scene(mode="CMYK"))).large)
    above, below = image.getpixel((320, 5)), image.getpixel((320, 474))
    assert above[0] > 150 > above[2]
    assert below[2] > 150 > below[0]


def test_sixteen_bits_of_grey_keep_their_light(checked):
    image = opened(checked(pictures.grey_of_16_bits()).large).convert("L")
    assert image.getpixel((150, 3)) < 12
    assert 118 < image.getpixel((150, 150)) < 138
    assert image.getpixel((150, 296)) > 243


def test_what_is_transparent_becomes_white(checked):
    clear = Image.new("RGBA", (300, 300), (255, 0, 0, 0))
    assert opened(checked(pictures.written(clear, "PNG")).large).getpixel((9, 9)) > (250, 250, 250)


def test_a_broken_colour_profile_is_no_reason_to_refuse(checked):
    assert checked(pictures.photo(icc_profile=b"nonsense" * 40)).ok


def test_a_telephones_second_picture_is_left_out(checked):
    two = pictures.written(pictures.scene(), "MPO", save_all=True, append_images=[pictures.scene()])
    assert checked(two).ok


def test_a_document_is_counted(checked):
    found = checked(pictures.document(3))
    assert (found.kind, found.fault, found.n_pages) == (DOCUMENT, "", 3)


# --- what is refused ------------------------------------------------------------------------

PHOTO_BYTES = pictures.photo()


def test_a_long_report_is_taken(checked):
    assert checked(pictures.document(2, n_more=25_000)).n_pages == 2


def test_a_document_of_too_many_parts_is_told_so(checked, monkeypatch):
    assert checked(pictures.document(2, n_more=50)).ok
    monkeypatch.setattr(checking, "MOST_OBJECTS", 50)
    found = checked(pictures.document(2, n_more=50))
    assert found.fault == "too_many_objects"
    assert int(found.facts["found"]) > 50
    with translation.override("en"):
        words = fault_sentence(found)
    assert words.startswith(f"The PDF is made of {found.facts['found']} parts")
    assert "at most 100,000" in words
    assert "Print it into a new PDF, or send fewer pages" in words


PDF = pictures.document()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (SVG, "not_taken"),
        (b"<?xml version='1.0'?>" + SVG, "not_taken"),
        (HTML, "not_taken"),
        (b"GIF89a" + HTML, "not_taken"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not_taken"),
        (b"PK\x03\x04" + b"\0" * 60, "not_taken"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 60, "not_taken"),
        (b"nonsense" * 50, "not_taken"),
        (PHOTO_BYTES[: len(PHOTO_BYTES) // 2], "damaged"),
        (PHOTO_BYTES[:40], "damaged"),
        (b"\xff\xd8\xff" + HTML, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "damaged"),
        (pictures.bomb(), "too_many_pixels"),
        (pictures.bomb(13_000), "too_many_pixels"),
        (pictures.written(pictures.scene((200, 900))), "too_small"),
        (pictures.moving("PNG"), "animated"),
        (pictures.moving("WEBP"), "animated"),
        (PDF[: len(PDF) // 2], "damaged_document"),
        (b"%PDF-1.7\n" + HTML + b"\n%%EOF", "damaged_document"),
        (PDF + HTML, "more_than_document"),
        (PDF + b"PK\x03\x04", "more_than_document"),
        (pictures.document(0), "damaged_document"),
        (pictures.document(password="x"), "locked_document"),
        (pictures.document(action="/JavaScript"), "active_document"),
        (pictures.document(action="/Launch"), "active_document"),
        (pictures.document(action="/GoToR"), "active_document"),
        (pictures.document(action="/Launch", is_apart=True), "active_document"),
        (pictures.document(files=True), "active_document"),
    ],
)
def test_what_is_not_taken(checked, content, fault):
    found = checked(content)
    assert (found.fault, found.large, found.n_pages) == (fault, None, None)


def test_a_bomb_is_refused_by_its_header_alone(checked):
    found = checked(pictures.bomb())
    assert found.facts == {"width": "60000", "height": "60000"}


@pytest.mark.parametrize(("start", "most_mb"), [(b"\xff\xd8\xff", 15), (b"%PDF-1.7", 10)])
def test_too_large_is_told_before_anything_is_opened(checked, monkeypatch, start, most_mb):
    monkeypatch.setattr(checking, "run_sandboxed", None)
    found = checked(start + b"\0" * (most_mb << 20))
    assert (found.fault, found.facts) == ("too_large", {"found_mb": most_mb + 1})


def test_neither_links_nor_folders_are_opened(tmp_path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert check(tmp_path / "link").fault == "unreadable"
    assert check(tmp_path).fault == "unreadable"


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"large": "AAAA", "thumbnail": "AAAA"},
        {"large": 7, "thumbnail": None},
        {"n_pages": "many"},
    ],
)
@pytest.mark.parametrize("kind", [PHOTO, DOCUMENT])
def test_a_child_that_was_taken_over_is_not_believed(answer, kind):
    assert checking._believed(answer, kind).fault == "unreadable"


def test_html_that_calls_itself_a_picture_is_not_believed():
    import base64

    text = base64.b64encode(HTML).decode()
    assert checking._believed({"large": text, "thumbnail": text}, PHOTO).fault == "unreadable"


def test_names_say_nothing():
    assert sniff(SVG) == "svg"
    assert sniff(b"\xef\xbb\xbf <html>") == "html"
    assert sniff(b"RIFF\0\0\0\0WEBPVP8 ") == "webp"
