"""The columns of the catalogue of opportunities, in the order of its form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from geo.lib.grids import CHOICE, DATE, LAT, LON, NUMBER, TEXT, WHOLE, Column
from geo.opportunities.models import Business, LandStatus, Opportunity, Stage, Zoning

GREATEST_RUPIAH = 9e14
TEXTS = (
    "title_id", "title_en", "summary_id", "summary_en", "zoning_source", "contact_office",
    "contact_name", "contact_phone", "contact_email", "document_name", "document_url",
)  # fmt: skip
# How many characters each text may have: those of its place in the database.
LENGTHS: dict[str, int] = {
    field.name: field.max_length or 0
    for field in Opportunity._meta.concrete_fields
    if field.name in TEXTS
}

WHAT, WHERE, LAND, MONEY, STATUS, CONTACT = (
    _("Opportunity"),
    _("Place"),
    _("Land and zoning"),
    _("Figures of the study"),
    _("Progress"),
    _("Contact and document"),
)
# Group, code, label, type and the rest of each column.
DECLARED: tuple[tuple[Any, ...], ...] = (
    (WHAT, "title_id", _("title (Indonesian)"), TEXT, {"required": True}),
    (WHAT, "title_en", _("title (English)"), TEXT, {}),
    (WHAT, "summary_id", _("summary (Indonesian)"), TEXT, {}),
    (WHAT, "summary_en", _("summary (English)"), TEXT, {}),
    (WHAT, "business", _("line of business"), CHOICE, {"required": True, "of": Business}),
    (WHAT, "kbli", _("KBLI 2020 code"), TEXT, {"required": True, "hint": _("five digits")}),
    (WHERE, "area", _("village or district"), TEXT,
     {"required": True, "hint": _("its code, or its name")}),
    (WHERE, "lon", _("longitude"), LON, {"lowest": 90, "highest": 145, "unit": "°", "decimals": 6}),
    (WHERE, "lat", _("latitude"), LAT, {"lowest": -15, "highest": 10, "unit": "°", "decimals": 6}),
    (LAND, "land_status", _("land status"), CHOICE, {"of": LandStatus}),
    (LAND, "land_ha", _("land size"), NUMBER,
     {"lowest": 0, "highest": 500_000, "unit": "ha", "decimals": 2}),
    (LAND, "zoning", _("zoning (RTRW)"), CHOICE, {"of": Zoning}),
    (LAND, "zoning_source", _("source of the zoning"), TEXT,
     {"hint": _("the regulation or letter that says so")}),
    (LAND, "zoning_on", _("date of the zoning"), DATE, {}),
    (MONEY, "value_rupiah", _("investment value"), WHOLE,
     {"lowest": 0, "highest": GREATEST_RUPIAH, "unit": "Rp"}),
    (MONEY, "npv_rupiah", _("net present value (NPV)"), WHOLE,
     {"lowest": -GREATEST_RUPIAH, "highest": GREATEST_RUPIAH, "unit": "Rp"}),
    (MONEY, "irr_percent", _("internal rate of return (IRR)"), NUMBER,
     {"lowest": -100, "highest": 200, "unit": "%", "decimals": 2}),
    (MONEY, "payback_years", _("payback period"), NUMBER,
     {"lowest": 0, "highest": 100, "unit": _("years"), "decimals": 1}),
    (STATUS, "stage", _("stage"), CHOICE, {"required": True, "of": Stage}),
    (STATUS, "status_on", _("day of this status"), DATE, {"required": True}),
    (STATUS, "valid_until", _("valid until"), DATE, {}),
    (CONTACT, "contact_office", _("contact office"), TEXT, {"required": True}),
    (CONTACT, "contact_name", _("contact name"), TEXT, {}),
    (CONTACT, "contact_phone", _("contact telephone"), TEXT,
     {"hint": _("of the office, not of a person")}),
    (CONTACT, "contact_email", _("contact e-mail"), TEXT, {}),
    (CONTACT, "document_name", _("title of the document"), TEXT, {}),
    (CONTACT, "document_url", _("address of the document"), TEXT, {}),
)  # fmt: skip

# What sheets of offices call them, beside our own labels; each word names one column only.
CALLED: dict[str, tuple[str, ...]] = {
    "title_id": ("judul", "judul peluang", "nama peluang", "nama proyek", "proyek"),
    "title_en": ("title", "judul inggris", "judul bahasa inggris", "english title"),
    "summary_id": ("ringkasan", "uraian", "deskripsi", "keterangan"),
    "summary_en": ("summary", "ringkasan inggris", "description"),
    "business": ("bidang", "sektor", "sektor usaha", "sector"),
    "kbli": ("kbli", "kode kbli", "kbli 2020"),
    "area": ("desa", "desa kelurahan", "kelurahan", "desa atau kelurahan", "lokasi", "village"),
    "lon": ("bujur", "bujur timur", "longitude", "long", "x"),
    "lat": ("lintang", "lintang selatan", "latitude", "y"),
    "land_status": ("status tanah", "kepemilikan lahan"),
    "land_ha": ("luas", "luas ha", "luas tanah", "luas lahan ha"),
    "zoning": ("zonasi", "rtrw", "zonasi rtrw", "peruntukan ruang", "zoning"),
    "zoning_source": ("sumber zonasi", "dasar zonasi", "sumber rtrw"),
    "zoning_on": ("tanggal zonasi", "tanggal rtrw"),
    "value_rupiah": ("investasi", "nilai", "nilai investasi rp", "nilai rp", "value"),
    "npv_rupiah": ("npv", "npv rp", "nilai kini bersih"),
    "irr_percent": ("irr", "irr persen"),
    "payback_years": ("payback", "payback period", "balik modal", "pengembalian modal"),
    "stage": ("tahap", "tahapan", "kesiapan"),
    "status_on": ("status per", "per tanggal", "tanggal status", "tanggal"),
    "valid_until": ("berlaku hingga", "masa berlaku"),
    "contact_office": ("kantor", "dinas", "instansi", "opd", "perangkat daerah", "kontak"),
    "contact_name": ("narahubung", "nama narahubung"),
    "contact_phone": ("telepon", "telp", "no telepon", "nomor telepon", "phone"),
    "contact_email": ("surel", "email", "e mail"),
    "document_name": ("dokumen", "nama dokumen"),
    "document_url": ("tautan", "tautan dokumen", "link", "link dokumen", "url"),
}


def opportunity_columns() -> list[Column]:
    """The columns, with labels in the language of the page."""
    return [_column(str(group), code, str(label), *rest) for group, code, label, *rest in DECLARED]


def _column(group: str, code: str, label: str, kind: str, rest: dict) -> Column:
    given = {key: value for key, value in rest.items() if key not in ("of", "hint", "unit")}
    choices = (
        tuple((value, str(name)) for value, name in rest["of"].choices) if "of" in rest else ()
    )
    return Column(
        code,
        label,
        kind,
        group=group,
        unit=str(rest.get("unit", "")),
        hint=str(rest.get("hint", "")),
        choices=choices,
        aliases=(code, label, *CALLED[code]),
        **given,
    )
