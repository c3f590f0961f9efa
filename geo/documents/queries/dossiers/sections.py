"""Figures of a dossier by sector, written out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from geo.areas.models import Area
from geo.documents.queries.dossiers.figures import Cell, Line
from geo.indicators.models import Indicator, Status
from geo.investment.queries import presets
from geo.templatetags import geo as wording

N_HIGHLIGHTS = 6


def figure_sections(
    lines: Sequence[Line], areas: Sequence[Area], numbers: Mapping[int, int]
) -> list[dict[str, Any]]:
    """The lines by sector, in the order of the sectors.

    Parameters
    ----------
    numbers
        The number of each source, by id, as the list of sources has it.
    """
    is_one_level = len({area.level for area in areas}) == 1
    return [
        {
            "name": sector.name,
            "rows": [_row(line, areas, numbers, is_one_level=is_one_level) for line in found],
        }
        for sector, found in groupby(lines, key=lambda line: line.indicator.sector)
    ]


def highlights(lines: Sequence[Line]) -> list[dict[str, str]]:
    """What the cover shows of the first area: known figures that typical needs weigh most."""
    total: Counter[str] = Counter()
    for preset in presets():
        total.update(preset.weights)
    known = [line for line in lines if line.cells[0].figure.value is not None]
    weightiest = sorted((line.indicator.code for line in known), key=lambda code: -total[code])
    shown = set(weightiest[:N_HIGHLIGHTS])
    return [
        {
            "name": line.indicator.name,
            "value": wording.with_unit(line.cells[0].figure, line.indicator),
            "note": _highlight_note(line),
        }
        for line in known
        if line.indicator.code in shown
    ]


def _highlight_note(line: Line) -> str:
    cell = line.cells[0]
    said = [wording.period(line.period), wording.status_name(cell.figure), cell.coverage]
    return " · ".join(part for part in said if part)


def _row(
    line: Line, areas: Sequence[Area], numbers: Mapping[int, int], *, is_one_level: bool
) -> dict[str, Any]:
    one = line.indicator
    # A district's total holds those of its villages: they share no scale.
    longest = _longest(line) if is_one_level or not one.is_count else 0
    return {
        "code": one.code,
        "name": one.name,
        "unit": wording.unit_name(one),
        "symbol": wording.unit(one),
        "period": wording.period(line.period),
        "period_code": line.period,
        "sources": [str(numbers[pk]) for pk in sorted(line.source_ids) if pk in numbers],
        "caveat": one.caveat,
        "cells": [
            _cell(cell, area, one, longest) for cell, area in zip(line.cells, areas, strict=True)
        ],
    }


def _longest(line: Line) -> float:
    return max((abs(c.comparable) for c in line.cells if c.comparable is not None), default=0)


def _cell(cell: Cell, area: Area, indicator: Indicator, longest: float) -> dict[str, Any]:
    figure = cell.figure
    is_known = figure.value is not None
    return {
        "area": area.code,
        "text": wording.value_of(figure, indicator),
        "value": figure.value,
        "is_known": is_known,
        "status": figure.status,
        "status_words": wording.status_name(figure),
        "is_verified": figure.status == Status.VERIFIED,
        "coverage": cell.coverage,
        "rank": f"{cell.standing.rank}/{cell.standing.n_ranked}" if cell.standing.rank else "",
        "bar": _bar(cell.comparable, longest),
    }


def _bar(value: float | None, longest: float) -> int:
    """Its length in per cent of the longest of the line."""
    return round(100 * abs(value) / longest) if longest and value is not None else 0
