"""Kabupaten Kotak for an investor: figures of one district, to be ranked on paper.

Points (min–max, among the four villages that have figures):

    village     workers  points   minutes  points (less is better)   power
    01.2001         100    0           10    1                          80
    01.2002         300    1           50    0                          60
    01.2003         200    0.5         30    0.5                         –
    01.2004         100    0           20    0.75                      100

With weights 3 (workers) and 1 (minutes) the scores are 25, 75, 50 and 18.75 of 100.
"""

from tests.indicators.world import make_indicator, make_source, observe

WORKERS = {"01.2001": 100, "01.2002": 300, "01.2003": 200, "01.2004": 100}
MINUTES = {"01.2001": 10, "01.2002": 50, "01.2003": 30, "01.2004": 20}
POWER = {"01.2001": 80, "01.2002": 60, "01.2004": 100}
SCORES = {"01.2002": 75, "01.2003": 50, "01.2001": 25, "01.2004": 18.75}


def make_criteria() -> dict:
    higher, lower = {"direction": "higher"}, {"direction": "lower"}
    hint = {"id": "Orang yang bekerja.", "en": "People who work."}
    workers = make_indicator(
        "workers", name_id="Pekerja", name_en="Workers", investor={**higher, "hint": hint}
    )
    minutes = make_indicator(
        "minutes",
        name_id="Menit ke pelabuhan",
        name_en="Minutes to the port",
        roll_up="weighted_mean",
        weight=workers,
        investor=lower,
    )
    power = make_indicator(
        "power", name_id="Listrik", name_en="Power", roll_up="none", investor=higher
    )
    ghosts = make_indicator("ghosts", name_id="Hantu", name_en="Ghosts", investor=higher)
    make_indicator("births", name_id="Kelahiran", name_en="Births")
    source = make_source(title="Sensus Kotak", publisher="Kantor Kotak")
    observe(workers, "2023", {"01.2001": 5}, source=source)
    observe(workers, "2024", WORKERS, source=source)
    observe(minutes, "2024", MINUTES, source=source, status="unverified")
    observe(power, "2024", POWER, source=source)
    return {"workers": workers, "minutes": minutes, "power": power, "ghosts": ghosts}
