"""Indicators and observations of Kabupaten Kotak, by hand."""

import datetime

from geo.indicators.models import Indicator, Observation, Sector, Source

EARLY = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


def make_source(**changed) -> Source:
    return Source.objects.create(
        **{"title": "Uji", "publisher": "Uji", "licence": "MIT", "entered_by": "test"} | changed
    )


def make_indicator(code: str, **changed) -> Indicator:
    sector, _ = Sector.objects.get_or_create(
        code="test", defaults={"name_id": "Uji", "name_en": "Test"}
    )
    declared = {
        "name_id": code,
        "name_en": code,
        "definition_id": "Uji.",
        "definition_en": "Test.",
        "unit": "person",
        "frequency": "year",
        "level": "village",
        "roll_up": "sum",
        "direction": "neutral",
        "scheme": "quantile",
        "palette": "teal",
    }
    return Indicator.objects.create(sector=sector, code=code, **declared | changed)


def observe(indicator, period: str, values: dict, *, source=None, status="verified", **changed):
    """Values by the last two parts of the code: ``{"01.2001": 5}``; None is missing."""
    from geo.areas.models import Area

    source = source or make_source()
    areas = {a.code: a for a in Area.objects.current()}
    return [
        Observation.objects.create(
            area=areas[f"99.01.{short}"],
            indicator=indicator,
            period=period,
            value=value,
            status=status,
            source=source,
            **{"recorded_at": EARLY} | changed,
        )
        for short, value in values.items()
    ]
