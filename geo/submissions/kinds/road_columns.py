"""Columns of a year's road inventory: form DD-1, lengths in kilometres."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from geo.lib.grids import CHOICE, NUMBER, TEXT, WHOLE, Cell, Column
from geo.roads.models import CONDITION_FIELDS, SURFACE_FIELDS, Authority, Road, RoadSurvey

ROAD_NUMBER, NAME, AUTHORITY, LENGTH, SURVEYED, WIDTH, TRAFFIC = (
    "number",
    "name",
    "authority",
    "length_km",
    "surveyed_km",
    "width_m",
    "daily_traffic",
)
LONGEST_KM, WIDEST_M = 500, 99
METRES_DECIMALS = 3
# Columns of lengths by field, in metres: the form is in kilometres.
CLASSES = (*SURFACE_FIELDS.values(), *CONDITION_FIELDS.values())
KM_OF = {field: f"{field.removesuffix('_m')}_km" for field in CLASSES}
SURVEY_COLUMNS = (SURVEYED, WIDTH, TRAFFIC, *KM_OF.values())
SURFACES = {
    "asphalt": (_("asphalt"), ("aspal", "hotmix", "aspal_penetrasi")),
    "concrete": (_("concrete"), ("beton", "rigid")),
    "gravel": (_("gravel"), ("kerikil", "telford")),
    "earth": (_("earth, or not yet passable"), ("tanah", "belum_tembus")),
}
CONDITIONS = {
    "good": (_("good"), ("baik",)),
    "fair": (_("fair"), ("sedang",)),
    "light_damage": (_("lightly damaged"), ("rusak_ringan",)),
    "heavy_damage": (_("heavily damaged"), ("rusak_berat",)),
}


def road_columns() -> list[Column]:
    """The columns of the form, in its order."""
    return [
        *_facts(),
        _km(LENGTH, _("Length by the decree"), "", ("panjang_sk", "panjang_km")),
        _km(SURVEYED, _("Length surveyed"), "", ("panjang", "panjang_survei", "panjang_ruas")),
        Column(
            WIDTH,
            str(_("Width")),
            NUMBER,
            unit="m",
            decimals=1,
            lowest=0,
            highest=WIDEST_M,
            aliases=("lebar", "lebar_m", "lebar_ruas"),
        ),
        *_classes(SURFACES, str(_("Surface"))),
        *_classes(CONDITIONS, str(_("Condition"))),
        Column(
            TRAFFIC,
            str(_("Vehicles a day")),
            WHOLE,
            lowest=0,
            highest=200_000,
            aliases=("lhr", "lhrt"),
        ),
    ]


def _facts() -> list[Column]:
    number_words = ("no_ruas", "nomor_ruas", "kode_ruas", "noruas", "nomor", "no_jalan")
    name_words = ("nama_ruas", "nama_jalan", "namrjl", "nama")
    authorities = tuple((one.value, str(one.label)) for one in Authority)
    return [
        Column(
            ROAD_NUMBER, str(_("Number of the road")), TEXT, required=True, aliases=number_words
        ),
        Column(NAME, str(_("Name")), TEXT, required=True, aliases=name_words),
        Column(
            AUTHORITY,
            str(_("Authority")),
            CHOICE,
            choices=authorities,
            hint=str(_("of a road that is new here")),
            aliases=("kewenangan", "autrjl", "status_jalan"),
        ),
    ]


def _classes(classes: Mapping[str, tuple], group: str) -> list[Column]:
    return [
        _km(KM_OF[f"{code}_m"], label, group, aliases) for code, (label, aliases) in classes.items()
    ]


def _km(code: str, label: object, group: str, aliases: tuple[str, ...]) -> Column:
    return Column(
        code,
        str(label),
        NUMBER,
        group=group,
        unit="km",
        decimals=3,
        lowest=0,
        highest=LONGEST_KM,
        aliases=aliases,
    )


def cells_of_road(road: Road, survey: RoadSurvey | None) -> dict[str, Cell]:
    """A road, and what was found of it, as cells; what is not known is left out."""
    cells: dict[str, Cell] = {
        ROAD_NUMBER: road.number,
        NAME: road.name,
        AUTHORITY: road.authority,
        LENGTH: in_km(road.length_m),
    }
    return {
        code: cell for code, cell in (cells | cells_of_survey(survey)).items() if cell is not None
    }


def cells_of_survey(survey: RoadSurvey | None) -> dict[str, Cell]:
    """What one year's survey found, as cells."""
    if survey is None:
        return {}
    cells: dict[str, Cell] = {
        SURVEYED: in_km(survey.length_m),
        WIDTH: survey.width_m,
        TRAFFIC: survey.daily_traffic,
    }
    cells |= {column: in_km(getattr(survey, field)) for field, column in KM_OF.items()}
    return {code: cell for code, cell in cells.items() if cell is not None}


def in_km(length_m: float | None) -> float | None:
    """Metres as kilometres, to the millimetre."""
    return None if length_m is None else round(length_m / 1000, 6)


def in_metres(length_km: float) -> float:
    """Kilometres as metres, to the millimetre."""
    return round(length_km * 1000, METRES_DECIMALS)
