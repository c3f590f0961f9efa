"""The importer on real tables: PODES 2021 and others, with their known faults."""

from pathlib import Path

import pytest
from django.conf import settings

from geo.areas.models import Area
from geo.areas.services import load_register
from geo.indicators import queries
from geo.indicators.batch.imports import Request, import_table
from geo.indicators.models import Observation
from geo.indicators.services import load_sectors

SHARED = settings.BASE_DIR.parent / "shared" / "data"
PODES = SHARED / "statistics" / "podes_environment_villages_banyuasin.csv"
MAP = Path(__file__).with_name("podes_columns.toml")
SIX = (
    "households",
    "electrification",
    "health_facilities",
    "senior_secondary_schools",
    "distance_to_road",
    "flood_hazard",
)

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not PODES.exists(), reason=f"{PODES} is absent"),
]


@pytest.fixture
def banyuasin(db):
    load_register(regency_code="16.07")
    load_sectors(folder=settings.DATA_DIR / "sectors")
    return Area.objects.get(code="16.07")


def run(**more):
    asked = {"period": "2021", "by": "bps", "columns": MAP} | more
    return import_table(Request(PODES, "16.07", **asked))


def test_six_indicators_by_bps_code(banyuasin):
    report = run(only=SIX)
    assert (report.n_rows, len(report.matched)) == (305, 305)
    assert report.written
    assert report.new == 6 * 305
    households = queries.find_indicator("households")
    villages = queries.read_figures(
        indicator=households, period="2021", level="village", parent=banyuasin
    )
    assert (villages.reported, villages.expected, len(villages.items)) == (305, 313, 313)
    assert sum(f.status == "missing" for f in villages.items) == 8
    total = queries.read_figure(indicator=households, period="2021", area=banyuasin)
    assert (total.value, total.is_partial) == (249_291, True)
    light = queries.find_indicator("electrification")
    mean = queries.read_figure(indicator=light, period="2021", area=banyuasin).value
    # Not the mean of percentages, 99,03.
    assert mean == pytest.approx(98.94, abs=0.5)
    assert abs(mean - 30205.01096156701 / 305) > 0.01
    assert run(only=SIX).unchanged == 6 * 305


def test_the_column_of_persons_is_not_swallowed(banyuasin):
    report = run(only=("households", "population"))
    assert not report.written
    assert not Observation.objects.exists()
    warnings = report.of_severity("warning")
    zeros = [w for w in warnings if w.found == "0"]
    sums = [w for w in warnings if w.row is None]
    namesakes = [w for w in warnings if w not in zeros and w not in sums]
    assert {w.column for w in warnings} == {"jumlah_populasi"}
    assert len(zeros) == 30
    assert len({w.message for w in namesakes}) == 17
    # 13 pairs and 4 triples of namesakes with one value.
    assert len({w.row for w in namesakes}) == 38
    assert [w.found.replace(",", ".") for w in sums] == ["685.782"]
    assert "888" in sums[0].message


def test_by_name_within_the_district(banyuasin):
    report = run(only=SIX, by="name")
    assert (len(report.matched), len(report.proposals)) == (296, 9)
    assert not report.of_severity("error")
    assert not report.written
    by_bps = run(only=SIX, dry_run=True).matched
    assert all(by_bps[row] == code for row, code in report.matched.items())
    assert all(by_bps[one.row] == one.code for one in report.proposals)


def test_by_name_alone_it_is_refused(banyuasin, tmp_path):
    columns = tmp_path / "columns.toml"
    text = MAP.read_text().replace('district = "nmkec"\n', "")
    columns.write_text(text)
    report = run(only=SIX, by="name", columns=columns)
    assert not report.written
    ambiguous = [i for i in report.of_severity("error") if "Several areas" in i.message]
    assert len(ambiguous) == 37
    assert len({i.row for i in ambiguous}) == 37
