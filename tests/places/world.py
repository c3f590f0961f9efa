"""Places of Kabupaten Kotak: two kinds, declared as a sector folder."""

from django.core.management import call_command

from geo.indicators.models import Source
from geo.places.models import PlaceKind
from geo.places.services import NewPlace, publish_places

INDICATOR = """
[indicators.{code}]
name = {{ id = "{code}", en = "{code}" }}
definition = {{ id = "Uji.", en = "Test." }}
unit = "{unit}"
frequency = "year"
level = "village"
roll_up = "sum"
direction = "neutral"
classes = {{ scheme = "quantile", palette = "teal" }}
"""
RATIO = INDICATOR.replace('"sum"', '"ratio"\nnumerator = "pupils"\ndenominator = "teachers"')
SECTOR = (
    '[sector]\nname = { id = "Uji", en = "Test" }\n'
    + INDICATOR.format(code="schools", unit="school")
    + INDICATOR.format(code="pupils", unit="person")
    + INDICATOR.format(code="teachers", unit="person")
    + INDICATOR.format(code="posts", unit="facility")
    + RATIO.format(code="pupils_per_teacher", unit="pupil_per_teacher")
    + """
[places.school]
name = { id = "Sekolah", en = "School" }
plural = { id = "Sekolah", en = "Schools" }
icon = "school"
counts = "schools"

[places.school.identifier]
code = "npsn"
name = { id = "NPSN", en = "NPSN" }
pattern = '[A-Z0-9][0-9]{7}'
required = true

[places.school.attributes.status]
name = { id = "Status", en = "Status" }
type = "choice"
choices = { negeri = { id = "Negeri", en = "Public" }, swasta = { id = "Swasta", en = "Private" } }

[places.school.attributes.pupils]
name = { id = "Murid", en = "Pupils" }
type = "whole"
unit = "person"
range = [0, 2000]
sums_into = "pupils"
aliases = ["jumlah_siswa"]

[places.school.attributes.teachers]
name = { id = "Guru", en = "Teachers" }
type = "whole"
unit = "person"
range = [0, 100]
sums_into = "teachers"

[places.post]
name = { id = "Pos", en = "Post" }
plural = { id = "Pos", en = "Posts" }
icon = "health_post"
counts = "posts"
"""
)


def declare(folder, text=SECTOR):
    (folder / "sectors" / "test").mkdir(parents=True, exist_ok=True)
    (folder / "sectors" / "test" / "sector.toml").write_text(text, encoding="utf-8")
    call_command("load_sectors", folder=folder / "sectors", verbosity=0, stdout=_Silent())


class _Silent:
    def write(self, *_args):
        pass


def make_source(**changed) -> Source:
    given = {"title": "Daftar uji", "publisher": "Uji", "licence": "MIT", "entered_by": "test"}
    return Source.objects.create(**given | changed)


def inside(area, east=0.5, north=0.5) -> tuple[float, float]:
    """A point (lon, lat) of a square area: ``east`` and ``north`` are parts of its sides."""
    west, south, eastern, northern = area.boundary.extent
    return west + east * (eastern - west), south + north * (northern - south)


def school(village, npsn, *, at=(0.5, 0.5), name="SD 1", precision="exact", **attributes):
    lon, lat = inside(village, *at) if at else (None, None)
    return NewPlace(name, village.pk, lon, lat, precision, npsn, attributes)


def publish(kotak, places, *, kind="school", period="2024", covers=None, source=None, **options):
    return publish_places(
        kind=PlaceKind.objects.get(code=kind),
        places=places,
        source=source or make_source(),
        period=period,
        covers=covers or kotak.regency,
        **options,
    )
