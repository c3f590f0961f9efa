"""Which faults of reading concern the sender of a workbook."""

from __future__ import annotations

from geo.lib.uploads.contract import ReadFault, Reading, column_letters
from geo.lib.workbooks.contract import Recognised

# What our own workbooks hold on purpose is not told to those who send them back.
ON_PURPOSE = {"merged_cells", "formulas", "hidden_sheet", "hidden_rows"}
# A cell beside the form, such as one that only works something out, is nobody's concern.
OF_CELLS = {"formula_without_value", "cell_error", "cell_broken", "cell_too_long"}


def faults_to_tell(reading: Reading, recognised: Recognised) -> list[ReadFault]:
    """Faults of a file without those that our own layout causes, or that lie beside the form.

    Parameters
    ----------
    recognised
        What was made of this reading; without a grid every fault is told.
    """
    if recognised.grid is None:
        return reading.faults
    only = reading.sheets[0].name if len(reading.sheets) == 1 else ""
    read = {
        (place.sheet, place.line, column_letters(place.column))
        for place in recognised.places.values()
    }
    # Headings of any table may be merged.
    ours = ON_PURPOSE if recognised.is_own else {"merged_cells"}
    return [
        fault
        for fault in reading.faults
        if fault.code not in ours
        and (
            fault.code not in OF_CELLS
            or (fault.sheet or only, fault.row or 0, fault.column) in read
        )
    ]
