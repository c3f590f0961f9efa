"""What the interface takes and gives, for the checks of parameters and for OpenAPI."""

import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from pydantic import BeforeValidator

LevelWord = Literal["regency", "district", "village"]
SchemeWord = Literal["quantile", "natural", "equal", "manual"]
StatusWord = Literal[
    "verified",
    "unverified",
    "estimated",
    "suppressed",
    "missing",
    "not_assessed",
    "unreachable",
]
AuthorityWord = Literal["nasional", "provinsi", "kabupaten", "desa"]
BoundaryWord = Literal["definitive", "indicative", "disputed"]


def _blank_is_absent(found):
    """A form sends its empty fields too; PostgreSQL has no NUL in text."""
    return found.replace("\x00", "\ufffd").strip() or None if isinstance(found, str) else found


Blank = BeforeValidator(_blank_is_absent)
LEVEL = Field(None, description="Level of the areas.", json_schema_extra={"example": "village"})
PARENT = Field(None, description="Code of any area above; by default the regency.")


class AreaFilter(Schema):
    level: Annotated[LevelWord | None, Blank] = LEVEL
    parent: Annotated[str | None, Blank] = PARENT


class PlaceFilter(Schema):
    kind: Annotated[str | None, Blank] = Field(
        None,
        description="Code of a kind of places; by default all.",
        json_schema_extra={"example": "puskesmas"},
    )
    area: Annotated[str | None, Blank] = Field(
        None, description="Code of the area that holds them; by default the regency."
    )


class OpportunityFilter(Schema):
    area: Annotated[str | None, Blank] = Field(
        None, description="Code of the area that holds them; by default the regency."
    )


class RoadFilter(Schema):
    authority: Annotated[AuthorityWord | None, Blank] = Field(
        None,
        description="Who answers for the road; by default all.",
        json_schema_extra={"example": "kabupaten"},
    )


class LedgerFilter(Schema):
    area: Annotated[str | None, Blank] = Field(
        None, description="Code of a village or of any area above; by default the regency."
    )
    year: Annotated[str | None, Blank] = Field(
        None, description="By default all.", json_schema_extra={"example": "2024"}
    )


class SearchFilter(Schema):
    q: Annotated[str, Blank] = Field(
        description="A part of a name, a former name, or of a code.", max_length=100
    )


class FigureFilter(Schema):
    indicator: Annotated[str, Blank] = Field(description="Code of an indicator.")
    period: Annotated[str | None, Blank] = Field(
        None,
        description="2024, 2024-Q1 or 2024-03; by default the latest with figures.",
        json_schema_extra={"example": "2024"},
    )
    level: Annotated[LevelWord | None, Blank] = Field(
        None, description="Level of the areas; by default the lowest that the indicator has."
    )
    parent: Annotated[str | None, Blank] = PARENT
    classification: Annotated[SchemeWord | None, Blank] = Field(
        None, description="How the breaks are drawn; by default as the indicator declares."
    )
    per: Annotated[datetime.date | None, Blank] = Field(
        None,
        description="A day: figures as they were published at its end. By default as of now.",
        json_schema_extra={"example": "2026-11-22"},
    )


class SectorFilter(Schema):
    level: Annotated[LevelWord | None, Blank] = Field(
        None,
        description="Level of the areas; by default village.",
        json_schema_extra={"example": "district"},
    )


class AreaOut(Schema):
    code: str = Field(description="Code of the Ministry of Home Affairs, with dots.")
    name: str
    kind: str = Field(description="kabupaten, kota, kecamatan, desa or kelurahan.")
    level: LevelWord
    parent: str | None = Field(description="Code of the area right above.")
    bps_code: str | None = Field(description="Code of Statistics Indonesia.")
    boundary_status: BoundaryWord | None = Field(
        description="Null where the area has no boundary yet."
    )
    area_km2: float | None = Field(description="Surface on the ellipsoid, in km².")


class AreasOut(Schema):
    count: int
    items: list[AreaOut]


class PlaceOut(Schema):
    id: int
    kind: str = Field(description="Code of the kind.")
    name: str
    identifier_type: str | None = Field(description="Whose number it has, such as npsn.")
    identifier: str | None = Field(description="Its number, as text.")
    village: str = Field(description="Code of the village.")
    village_name: str
    district_name: str
    precision: Literal["exact", "approximate", "village_only"]
    lon: float | None = Field(description="Null where only the village is known.")
    lat: float | None
    attributes: dict = Field(description="What the kind declares, as far as it is known.")
    source: str
    is_demo: bool = Field(description="Made up for demonstration.")


class PlacesOut(Schema):
    count: int
    items: list[PlaceOut]


class OpportunityOut(Schema):
    code: str = Field(json_schema_extra={"example": "PI-2026-001"})
    title_id: str
    title_en: str | None
    business: str = Field(description="Line of business, such as fisheries.")
    kbli: str = Field(description="KBLI 2020, five digits.")
    section: str | None = Field(description="Its letter, A to U.")
    area: str = Field(description="Code of the village or district.")
    lon: float | None
    lat: float | None
    position: Literal["place", "area"] | None = Field(
        description="What lon and lat are: the place itself, or a point inside the area."
    )
    land_status: str
    land_ha: float | None
    zoning: Literal["protected", "cultivation", "holding", "unstated"]
    zoning_source: str | None
    value_rupiah: int | None
    npv_rupiah: int | None
    irr_percent: float | None
    payback_years: float | None
    stage: str
    status_on: str = Field(description="The day for which the stage holds.")
    valid_until: str | None
    status: str = Field(description="Whether it is verified.")
    source: str
    is_demo: bool = Field(description="Made up for demonstration.")


class OpportunitiesOut(Schema):
    count: int
    items: list[OpportunityOut]


class FoundAreaOut(Schema):
    code: str
    name: str
    kind: str
    level: LevelWord
    district: str | None = Field(description="Name of the district; null above villages.")


class FoundAreasOut(Schema):
    count: int
    items: list[FoundAreaOut]


class RoadOut(Schema):
    number: str
    name: str
    authority: AuthorityWord
    decree: str | None
    start_name: str | None
    end_name: str | None
    length_m: float | None = Field(description="Surveyed, else stated, else measured.")
    survey_year: int | None = Field(description="Year of the newest survey.")
    good_m: float | None
    fair_m: float | None
    light_damage_m: float | None
    heavy_damage_m: float | None
    steadiness_percent: float | None = Field(description="Good and fair out of the length.")
    is_demo: bool = Field(description="Made up for demonstration.")


class RoadsOut(Schema):
    count: int
    items: list[RoadOut]


class IndicatorOut(Schema):
    code: str
    sector: str = Field(description="Code of the sector.")
    name: str = Field(description="Name in Indonesian.")
    name_en: str
    definition: str = Field(description="Definition in Indonesian.")
    definition_en: str
    unit: str = Field(description="Code of the unit.")
    unit_name: str = Field(description="Name of the unit in Indonesian.")
    unit_name_en: str
    decimals: int = Field(description="Decimals to show.")
    frequency: Literal["year", "quarter", "month"]
    level: LevelWord = Field(description="Lowest level with figures.")
    roll_up: Literal["sum", "ratio", "weighted_mean", "max", "none"]
    direction: str
    classification: SchemeWord
    sensitive: bool = Field(description="Small counts of persons are withheld.")
    periods: list[str] = Field(description="Periods with figures, oldest first.")


class IndicatorsOut(Schema):
    count: int
    items: list[IndicatorOut]


class LedgerMonthOut(Schema):
    """closing = opening + births + arrivals − deaths − departures − missing, for each sex."""

    code: str
    name: str
    period: str
    opening_male: int
    opening_female: int
    births_male: int
    births_female: int
    deaths_male: int
    deaths_female: int
    arrivals_male: int
    arrivals_female: int
    departures_male: int
    departures_female: int
    missing_male: int
    missing_female: int
    closing_male: int
    closing_female: int
    arrivals_within_male: int | None
    arrivals_within_female: int | None
    departures_within_male: int | None
    departures_within_female: int | None
    opening_households: int | None
    closing_households: int | None
    revision: int = Field(description="More than 1: the month was corrected.")
    recomputed_from: str = Field(
        description="The corrected month that moved its opening, or empty."
    )
    source: str
    is_demo: bool = Field(description="Made up for demonstration.")


class LedgerOut(Schema):
    count: int
    items: list[LedgerMonthOut]


class CoverageOut(Schema):
    reported: int = Field(description="Villages, or lowest areas, that have a figure.")
    expected: int


class SourceOut(Schema):
    title: str
    publisher: str
    licence: str
    address: str
    is_demo: bool = Field(description="Made up for demonstration.")


class ValuesOut(Schema):
    """Figures as parallel lists: the first of each belongs to the first code."""

    indicator: str
    period: str
    unit: str
    level: LevelWord
    parent: str
    classification: SchemeWord | None
    codes: list[str]
    values: list[float | None] = Field(description="Null with its status where there is none.")
    statuses: list[StatusWord]
    reported: list[int] = Field(description="Lowest areas with a figure, of each area.")
    expected: list[int]
    breaks: list[float] = Field(description="Edges of the classes: one more than classes.")
    coverage: CoverageOut
    sources: list[SourceOut]


class FeatureCollectionOut(Schema):
    """GeoJSON (RFC 7946): lon, lat in WGS 84 with five decimals, about one metre."""

    type: Literal["FeatureCollection"]
    features: list[dict] = Field(
        description="One for each area; its geometry is null where it has no boundary."
    )


class ErrorOut(Schema):
    detail: str = Field(description="What was found, what is allowed, what to do.")


def _answer(description: str, media_type: str, schema: dict) -> dict:
    content = {media_type: {"schema": schema}}
    return {"responses": {200: {"description": description, "content": content}}}


TABLE_ANSWER = _answer("A table; rows by code.", "text/csv", {"type": "string"})
GEOJSON_ANSWER = _answer(
    "A FeatureCollection.", "application/geo+json", FeatureCollectionOut.model_json_schema()
)


def file_answer(media_type: str) -> dict:
    """The answer of an address that gives a file."""
    return _answer("A file.", media_type, {"type": "string", "format": "binary"})


FILE_NOTE = _(
    "Made once for each state of the data, then kept. What is in it is said in the file itself or "
    "under the address in the header Link (rel=describedby)."
)
FILE_SUMMARIES = {
    "xlsx": _("The same figures as a workbook, with their description"),
    "gpkg": _("The same figures with the boundaries, as GeoPackage"),
    "meta.json": _("What has to be known of these figures"),
}
SECTOR_SUMMARIES = {
    "xlsx": _("All figures of a sector as a workbook"),
    "csv": _("All figures of a sector as CSV, zipped with a description"),
    "geojson": _("All figures of a sector with the boundaries, as GeoJSON"),
    "gpkg": _("All figures of a sector as GeoPackage"),
    "meta.json": _("What has to be known of the figures of a sector"),
}
