"""The pinned download, against a server on the loopback address."""

import functools
import hashlib
import http.server
import threading
import tomllib

import pytest
from django.core.management import CommandError, call_command

from geo.areas.batch.download import DownloadRefused
from geo.areas.batch.load import load_boundaries
from geo.areas.batch.sources import SourceNotFound
from geo.areas.models import Area, BoundarySource, Outline
from tests.areas import files

pytestmark = pytest.mark.django_db


class Handler(http.server.SimpleHTTPRequestHandler):
    fault = None
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.fault == "missing":
            self.send_error(404)
        elif self.fault == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"INSERT INTO")
        elif self.fault == "other":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>Please log in</html>")
        else:
            super().do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def upstream(kotak_data, tmp_path):
    """A server that ships Kotak, pinned in the project's sources.toml."""
    folder = files.write_upstream(tmp_path / "upstream")
    handler = type("H", (Handler,), {"asked": []})
    serve = functools.partial(handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    pin(kotak_data, folder, f"http://127.0.0.1:{server.server_port}/{{path}}")
    yield handler
    server.shutdown()
    server.server_close()


def pin(data_folder, folder, address):
    declared = data_folder / "boundaries" / "sources.toml"
    real = tomllib.loads(declared.read_text())["wilayah_boundaries"]
    lines = ["[wilayah_boundaries]", f'download = "{address}"']
    lines += [f'{key} = "{real[key]}"' for key in ("title", "publisher", "licence", "version")]
    lines.append("[wilayah_boundaries.sha256]")
    for path in sorted(folder.rglob("*.sql")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f'"{path.relative_to(folder)}" = "{digest}"')
    declared.write_text("\n".join(lines))


def load(source="wilayah_boundaries"):
    return load_boundaries(source, regency_code="99.01")


def test_the_pinned_files_are_fetched_once_and_loaded(upstream):
    report = load()

    assert report.n_by_level["village"] == 17
    assert Area.objects.get(code="99.01").area_km2 == pytest.approx(16, rel=0.002)
    # With a register at hand the levels above are not asked for.
    assert upstream.asked == ["/db/kel/99/wilayah_boundaries_kel_99.01.sql"]
    assert load().n_changed == 0
    assert len(upstream.asked) == 1


def test_without_a_register_the_names_above_are_fetched_too(upstream, kotak_data):
    (kotak_data / "boundaries" / "register" / "99.01.csv").unlink()

    load()

    assert len(upstream.asked) == 3
    assert Area.objects.get(code="99.01.03").name == "Petak 3"


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("missing", "the server answered 404"),
        ("cut", "the transfer was cut after 11 bytes"),
        ("other", "its SHA-256 is .* instead of"),
    ],
)
def test_a_bad_transfer_is_refused_and_nothing_changes(upstream, settings, fault, sentence):
    upstream.fault = fault

    with pytest.raises(DownloadRefused, match=sentence):
        load()

    assert not Area.objects.exists()
    assert not BoundarySource.objects.exists()
    assert not Outline.objects.exists()
    assert not any(path.is_file() for path in settings.VAR_DIR.rglob("*"))


def test_a_kept_file_that_was_tampered_with_is_fetched_anew(upstream, settings):
    load()
    (kept,) = settings.VAR_DIR.rglob("*.sql")
    kept.write_text("('99.01.01.2001'")

    assert load().n_changed == 0
    assert len(upstream.asked) == 2


def test_a_regency_that_is_not_pinned_is_pointed_to_the_mirror(upstream):
    with pytest.raises(SourceNotFound, match=r"No checksum is pinned.*BOUNDARY_MIRROR"):
        load_boundaries("wilayah_boundaries", regency_code="99.02")
    assert upstream.asked == []


def embed_default(data_folder):
    folder = data_folder / "boundaries" / "indicative"
    folder.mkdir()
    files.write_kotak(folder / "99.01.geojson")
    (folder / "99.01.source.toml").write_text(
        'title = "Perkiraan"\npublisher = "Uji"\nlicence = "MIT"\n'
    )


def test_auto_prefers_the_mirror(upstream, settings, tmp_path):
    settings.BOUNDARY_MIRROR = str(files.write_upstream(tmp_path / "mirror"))

    assert str(load("auto").edition.villages).startswith(settings.BOUNDARY_MIRROR)
    assert upstream.asked == []


def test_auto_falls_back_to_the_embedded_default_and_says_why(upstream, kotak_data, capsys):
    upstream.fault = "missing"
    embed_default(kotak_data)

    call_command("load_boundaries", "--regency", "99.01")

    told = capsys.readouterr().out
    assert "BOUNDARY_MIRROR names no folder" in told
    assert "the server answered 404" in told
    assert "Boundaries: Perkiraan" in told
    assert BoundarySource.objects.get().is_estimate is True
    assert Outline.objects.first().picture["estimate"] is True


def test_auto_never_puts_an_estimate_over_published_boundaries(
    upstream, kotak_data, settings, capsys
):
    load()
    embed_default(kotak_data)
    upstream.fault = "missing"
    (kept,) = settings.VAR_DIR.rglob("*.sql")
    kept.unlink()

    call_command("load_boundaries", "--regency", "99.01")

    assert "are better than the embedded estimate, and stay" in capsys.readouterr().out
    assert not BoundarySource.objects.filter(is_estimate=True).exists()


def test_with_nothing_at_hand_every_reason_is_told(kotak_data, upstream):
    upstream.fault = "missing"

    with pytest.raises(
        CommandError, match=r"(?s)BOUNDARY_MIRROR.*404.*build_indicative_boundaries"
    ):
        call_command("load_boundaries", "--regency", "99.01")
