"""Reading roads: the list, one road's card, what the map draws."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from geo.areas.models import Area, Level, Outline
from geo.areas.queries import outline_of, regency
from geo.lib.errors import GeoError
from geo.roads.models import (
    CONDITION_FIELDS,
    SURFACE_FIELDS,
    Authority,
    Condition,
    Road,
    RoadLayer,
    RoadPart,
    RoadSegment,
    RoadSurvey,
    Surface,
)

UNSURVEYED = "unsurveyed"


class UnknownRoad(GeoError):
    """No road of the register has this number."""

    status = 404
    template = _("There is no road with number “%(number)s”. All roads are listed at /jalan/.")


class UnknownLayer(GeoError):
    """No layer of roads has this address, or a newer one has replaced it."""

    status = 404
    template = _(
        "There is no layer of roads “%(hash)s” of “%(code)s”. Roads may have been loaded anew: "
        "open the map again."
    )


@dataclass(frozen=True, slots=True)
class Share:
    """One class of a bar: its word, its label, its length and share of the whole."""

    code: str
    label: str
    length_m: float
    percent: float
    start: float

    @property
    def length_km(self) -> float:
        """Length for people."""
        return self.length_m / 1000


@dataclass(frozen=True)
class RoadRow:
    """One road of the list, with its newest survey; None where there was none."""

    road: Road
    survey: RoadSurvey | None

    @property
    def length_m(self) -> float | None:
        """The length surveyed, else the official one."""
        return self.survey.length_m if self.survey else self.road.official_length_m

    @property
    def length_km(self) -> float | None:
        """The same for people."""
        return self.length_m / 1000 if self.length_m else None

    @property
    def condition(self) -> str:
        """The dominant class, or ``unsurveyed``."""
        return self.survey.dominant if self.survey else UNSURVEYED

    @cached_property
    def bar(self) -> list[Share]:
        """Shares by condition, the best first."""
        return condition_shares(self.survey) if self.survey else []


@dataclass
class Total:
    """Roads of one authority, or of all: counted, measured, and how steady."""

    authority: str
    n_roads: int = 0
    n_without_line: int = 0
    length_m: float = 0
    surveyed_m: float = 0
    lengths_m: dict[str, float] = field(default_factory=lambda: dict.fromkeys(CONDITION_FIELDS, 0))

    @property
    def label(self) -> str:
        """The authority in words; empty for all together."""
        return str(Authority(self.authority).label) if self.authority else ""

    @property
    def steadiness_percent(self) -> float | None:
        """Good and fair length out of the length surveyed; None where nothing was."""
        if not self.surveyed_m:
            return None
        steady_m = self.lengths_m[Condition.GOOD] + self.lengths_m[Condition.FAIR]
        return min(100 * steady_m / self.surveyed_m, 100)

    @property
    def length_km(self) -> float:
        """Length for people."""
        return self.length_m / 1000

    @property
    def surveyed_km(self) -> float:
        """Length surveyed, for people."""
        return self.surveyed_m / 1000

    @property
    def unsurveyed_m(self) -> float:
        """Length of roads that no survey has seen."""
        return max(self.length_m - self.surveyed_m, 0)

    def add(self, row: RoadRow) -> None:
        """Count one road in."""
        self.n_roads += 1
        self.n_without_line += row.road.line_length_m is None
        self.length_m += row.length_m or 0
        if row.survey:
            self.surveyed_m += row.survey.length_m
            for condition, name in CONDITION_FIELDS.items():
                self.lengths_m[condition] += getattr(row.survey, name)

    @property
    def bar(self) -> list[Share]:
        """Shares by condition of what was surveyed."""
        return _shares(self.lengths_m, Condition)


@dataclass(frozen=True)
class RoadCard:
    """All that is known of one road."""

    road: Road
    surveys: list[RoadSurvey]
    segments: list[RoadSegment]
    parts: list[RoadPart]
    outline: Outline | None

    @property
    def newest(self) -> RoadSurvey | None:
        """The newest survey."""
        return self.surveys[0] if self.surveys else None

    @property
    def row(self) -> RoadRow:
        """The road as the list shows it."""
        return RoadRow(self.road, self.newest)

    @property
    def surfaces(self) -> list[Share]:
        """Shares by surface in the newest survey."""
        return surface_shares(self.newest) if self.newest else []

    @property
    def villages(self) -> list[tuple[Area, float]]:
        """Villages that the road runs through, with the km inside, the longest first."""
        whole_m = self.row.length_m or 0
        return [(part.area, part.share * whole_m / 1000) for part in self.parts]

    @property
    def years(self) -> list[tuple[RoadSurvey, list[Share]]]:
        """Every survey with its shares by condition, the newest first."""
        return [(survey, condition_shares(survey)) for survey in self.surveys]


def light_roads() -> QuerySet[Road]:
    """Roads of the register without their lines, which are heavy."""
    return Road.objects.current().defer("line").select_related("source")


def find_road(number: str) -> Road:
    """Return the road with this number.

    Raises
    ------
    UnknownRoad
        There is none at present.
    """
    found = light_roads().filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise UnknownRoad(number=number)
    return found


def read_rows() -> list[RoadRow]:
    """Read every road with its newest survey, national roads first; two queries."""
    newest = RoadSurvey.objects.order_by("road_id", "-year").distinct("road_id")
    surveys = {survey.road_id: survey for survey in newest}
    rank = {authority: place for place, authority in enumerate(Authority.values)}
    roads = sorted(light_roads(), key=lambda road: (rank[road.authority], road.number))
    return [RoadRow(road, surveys.get(road.pk)) for road in roads]


def totals_of(rows: Iterable[RoadRow]) -> list[Total]:
    """Sum up by authority, in the order of the law, and all together last."""
    totals = {authority: Total(authority) for authority in Authority.values}
    whole = Total("")
    for row in rows:
        totals[row.road.authority].add(row)
        whole.add(row)
    return [total for total in totals.values() if total.n_roads] + [whole]


def choose(
    rows: Sequence[RoadRow], *, authority: str = "", condition: str = "", text: str = ""
) -> list[RoadRow]:
    """Return the rows that answer to the filters; an empty filter lets all pass."""
    wanted = text.strip().lower()
    return [
        row
        for row in rows
        if authority in {"", row.road.authority}
        and condition in {"", row.condition}
        and (wanted in row.road.name.lower() or wanted in row.road.number.lower())
    ]


def read_card(road: Road) -> RoadCard:
    """Read all about one road; four queries and the outline's."""
    segments = list(RoadSegment.objects.filter(road=road))
    newest_year = max((segment.year for segment in segments), default=None)
    parts = (
        RoadPart.objects.filter(road=road)
        .select_related("area__parent")
        .defer("area__boundary", "area__parent__boundary")
        .order_by("-share", "area__code")
    )
    found = list(parts)
    return RoadCard(
        road=road,
        surveys=list(RoadSurvey.objects.filter(road=road).select_related("source")),
        segments=[segment for segment in segments if segment.year == newest_year],
        parts=found,
        outline=_outline(found),
    )


def _outline(parts: Sequence[RoadPart]) -> Outline | None:
    """Villages of the one district that the road stays in; else the regency's districts."""
    districts = {part.area.parent_id for part in parts}
    if len(districts) == 1 and parts[0].area.parent is not None:
        return outline_of(parts[0].area.parent, Level.VILLAGE)
    return outline_of(regency(), Level.DISTRICT)


def read_row(road: Road) -> RoadRow:
    """Read one road with its newest survey; one query."""
    return RoadRow(road, RoadSurvey.objects.filter(road=road).order_by("-year").first())


def read_line(road: Road) -> list[list[tuple[float, float]]]:
    """Return the pieces of a road's line as lists of (lon, lat); empty without a line."""
    line = Road.objects.filter(pk=road.pk).values_list("line", flat=True).first()
    return [list(piece) for piece in line.coords] if line else []


def condition_shares(survey: RoadSurvey) -> list[Share]:
    """Return the conditions of a survey with their lengths, the best first."""
    lengths = {name: getattr(survey, column) for name, column in CONDITION_FIELDS.items()}
    return _shares(lengths, Condition)


def surface_shares(survey: RoadSurvey) -> list[Share]:
    """Return the surfaces of a survey that occur, with their lengths."""
    lengths = {name: getattr(survey, column) for name, column in SURFACE_FIELDS.items()}
    return [share for share in _shares(lengths, Surface) if share.length_m > 0]


def _shares(lengths: dict[str, float], words: type[Condition] | type[Surface]) -> list[Share]:
    whole = sum(lengths.values()) or 1
    found, start = [], 0.0
    for code, length in lengths.items():
        percent = 100 * length / whole
        found.append(Share(code, str(words(code).label), length, percent, start))
        start += percent
    return found


# --- the map's layer ----------------------------------------------------------


def layer_address() -> str | None:
    """Address of the lines of this installation's roads; None where there are none.

    It changes with its content, so that what it leads to may be kept for ever.
    """
    found = (
        RoadLayer.objects.filter(regency__code=settings.REGENCY_CODE, regency__valid_to=None)
        .values_list("regency__code", "content_hash")
        .first()
    )
    return reverse("road_layer", args=found) if found else None


def find_layer(regency_code: str, content_hash: str) -> RoadLayer:
    """Return the layer that stands under one immutable address.

    Raises
    ------
    UnknownLayer
        There is none, or it has another hash now.
    """
    layers = RoadLayer.objects.filter(regency__code=regency_code, content_hash=content_hash)
    found = layers.first()
    if found is None:
        raise UnknownLayer(code=regency_code, hash=content_hash)
    return found


# --- for machines ---------------------------------------------------------------

COLUMNS = """
    r.number, r.name, r.authority, nullif(r.decree, '') AS decree,
    nullif(r.start_name, '') AS start_name, nullif(r.end_name, '') AS end_name,
    coalesce(s.length_m, r.length_m, r.line_length_m) AS length_m, s.year AS survey_year,
    s.good_m, s.fair_m, s.light_damage_m, s.heavy_damage_m,
    CASE WHEN s.id IS NOT NULL
         THEN round((100 * least((s.good_m + s.fair_m) / s.length_m, 1))::numeric, 2)
    END AS steadiness_percent,
    o.is_demo"""
ROWS = f"""
    SELECT r.number, (SELECT row_to_json(t)::text FROM (SELECT {COLUMNS}) t),
           {{geometry}}
    FROM geo_road r JOIN geo_source o ON o.id = r.source_id
    LEFT JOIN LATERAL (SELECT * FROM geo_roadsurvey y WHERE y.road_id = r.id
                       ORDER BY y.year DESC LIMIT 1) s ON true
    WHERE r.valid_to IS NULL AND (%(authority)s::text IS NULL OR r.authority = %(authority)s)
    ORDER BY r.number"""  # noqa: S608 our own text
GEOMETRY = "coalesce(ST_AsGeoJSON(r.line, 5), 'null')"


def roads_version() -> str:
    """Return a text that changes whenever a road, survey or source does; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) || '-' || sum(hashtext(concat(xmin, ctid))) FROM geo_road),
                   (SELECT count(*) || '-' || sum(hashtext(concat(xmin, ctid)))
                    FROM geo_roadsurvey)
            """
        )
        return f"roads {cursor.fetchone()}"


def roads_json(*, authority: str | None) -> str:
    """Roads with their newest survey as the text of ``{"count", "items"}``, by number."""
    found = _machine_rows("NULL", authority)
    return f'{{"count":{len(found)},"items":[{",".join(row for _n, row, _g in found)}]}}'


def roads_geojson(*, authority: str | None) -> str:
    """The same as a FeatureCollection (EPSG:4326; lon, lat); null where there is no line."""
    features = ",".join(
        f'{{"type":"Feature","id":{json.dumps(number)},"geometry":{geometry},"properties":{row}}}'
        for number, row, geometry in _machine_rows(GEOMETRY, authority)
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'


def _machine_rows(geometry: str, authority: str | None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(geometry=geometry), {"authority": authority})
        return cursor.fetchall()
