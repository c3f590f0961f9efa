"""Older workbooks: taken where only names or the order of columns have changed, else refused."""

from __future__ import annotations

from collections.abc import Sequence

from geo.lib.grids import Column
from geo.lib.workbooks.contract import Asked, SheetFault, Subject
from geo.lib.workbooks.stamps import Template


def compare_subject(subject: Subject, asked: Asked) -> list[SheetFault]:
    """Faults where a workbook is about something else than the form that it is sent to."""
    wanted = asked.subject
    pairs = (
        ("other_dataset", subject.dataset, wanted.dataset),
        ("other_period", subject.period, wanted.period),
        ("other_area", subject.area, wanted.area),
    )
    return [
        SheetFault(code, found=found, facts={"expected": expected})
        for code, found, expected in pairs
        if found != expected
    ]


def compare_template(template: Template, columns: Sequence[Column]) -> list[SheetFault]:
    """Faults where a column has been given another meaning since, or is not asked for any more.

    A column that has another code now is found by its former code among the aliases of the
    new one (declare it there). One that was only added is told by whoever checks the grid.
    """
    by_code = {column.code: column for column in columns}
    by_code |= {alias: column for column in columns for alias in column.aliases}
    faults = []
    for code, kind, unit, label in template.columns:
        now = by_code.get(code)
        if now is None:
            faults.append(SheetFault("column_gone", column=code, found=label))
        elif (kind, unit) != (now.type, now.unit):
            facts = {
                "was": f"{kind}, {unit}" if unit else kind,
                "now": f"{now.type}, {now.unit}" if now.unit else now.type,
            }
            faults.append(SheetFault("column_changed", column=now.code, found=label, facts=facts))
    return faults
