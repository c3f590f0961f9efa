"""Values far from those of the neighbours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import median

# Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993), propose 3.5; twice
# as far tells slips of the pen from villages that merely differ.
FARTHEST = 6.0
FEWEST = 8
CONSISTENCY = 0.6745


def far_from_others(values: Mapping[str, float], *, is_count: bool) -> dict[str, float]:
    """Values with a modified z-score beyond ``FARTHEST``, and the median of all.

    Parameters
    ----------
    values
        By area, in the indicator's unit; fewer than ``FEWEST`` say nothing.
    is_count
        Counts grow with the size of a village, so their logarithms are compared.

    Returns
    -------
    dict
        By area, the median that the value is far from. Empty where at least half of
        all values are equal: then nothing tells what is usual.
    """
    if len(values) < FEWEST:
        return {}
    scaled = {
        key: math.log1p(max(value, 0)) if is_count else value for key, value in values.items()
    }
    middle = median(scaled.values())
    spread = median(abs(value - middle) for value in scaled.values())
    if not spread:
        return {}
    usual = median(values.values())
    return {
        key: usual
        for key, value in scaled.items()
        if CONSISTENCY * abs(value - middle) / spread > FARTHEST
    }
