"""The workbook of every declared data set, sent back as it was downloaded, has no faults."""

import pytest
from django.utils import translation

from geo.indicators.models import Dataset, Indicator
from geo.indicators.services import load_sectors
from geo.lib.tables import ERROR
from geo.lib.uploads.reading import read_upload
from geo.lib.workbooks.recognising import recognise
from geo.submissions.batch.reading import OURS_ON_PURPOSE
from geo.submissions.kinds.inspecting import inspect_grid
from geo.submissions.queries.forms import Form
from geo.submissions.rules.sheet_sentences import of_sheet_fault
from geo.submissions.services.workbooks import asked_of, make_workbook
from tests.indicators.world import make_source, observe

PERIODS = {"year": "2025", "quarter": "2025-Q1", "month": "2025-03"}


@pytest.fixture
def declared(kotak, settings):
    settings.REGENCY_CODE = "99.01"
    load_sectors(folder=settings.DATA_DIR / "sectors")
    source = make_source()
    village = kotak.villages[0].code.removeprefix("99.01.")
    for one in Indicator.objects.filter(level="village").exclude(roll_up="ratio"):
        low = 1 if one.valid_min is None else max(one.valid_min, 1)
        value = low if one.valid_max is None else min(low, one.valid_max)
        observe(one, PERIODS[one.frequency], {village: value}, source=source)
    return list(Dataset.objects.order_by("code"))


def forms(dataset, kotak):
    period = PERIODS[dataset.frequency]
    areas = [kotak.regency]
    if dataset.reporter == Dataset.Reporter.VILLAGE:
        areas += [kotak.districts[0], kotak.villages[0]]
    return [Form(dataset, period, area) for area in areas]


def problems(form, path) -> list[str]:
    path.write_bytes(make_workbook(form=form))
    reading = read_upload(path, kind="table")
    found = [fault.code for fault in reading.faults if fault.code not in OURS_ON_PURPOSE]
    recognised = recognise(reading.sheets, asked_of(form))
    asked = asked_of(form)
    # Of a list in which nothing stands yet, every row is blank.
    faults = [one for one in recognised.faults if asked.rows or one.code != "no_rows"]
    told = [of_sheet_fault(fault, asked.columns) for fault in faults]
    if recognised.grid is None or not recognised.is_own:
        return [*found, *(one.message for one in told), "not recognised as ours"]
    told += [one for one in inspect_grid(form, recognised.grid) if one.rule != "empty"]
    # Of the formulas beside the cells none is read.
    found = [code for code in found if code != "formula_without_value"]
    return found + [one.message for one in told if one.severity == ERROR]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_declared_data_set_s_own_workbook_is_read_back(declared, kotak, tmp_path, language):
    assert len(declared) > 8
    with translation.override(language):
        found = {
            (form.dataset.code, form.area.code): problems(form, tmp_path / "isian.xlsx")
            for dataset in declared
            for form in forms(dataset, kotak)
        }
    assert {key: told for key, told in found.items() if told} == {}
