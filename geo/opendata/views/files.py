"""Figures as files, each with a description of what is in it."""

from django.http import FileResponse
from ninja import Query

from geo.areas.models import Level
from geo.opendata import forms, queries
from geo.opendata.queries.sectors import find_sector, sector_figures
from geo.opendata.services import Download, open_file
from geo.opendata.views import SHAPE, WRONG, unless_unchanged, with_description

FILE_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "csv": "application/zip",
    "meta.json": "application/json",
}
PACKED = {"xlsx", "gpkg", "csv"}


def _file(request, kind, download, name):
    seen = f"{SHAPE} {queries.everything_version()} {request.path} {sorted(download.asked.items())}"
    page = open_file(kind=kind, key=seen, download=download)
    ending = "zip" if kind == "csv" else kind
    response = FileResponse(
        page,
        as_attachment=kind != "meta.json",
        filename=f"{name}.{ending}",
        content_type=FILE_TYPES[kind],
    )
    if kind in PACKED:
        # It is compressed already: doing it again would only hide its length.
        response["Content-Encoding"] = "identity"
    return with_description(request, response)


def _values_file(kind):
    @unless_unchanged(queries.everything_version)
    def answer(request, asked: Query[forms.FigureFilter]):
        figures = queries.asked_figures(**asked.dict())
        one = figures.indicator
        download = Download(
            [figures],
            parent=figures.parent,
            level=figures.level,
            title={"id": one.name_id, "en": one.name_en},
            asked=asked.dict() | {"period": figures.period, "level": figures.level},
        )
        return _file(request, kind, download, queries.file_name(figures, "")[:-1])

    return answer


def _sector_file(kind):
    @unless_unchanged(queries.everything_version)
    def answer(request, code: str, asked: Query[forms.SectorFilter]):
        sector, parent = find_sector(code.replace("\x00", "")), queries.regency()
        level = asked.level or Level.VILLAGE
        download = Download(
            sector_figures(sector, level=level, parent=parent),
            parent=parent,
            level=level,
            title={"id": sector.name_id, "en": sector.name_en},
            asked={"sector": sector.code, "level": level, "parent": parent.code},
        )
        return _file(request, kind, download, f"{sector.code}_{level}")

    return answer


def register(api):
    """Give every kind of file its address, before the addresses are listed."""
    answers = {200: None, 503: forms.ErrorOut, **WRONG}
    for kind, media_type in FILE_TYPES.items():
        name = kind.partition(".")[0]
        shared = {
            "response": answers,
            "openapi_extra": forms.file_answer(media_type),
            "description": forms.FILE_NOTE,
        }
        if kind in forms.FILE_SUMMARIES:
            api.get(
                f"/values.{kind}",
                operation_id=f"values_{name}_file",
                url_name=f"values_{name}",
                summary=forms.FILE_SUMMARIES[kind],
                **shared,
            )(_values_file(kind))
        api.get(
            f"/sectors/{{code}}.{kind}",
            operation_id=f"sector_{name}_file",
            url_name=f"sector_{name}",
            summary=forms.SECTOR_SUMMARIES[kind],
            **shared,
        )(_sector_file(kind))
