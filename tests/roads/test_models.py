import pytest
from django.db import IntegrityError, transaction

from geo.roads.models import RoadSegment
from tests.roads.world import make_road, make_survey


def refused(make, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_a_survey_adds_up_within_ten_metres(kotak):
    road = make_road()
    make_survey(road, 2020, length_m=1990)  # conditions 2,000 m, surfaces 1,990: exactly 10 off
    refused(lambda: make_survey(road, 2021, length_m=1989.9, asphalt_m=1989.9), "conditions_add_up")
    refused(lambda: make_survey(road, 2021, asphalt_m=2010.1), "surfaces_add_up")


def test_a_survey_has_length_and_nothing_negative(kotak):
    road = make_road()
    refused(lambda: make_survey(road, conditions=(0, 0, 0, 0)), "length_is_positive")
    refused(lambda: make_survey(road, conditions=(2100, -100, 0, 0)), "not_negative")
    make_survey(road, 2020)
    refused(lambda: make_survey(road, 2020), "once_a_year")


def test_steadiness_and_the_dominant_class():
    from geo.roads.models import RoadSurvey

    survey = RoadSurvey(
        length_m=2000, good_m=800, fair_m=400, light_damage_m=500, heavy_damage_m=300
    )
    assert survey.steadiness_percent == 60
    assert survey.dominant == "good"
    tied = RoadSurvey(length_m=1000, good_m=500, fair_m=0, light_damage_m=0, heavy_damage_m=500)
    assert tied.dominant == "heavy_damage"


def test_segments_may_touch_but_not_overlap(kotak):
    road = make_road()

    def make(from_m, to_m, year=2024):
        return RoadSegment.objects.create(
            road=road,
            year=year,
            from_m=from_m,
            to_m=to_m,
            surface="asphalt",
            condition="good",
            source=road.source,
        )

    make(0, 500)
    make(500, 900)
    make(400, 600, year=2023)
    refused(lambda: make(899, 950), "do_not_overlap")
    refused(lambda: make(1000, 1000), "runs_forward")


def test_numbers_are_once_and_fit_an_address(kotak):
    make_road("001")
    refused(lambda: make_road("001"), "once_at_present")
    refused(lambda: make_road("a/b"), "fits_an_address")
    refused(lambda: make_road("002", length_m=0), "length_is_positive")
    refused(lambda: make_road("002", authority="camat"), "authority_is_known")


def test_a_published_figure_is_met():
    """Kabupaten Hulu Sungai Selatan, 2025: 392.890 of 732.460 km steady are 53.64 %."""
    from geo.roads.models import RoadSurvey

    survey = RoadSurvey(
        length_m=732_460, good_m=392_890, fair_m=0, light_damage_m=339_570, heavy_damage_m=0
    )
    assert round(survey.steadiness_percent, 2) == 53.64
