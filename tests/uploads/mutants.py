"""Reads mutants of good files, one locked fork each; run by ``test_mutants.py``.

    python tests/uploads/mutants.py SEED COUNT

Prints one line of JSON a mutant. Everything is imported once and every mutant is read in a
fork with all the locks of the sandbox, so that starting up does not cost more than reading.
"""

import io
import json
import random
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.lib.uploads import child
from tests.uploads import makers
from tests.uploads.fork_server import last_frame, read_locked

TOKENS = [
    b"", b"\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x80\0\0\0", b"-1",
    b"1e999", b"NaN", b"99999999999999999999", b"[" * 50, b"]" * 50, b"{" * 50, b'"', b"<", b">",
    b"&", b"&e;", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", b"<![CDATA[", b"]]>",
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"GP", b"\xef\xbb\xbf", b"\xff\xfe",
    b"XFD1048576", b"/vsicurl/http://", b"file:///etc/passwd", b"\xe2\x80\xae", b"\xed\xa0\x80",
    b"SELECT", b"CREATE VIEW", b"\r", b"\n" * 20,
]  # fmt: skip


def good_files() -> dict[str, bytes]:
    square = makers.geometry("Polygon", [makers.SQUARE])
    styles = (
        f'<styleSheet xmlns="{makers.MAIN}"><numFmts><numFmt numFmtId="170" formatCode="yyyy"/>'
        '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    rows = [*makers.ROWS, ['<c t="s"><v>0</v></c>', '<c s="1"><v>45000</v></c>',
                           "<c><f>6*7</f><v>42</v></c>"]]  # fmt: skip
    merged = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    track = (
        '<trk><trkseg><trkpt lat="-2.9" lon="104.7"/><trkpt lat="-2.8" lon="104.8"/></trkseg></trk>'
    )
    ring = " ".join(f"{lon},{lat}" for lon, lat in makers.SQUARE)
    polygon = f"<LinearRing><coordinates>{ring}</coordinates></LinearRing>"
    drawn = f"<Polygon><outerBoundaryIs>{polygon}</outerBoundaryIs></Polygon>"
    with tempfile.TemporaryDirectory() as folder:
        package = makers.Package().make(Path(folder))
    return {
        "xlsx": makers.xlsx(makers.sheet_xml(rows, after=merged), styles=styles,
                            shared=makers.shared_xml("teks")),
        "csv": b"kode;nama;jumlah\r\n16.07.01.2001;\"Desa; A\";1.234,5\r\n" * 5,
        "geojson": makers.geojson(makers.geometry(), square),
        "kml": makers.kml(makers.placemark(drawn)),
        "gpx": makers.gpx(track + '<wpt lat="-2.9" lon="104.7"><name>x</name></wpt>'),
        "shp": makers.shapefile(shp=makers.shp(makers.shp_polygon(makers.SQUARE))),
        "gpkg": package,
    }  # fmt: skip


def mutate(content: bytes, dice: random.Random) -> bytes:
    """Change a few places: bytes, pieces, tokens that parsers fear."""
    changed = bytearray(content)
    for _time in range(dice.choice((1, 1, 2, 3, 8))):
        at = dice.randrange(len(changed) + 1)
        other = dice.randrange(len(changed) + 1)
        length = dice.choice((1, 2, 4, 8, 40, 400))
        token = dice.choice(TOKENS)
        piece = bytes(changed[at : at + length])
        how = dice.choices(
            [
                (at, at + 1, bytes([dice.randrange(256)])),
                (at, at + length, b""),
                (at, at, piece * dice.choice((1, 2, 50))),
                (at, at + len(token), token),
                (at, at, token),
                (at, at + length, bytes(changed[other : other + length])),
                (at, len(changed), b""),
            ],
            weights=(3, 3, 3, 3, 3, 3, 1),
        )
        start, end, new = how[0]
        changed[start:end] = new
    return bytes(changed)


def mutant(form: str, content: bytes, dice: random.Random) -> bytes:
    """Of archives as often a member as the archive itself, so that the mutant opens."""
    if form not in {"xlsx", "shp"} or dice.random() < 0.4:
        return mutate(content, dice)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chosen = dice.choice(list(members))
    return makers.zipped(members | {chosen: mutate(members[chosen], dice)})


def main() -> None:
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    request = {"kind": "any", "sheet": None, "layer": None, "crs_stated": None}
    child.prepare(request)
    files = good_files()
    for number in range(count):
        dice = random.Random(f"{seed}-{number}")  # noqa: S311
        form = list(files)[number % len(files)]
        made = mutant(form, files[form], dice)
        ended = read_locked(made, request)
        frame = last_frame(ended.pop("heard"))
        told = {"number": number, "format": form, "content": made.hex()[:20_000], "frame": frame}
        sys.stdout.write(json.dumps(told | ended) + "\n")


if __name__ == "__main__":
    main()
